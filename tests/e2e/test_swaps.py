"""Models are exchanged under the feet of callers, and none of them stumbles."""

import asyncio
import itertools
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import Service, Start
from tests.fixtures.bundle_variants import write_variant

N_CALLERS, N_SWAPS = 16, 22


async def _post(client: httpx.AsyncClient, path: str, body: object = None) -> dict:  # type: ignore[type-arg]
    r = await client.post(path, json=body) if body else await client.post(path)
    assert r.status_code == 200, r.text
    answer: dict = r.json()  # type: ignore[type-arg]
    return answer


async def _call(
    client: httpx.AsyncClient, caller: int, done: asyncio.Event
) -> set[str]:
    """Ask until *done*, alone and in batches; return the versions that answered."""
    versions = set()
    for n in itertools.count():
        text = f"{'ngu' if n % 2 else 'xin'} {caller} {n}"
        if caller % 4:
            answer = await _post(client, "/v1/score", {"id": f"{n}", "text": text})
            results = [answer]
        else:
            items = [{"id": f"{n}", "text": text}] + [{"text": text}] * 9
            answer = await _post(client, "/v1/score/batch", {"items": items})
            results = answer["results"]
        # Version 2 flags everything; so the flags say who scored, too.
        versions.add(version := answer["model"]["version"])
        assert results[0]["id"] == f"{n}"
        flagged = version == "2" or bool(n % 2)
        assert {x["flagged"]["abusive"] for x in results} == {flagged}
        if done.is_set():
            return versions
    raise AssertionError


async def _swap(client: httpx.AsyncClient, done: asyncio.Event) -> None:
    await _post(client, "/v1/models/tiny:activate", {"version": "2"})
    for n in range(1, N_SWAPS):
        answer = await _post(client, "/v1/models/tiny:rollback")
        assert answer["version"] == ("1" if n % 2 else "2")
    done.set()


def test_no_call_is_lost_by_swaps(start: Start, bundle: Path, tmp_path: Path) -> None:
    """Sixteen callers and twenty-two swaps: each answer is whole, and of one model."""
    write_variant(bundle, tmp_path / "strict", version="2", review=0.001)
    service = start(KIEMTIN_MODELS=str(tmp_path), KIEMTIN_WORKERS="2")
    service.wait_until_ready()

    async def main() -> list[set[str]]:
        done = asyncio.Event()
        limits = httpx.Limits(max_connections=N_CALLERS + 1)
        async with httpx.AsyncClient(
            base_url=service.url, limits=limits, timeout=60
        ) as client:
            calls = (_call(client, n, done) for n in range(N_CALLERS))
            *versions, _ = await asyncio.gather(*calls, _swap(client, done))
        return [x for x in versions if x is not None]

    versions = asyncio.run(main())

    assert versions == [{"1", "2"}] * N_CALLERS
    assert service.err.count("model_activated") == N_SWAPS
    assert "worker_lost" not in service.err
    for _ in range(100):
        if _n_workers(service) == 2:
            break
        time.sleep(0.1)
    assert _n_workers(service) == 2


def _n_workers(service: Service) -> int:
    """Return how many processes the service has started and not ended."""
    pid = service.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        pytest.skip("only Linux tells whose children there are")
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return sum(len(x.read_text().split()) for x in tasks)


def test_what_is_pulled_scores(start: Start, bundle: Path, tmp_path: Path) -> None:
    """From a folder somewhere to the next answer, by one command and no restart."""
    models = tmp_path / "models"
    write_variant(bundle, tmp_path / "new", version="2")
    service = start(KIEMTIN_MODELS=str(models), KIEMTIN_MODELS_WATCH_S="0.2")
    service.wait_until_ready()
    command = ["bundle", "pull", tmp_path / "new", "--into", models, "--activate"]
    subprocess.run(
        [sys.executable, "-m", "kiemtin.cli", *map(str, command)],
        check=True,
        capture_output=True,
    )

    async def until_it_scores() -> None:
        async with httpx.AsyncClient(base_url=service.url, timeout=60) as client:
            async with asyncio.timeout(60):
                while True:
                    answer = await _post(client, "/v1/score", {"text": "đồ ngu"})
                    if answer["model"]["version"] == "2":
                        return
                    await asyncio.sleep(0.1)

    asyncio.run(until_it_scores())
