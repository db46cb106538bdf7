"""The dashboard shows figures that are there, and documentation names all of them."""

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

DOCS = Path(__file__).parents[2] / "docs"
DASHBOARD = json.loads((DOCS / "grafana/kiemtin.json").read_text(encoding="utf-8"))
SHADOW = "kiemtin_shadow_"
"""These are there only while a challenger watches."""
OURS = re.compile(r"\b(?:kiemtin|process)_\w+")


def queries() -> list[str]:
    """Return all that the dashboard asks Prometheus."""
    panels = [x["expr"] for p in DASHBOARD["panels"] for x in p.get("targets", ())]
    notes = [x["expr"] for x in DASHBOARD["annotations"]["list"]]
    variables = [
        x["query"]["query"]
        for x in DASHBOARD["templating"]["list"]
        if x["type"] == "query"
    ]
    return panels + notes + variables


@pytest.fixture
def shown(client: TestClient) -> set[str]:
    """The names of all samples after a few requests."""
    client.post("/v1/score", json={"text": "xin chào"})
    client.post("/v1/score", json={"text": ""})
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {x.name for f in families for x in f.samples}


def test_every_query_finds_something(shown: set[str]) -> None:
    """No panel asks for a figure that is not there."""
    asked = {name for q in queries() for name in OURS.findall(q)}

    assert len(asked) > 30
    assert asked - shown == set()


def test_every_figure_has_a_panel(shown: set[str]) -> None:
    """What is counted can be seen."""
    asked = {re.sub("_(bucket|sum|count)$", "", n) for q in queries() for n in OURS.findall(q)}  # fmt: skip
    ours = {re.sub("_(bucket|sum|count|created)$", "", n) for n in shown if n.startswith("kiemtin_")}  # fmt: skip

    assert {n for n in ours if n not in asked and f"{n}_total" not in asked} == set()


def test_every_figure_is_documented(client: TestClient, shown: set[str]) -> None:
    """Each has its row in the runbook, and each row its figure."""
    families = {
        f.name + ("_total" if f.type == "counter" else "")
        for f in text_string_to_metric_families(client.get("/metrics").text)
        if not f.name.endswith("_created")
    }
    runbook = (DOCS / "runbook.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `((?:kiemtin|process)_\w+)", runbook, re.MULTILINE))

    assert {x for x in rows if not x.startswith(SHADOW)} == families


def test_panels_do_not_overlap() -> None:
    """Every panel has an id and a place of its own."""
    panels = DASHBOARD["panels"]
    cells = [
        (x, y)
        for p in panels
        for x in range(p["gridPos"]["x"], p["gridPos"]["x"] + p["gridPos"]["w"])
        for y in range(p["gridPos"]["y"], p["gridPos"]["y"] + p["gridPos"]["h"])
    ]

    assert len({p["id"] for p in panels}) == len(panels)
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24
