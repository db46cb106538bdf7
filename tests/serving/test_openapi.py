"""The description of the API, and the page that shows it."""

import json
import os
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.settings import Settings

GOLDEN = Path(__file__).parents[1] / "golden/openapi.json"
UPDATE = "KIEMTIN_UPDATE_GOLDENS"


def test_the_description_is_the_committed_one(client: TestClient) -> None:
    """What clients are built on changes only on purpose."""
    got = json.dumps(client.get("/openapi.json").json(), indent=2, ensure_ascii=False)
    if os.environ.get(UPDATE):
        GOLDEN.write_text(got + "\n", encoding="utf-8")

    expected = GOLDEN.read_text(encoding="utf-8")
    assert got + "\n" == expected, (
        f"the API changed: inside v1 it may only add; if it does, run "
        f"{UPDATE}=1 pytest {Path(__file__).name} and commit {GOLDEN.name}"
    )


def test_every_reference_leads_somewhere(client: TestClient) -> None:
    """No shape refers to one that is not described."""
    document = client.get("/openapi.json").json()

    names = set(document["components"]["schemas"])
    text = json.dumps(document)
    used = {x.split('"')[0] for x in text.split("#/components/schemas/")[1:]}
    assert used <= names
    assert "HTTPValidationError" not in names


def test_problems_are_described_as_such(client: TestClient) -> None:
    """Every error of every route is described as a problem; doors have their own."""
    paths = client.get("/openapi.json").json()["paths"]

    errors = [
        list(response["content"])
        for path in paths.values()
        for operation in path.values()
        if operation["tags"] != ["doors"]
        for status, response in operation["responses"].items()
        if int(status) >= 400
    ]
    assert errors
    assert all(types == ["application/problem+json"] for types in errors)


def test_docs_load_only_files_of_ours(client: TestClient) -> None:
    """The page names files of this service, has no inline script, and all are there."""
    soup = BeautifulSoup(client.get("/docs").text, "html.parser")

    used = [str(x.get("src") or x.get("href")) for x in soup(["script", "link", "img"])]
    assert len(used) == 4
    assert [x.string for x in soup("script") if x.string] == []
    for path in used:
        r = client.get("/" + path)
        assert path.startswith("static/")
        assert r.status_code == 200
        assert r.headers["content-type"].startswith(("text/", "image/svg"))


@pytest.mark.parametrize("name", ["..%2f..%2fapp.py", "none.css", "%00", "page.html"])
def test_no_other_file_is_served(client: TestClient, name: str) -> None:
    """Only files of the list can be asked for."""
    assert client.get(f"/static/{name}").status_code == 404


def test_docs_can_be_left_out(bundle: Path, tmp_path: Path) -> None:
    """Who does not want the description served has none."""
    settings = Settings(
        bundle=bundle, docs=False, database_url=f"sqlite:///{tmp_path / 'db'}"
    )

    with TestClient(create_app(settings)) as c:
        statuses = [c.get(p).status_code for p in ("/docs", "/openapi.json", "/")]
        link = BeautifulSoup(c.get("/").text, "html.parser").select('a[href="docs"]')

    assert statuses == [404, 404, 200]
    assert link == []
