"""
The README's shell blocks, run as they stand there, in a copy of the checkout.

Two are not run: ``make test`` would run itself, and ``make train`` takes hours and
the published sets. ``.venv-dev`` is the environment of this very run. Port 8000 may be taken, so ``make`` gets another by the
environment and curl is told where 8000 really is.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiemtin.labels import Label
from tests.fixtures.checkout import ROOT, checkout_files, environment_without_make

README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVE = "make serve"
NOT_RUN = {"make test", "make train RECIPE=compact DATA=data/raw"}
INSTALL_S = 600
"""More than a slow line needs to install the serving extra."""

pytestmark = [pytest.mark.network, pytest.mark.timeout(2 * INSTALL_S)]


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of the README in *language*."""
    fenced = re.compile(rf"^```{language}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return [b.strip() for b in fenced.findall(README)]


@dataclass(frozen=True, slots=True)
class Checkout:
    """A copy of the checkout in which ``make serve`` runs."""

    folder: Path
    environment: dict[str, str]

    def sh(self, block: str) -> str:
        """Run *block* as it stands and return what it printed."""
        done = subprocess.run(
            ["sh", "-euc", block],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A copy of the checkout, with the service that the first block starts."""
    folder = tmp_path_factory.mktemp("fresh checkout")
    for name in checkout_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    (folder / ".venv-dev").symlink_to(sys.prefix)
    (folder / ".curlrc").write_text(f"connect-to = 127.0.0.1:8000:127.0.0.1:{port}\n")
    here = Checkout(
        folder,
        environment_without_make() | {"PORT": str(port), "CURL_HOME": str(folder)},
    )
    log = folder / "serve.log"
    with log.open("wb") as out:
        service = subprocess.Popen(
            ["sh", "-c", SERVE],
            cwd=folder,
            env=here.environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/ready", service, log)
        yield here
    finally:
        if service.poll() is None:
            os.killpg(service.pid, signal.SIGTERM)
        service.wait(timeout=30)


def _wait_until_ready(url: str, service: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + INSTALL_S
    while time.monotonic() < deadline and service.poll() is None:
        try:
            if httpx.get(url).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"not ready after {INSTALL_S} s: {log.read_text(encoding='utf-8')}")


def _keys(reply: Any) -> Any:
    """Return the names in *reply* without its values; lists as their first element."""
    if isinstance(reply, dict):
        return {k: _keys(v) for k, v in reply.items() if k != "normalizations"}
    if isinstance(reply, list):
        return [_keys(v) for v in reply[:1]]
    return None


def test_the_two_commands_are_there() -> None:
    """The README names both commands, and no block is exempt that is not there."""
    assert {SERVE, *NOT_RUN} <= set(blocks("sh"))


def test_curl(checkout: Checkout) -> None:
    """The request gets a reply with the names that stand below it; values may move."""
    (request,) = (b for b in blocks("sh") if b.startswith("curl"))
    (promised,) = blocks("json")

    reply = json.loads(checkout.sh(request))

    assert reply["recommendation"] in {"none", "review", "review_urgent"}
    assert list(reply["scores"]) == list(Label)
    assert _keys(reply) == _keys(json.loads(promised))


@pytest.mark.parametrize(
    "block",
    [
        b
        for b in blocks("sh")
        if b not in {SERVE, *NOT_RUN} and not b.startswith("curl")
    ],
)
def test_block(checkout: Checkout, block: str) -> None:
    """Every other block runs, and says something."""
    out = checkout.sh(block)

    assert out.strip()
    if "kiemtin score" in block:
        assert all("recommendation" in json.loads(x) for x in out.splitlines())


def test_serving_again_installs_nothing(checkout: Checkout) -> None:
    """Once its environment is made, ``make serve`` only starts the service."""
    assert checkout.sh(f"{SERVE} --dry-run").startswith("exec .venv/bin/kiemtin serve")
