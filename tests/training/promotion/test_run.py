"""Champions change by a recorded decision, or not at all."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import mlflow
import pytest

from kiemtin.errors import BundleCorruptError
from kiemtin.manifest import CARD_FILE
from tests.fixtures.bundle_variants import write_variant
from training.errors import GateError, NoModelError, StoreError
from training.preparation.manifest import read_manifest
from training.promotion.limits import load_limits
from training.promotion.run import Examined, decide, examine, rollback
from training.tracking.history import Decision, History, Kind
from training.tracking.promoting import Promoter
from training.tracking.registry import CHAMPION, Registry
from training.tracking.runs import tracked_run

# MLflow and its database layer warn of themselves.
pytestmark = pytest.mark.filterwarnings("default")

KILLED_AT = """
import os, signal, sys
from training.promotion.limits import load_limits
from training.promotion.run import rollback
from training.tracking.registry import Registry
import {module}

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

registry = Registry.at(sys.argv[1])
{module}.{name} = die
rollback(reason="nghi ngờ", by="Bình", registry=registry)
"""


def _register(registry: Registry, folder: Path) -> str:
    with tracked_run(folder.name, store=registry.store) as tracker:
        return tracker.bundle(folder, ["xin chào"])


def _crown(registry: Registry, version: str, before: str = "") -> None:
    """Make *version* champion as if the gate had let it."""
    found = registry.find(version)
    decision = Decision(
        kind=Kind.PROMOTION,
        version=version,
        digest=found.digest,
        before=before,
        by="An",
        reason="tốt hơn",
        when=datetime.now(UTC),
    )
    Promoter(registry).crown(decision, {})


def _examine(registry: Registry, larger: Path, tmp_path: Path, it: str) -> Examined:
    """Measure on corpora that are smaller than those in use."""
    limits = load_limits()
    overall = limits.overall.model_copy(update={"least_rows": 30})
    return examine(
        it,
        data=larger,
        floors=tmp_path / "floors",
        registry=registry,
        limits=limits.model_copy(update={"overall": overall}),
    )


def test_equal_challenger_becomes_champion(
    registry: Registry, larger: Path, tmp_path: Path
) -> None:
    """It is measured, becomes champion, and who, when, why and on what is kept."""
    _crown(registry, "1")

    examined = _examine(registry, larger, tmp_path, "2")
    done = decide(examined, reason="cùng điểm", by="Bình", registry=registry)

    assert registry.find(CHAMPION).version == "2"
    newest = History(registry.client).decisions()[0]
    assert newest == done
    assert (newest.by, newest.reason, newest.before) == ("Bình", "cùng điểm", "1")
    assert newest.when.tzinfo is not None
    assert newest.data_digest == read_manifest(larger).digest
    assert newest.digest == registry.find("2").digest
    assert examined.evidence.overall is not None
    assert examined.evidence.overall.figures > 4


def test_figures_and_limits_are_kept_with_the_decision(
    registry: Registry, larger: Path, tmp_path: Path
) -> None:
    """All that a promotion rests on is a file of its entry, named on the version."""
    _crown(registry, "1")

    examined = _examine(registry, larger, tmp_path, "2")
    decide(examined, reason="cùng điểm", by="Bình", registry=registry)

    tags = registry.client.get_model_version("kiemtin", "2").tags
    assert tags["champion.by"] == "Bình"
    uri = f"runs:/{tags['champion.entry']}/decision.json"
    kept = mlflow.artifacts.load_dict(_local(registry, uri))
    assert kept["evidence"] == examined.evidence.model_dump(mode="json")
    assert kept["limits"]["protected"]["flagged"] == 0.08
    assert all(c["holds"] for c in kept["verdict"]["checks"])


def _local(registry: Registry, uri: str) -> str:
    path = mlflow.artifacts.download_artifacts(uri, tracking_uri=registry.store)
    return Path(path).as_uri()


def test_worse_challenger_is_refused_and_that_is_recorded(
    registry: Registry, bundle: Path, larger: Path, tmp_path: Path
) -> None:
    """One that hardly flags anything loses, and one that flags all is no better."""
    _crown(registry, "1")
    digest = read_manifest(larger).digest
    for number, review in (("4", 0.985), ("5", 0.001)):
        folder = tmp_path / f"bundle-{number}"
        write_variant(bundle, folder, version=number, data_digest=digest, review=review)
        assert _register(registry, folder) == number

    for number, reason in (("4", "overall: "), ("5", "protected: ")):
        examined = _examine(registry, larger, tmp_path, number)
        with pytest.raises(GateError, match=reason):
            decide(examined, reason="thử", by="Bình", registry=registry)

    assert registry.find(CHAMPION).version == "1"
    kinds = [(x.kind, x.version) for x in History(registry.client).decisions()]
    assert kinds[:2] == [(Kind.REFUSAL, "5"), (Kind.REFUSAL, "4")]


def test_first_champion_must_be_above_the_floor(
    registry: Registry, larger: Path, tmp_path: Path
) -> None:
    """Where there is no champion, a model of five words loses to TF-IDF."""
    examined = _examine(registry, larger, tmp_path, "1")

    assert [r.partition(":")[0] for r in examined.verdict.reasons] == ["floor"]


def test_champion_is_no_challenger(
    registry: Registry, larger: Path, tmp_path: Path
) -> None:
    """Who is champion already is not measured against itself."""
    _crown(registry, "3")

    with pytest.raises(GateError, match="champion already"):
        _examine(registry, larger, tmp_path, "challenger")


def test_champion_that_changed_meanwhile_stays(
    registry: Registry, larger: Path, tmp_path: Path
) -> None:
    """What was decided against another champion is not carried out."""
    _crown(registry, "1")
    examined = _examine(registry, larger, tmp_path, "2")
    _crown(registry, "3", before="1")

    with pytest.raises(StoreError, match="try again"):
        decide(examined, reason="cùng điểm", by="Bình", registry=registry)

    assert registry.find(CHAMPION).version == "3"
    assert History(registry.client).champions() == ["1", "3"]


def test_rollback_goes_back_step_by_step(registry: Registry) -> None:
    """Each rollback brings back who was champion before, until nobody was."""
    for version, before in (("1", ""), ("2", "1"), ("3", "2")):
        _crown(registry, version, before)

    for wanted in ("2", "1"):
        done = rollback(reason="nghi ngờ", by="Bình", registry=registry)
        assert registry.find(CHAMPION).version == done.version == wanted

    with pytest.raises(NoModelError, match="before version 1"):
        rollback(reason="nghi ngờ", by="Bình", registry=registry)
    kinds = [x.kind for x in History(registry.client).decisions()]
    assert kinds == [Kind.ROLLBACK] * 2 + [Kind.PROMOTION] * 3


def test_nothing_to_roll_back_is_said(registry: Registry) -> None:
    """Without a champion, or with one that nobody recorded, there is no way back."""
    with pytest.raises(NoModelError, match="no champion yet"):
        rollback(reason="x", by="Bình", registry=registry)

    registry.set_alias(CHAMPION, "2")

    with pytest.raises(NoModelError, match="nobody recorded"):
        rollback(reason="x", by="Bình", registry=registry)


def test_broken_former_champion_does_not_come_back(
    registry: Registry, registered: Path, bundle: Path, tmp_path: Path
) -> None:
    """Who was champion proves itself again before it is."""
    folder = write_variant(bundle, tmp_path / "to-be-broken", version="4")
    former = _register(registry, folder)
    _crown(registry, former)
    _crown(registry, "2", before=former)
    (card,) = (registered / "artifacts").rglob(f"to-be-broken/{CARD_FILE}")
    card.write_text("another card")

    with pytest.raises(BundleCorruptError):
        rollback(reason="x", by="Bình", registry=registry)

    assert registry.find(CHAMPION).version == "2"


@pytest.mark.parametrize(
    ("module", "name", "champion"),
    [
        ("training.tracking.registry", "Registry.set_alias", "2"),
        ("training.tracking.history", "History.close", "1"),
    ],
)
def test_killed_decision_is_settled_by_the_next(
    registry: Registry, module: str, name: str, champion: str
) -> None:
    """Killed before the alias moved it never was; killed after, it took effect."""
    _crown(registry, "1")
    _crown(registry, "2", before="1")
    script = KILLED_AT.format(module=module, name=name)

    done = subprocess.run(
        [sys.executable, "-c", script, registry.store],
        capture_output=True,
        check=False,
    )

    assert done.returncode == -9, done.stderr.decode()
    assert registry.find(CHAMPION).version == champion
    assert History(registry.client).decisions()[0].outcome == "pending"
    _crown(registry, "3", before=champion)
    wanted = ["1", "2", "3"] if champion == "2" else ["1", "3"]
    assert History(registry.client).champions() == wanted
