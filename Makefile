# Everything that is done with this checkout; `make help` lists it.

PORT ?= 8000
RECIPE ?= compact
DATA ?= data/raw
PREPARED ?= data/processed
SECONDS ?= 600
ARGS ?=
POSTS ?=
PYTHONS = python3.11 python3.12 python3
SUITABLE = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))
PYTHON ?= $(shell for p in $(PYTHONS); do \
	"$$p" -c '$(SUITABLE)' 2>/dev/null && echo "$$p" && break; done)

SERVING = .venv
DEV = .venv-dev

# A changed dependency gets a new environment: what was dropped must not linger.
define install
	@"$(PYTHON)" -c '$(SUITABLE)' 2>/dev/null || { \
		echo "Python 3.11 or 3.12 is needed, '$(PYTHON)' is not: see make help." >&2; \
		exit 1; }
	@echo "Installing $(2) into $(1) (once, and when dependencies change) ..."
	@"$(PYTHON)" -m venv --clear $(1)
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check \
		--editable ".[$(2)]" --constraint constraints.txt
	@touch $@
endef

.PHONY: help serve test lint format prepare audit train mlflow bench bench-data bench-text bench-train bench-export bench-bundle bench-peers bench-review fuzz constraints clean

help: ## List these targets
	@echo "make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile
	@echo "PYTHON=/path/to/python3.11 chooses the Python; 3.11 and 3.12 will do."

serve: $(SERVING)/.installed ## Start the service on 127.0.0.1:8000; PORT= changes it
	@exec $(SERVING)/bin/kiemtin serve --host 127.0.0.1 --port $(PORT)

test: $(SERVING)/.installed $(DEV)/.installed ## Run all tests; ARGS= goes to pytest
	@$(DEV)/bin/python -m pytest $(ARGS)

lint: $(DEV)/.installed ## Check style, types and import contracts
	@$(DEV)/bin/ruff check .
	@$(DEV)/bin/ruff format --check .
	@$(DEV)/bin/mypy kiemtin training serving benchmarks tests
	@$(DEV)/bin/lint-imports

format: $(DEV)/.installed ## Format the code and mend what ruff can mend
	@$(DEV)/bin/ruff check --fix .
	@$(DEV)/bin/ruff format .

prepare: $(DEV)/.installed ## Make one pool of the corpora in DATA=data/raw
	@$(DEV)/bin/kiemtin data prepare --data "$(DATA)" --out "$(PREPARED)"

audit: prepare ## Write what there is to know of them to runs/audit
	@$(DEV)/bin/kiemtin data audit --data "$(DATA)" --prepared "$(PREPARED)"

train: prepare ## Train a bundle: RECIPE=compact DATA=data/raw
	@$(DEV)/bin/kiemtin train --recipe "$(RECIPE)" --data "$(PREPARED)"

mlflow: PORT = 5000
mlflow: $(DEV)/.installed ## Look at runs and models in MLflow on 127.0.0.1:5000; PORT= changes it
	@mkdir -p mlruns
	@echo "Runs and models: http://127.0.0.1:$(PORT) (Ctrl-C ends it)"
	@MLFLOW_DISABLE_TELEMETRY=true $(DEV)/bin/mlflow ui --host 127.0.0.1 --port $(PORT) \
		--backend-store-uri sqlite:///mlruns/mlflow.db \
		--artifacts-destination mlruns/artifacts --workers 1

bench: $(DEV)/.installed ## Measure the service beside its engine and its peers: POSTS=posts.jsonl
	@$(DEV)/bin/python -m benchmarks.serving $(if $(POSTS),--posts "$(POSTS)")

bench-data: $(DEV)/.installed ## Measure clustering and preparation: DATA=data/raw
	@$(DEV)/bin/python -m benchmarks.clustering --data "$(DATA)"
	@$(DEV)/bin/python -m benchmarks.preparation --data "$(DATA)"

bench-text: $(DEV)/.installed ## Measure normalization
	@$(DEV)/bin/python -m benchmarks.normalize

bench-train: prepare ## Measure fine-tuning beside a plain Trainer: DATA=data/raw
	@$(DEV)/bin/python -m benchmarks.fine_tuning --data "$(PREPARED)"

bench-export: $(DEV)/.installed ## Measure the graphs that a bundle can hold
	@$(DEV)/bin/python -m benchmarks.graph_forms

bench-bundle: $(DEV)/.installed ## Measure the embedded bundle: megabytes, and ms a post
	@$(DEV)/bin/python -m benchmarks.bundle

bench-peers: $(DEV)/.installed .venv-peers/.installed ## Install other servers to measure beside ours, and compare answers
	@$(DEV)/bin/python -m benchmarks.peers.folder
	@$(DEV)/bin/python -m benchmarks.peers.check

bench-review: $(DEV)/.installed ## Measure review on PostgreSQL and SQLite: ingest, clusters, claims, 10,000 decisions
	@$(DEV)/bin/python -m benchmarks.review

fuzz: .venv-fuzz/.installed ## Fuzz the normalizer for ten minutes: SECONDS=600
	@.venv-fuzz/bin/python -m tests.fuzz.fuzz_normalize -max_total_time=$(SECONDS) -max_len=400 \
		-dict=tests/fuzz/vietnamese.dict -artifact_prefix=tests/fuzz/corpus/ \
		$$(mktemp -d) tests/fuzz/corpus

constraints: ## Pin the newest versions that fit together in constraints.txt
	@"$(PYTHON)" -m venv --clear .venv-constraints
	@.venv-constraints/bin/python -m pip install --quiet --disable-pip-version-check \
		--editable ".[serving,postgres,otel,segmentation,training,dev]"
	@{ sed '/^[^#]/d' constraints.txt; \
		.venv-constraints/bin/python -m pip freeze --exclude-editable \
		| grep -v -E '^(nvidia-|cuda-|triton==)' | sed 's/+cpu$$//'; } > constraints.new
	@mv constraints.new constraints.txt
	@rm -rf .venv-constraints

clean: ## Remove environments and caches; data, runs and databases stay
	@rm -rf .venv .venv-dev .venv-fuzz .venv-peers .venv-constraints .bench build dist
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find kiemtin training serving benchmarks tests -name __pycache__ -prune -exec rm -rf {} +

$(SERVING)/.installed: pyproject.toml constraints.txt
	$(call install,$(SERVING),serving)

.venv-fuzz/.installed: pyproject.toml constraints.txt
	$(call install,.venv-fuzz,fuzz)

.venv-peers/.installed: benchmarks/peers/requirements.txt
	@echo "Installing other servers into .venv-peers (once, and when their versions change) ..."
	@"$(PYTHON)" -m venv --clear .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check \
		--requirement $<
	@touch $@

$(DEV)/.installed: pyproject.toml constraints.txt
	$(call install,$(DEV),serving$(,)postgres$(,)otel$(,)segmentation$(,)training$(,)dev)

# A comma cannot be written inside the arguments of call.
, := ,
