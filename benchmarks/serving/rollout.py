"""Two bundles that score alike, and somebody who swaps them."""

import hashlib
import http.client
import json
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

from kiemtin.bundle import bundle_digest
from kiemtin.bundles import COMPACT
from kiemtin.manifest import CARD_FILE, MANIFEST_FILE


def two_models(folder: Path) -> list[str]:
    """Put two copies of the embedded bundle into *folder*; return their digests."""
    digests = []
    for name in ("one", "two"):
        copy = shutil.copytree(COMPACT, folder / name)
        card = copy / CARD_FILE
        card.write_text(card.read_text(encoding="utf-8") + f"\nCopy {name}.\n")
        path = copy / MANIFEST_FILE
        manifest = json.loads(path.read_text())
        manifest["sha256"][CARD_FILE] = hashlib.sha256(card.read_bytes()).hexdigest()
        manifest["version"] += f"-{name}"
        path.write_text(json.dumps(manifest))
        digests.append(bundle_digest(copy))
    return digests


def swap_every(
    port: int,
    digests: Sequence[str],
    seconds: float,
    stop: threading.Event,
    done: list[str],
) -> None:
    """Activate one bundle after the other; note in *done* which were."""
    number = 0
    while not stop.wait(seconds):
        digest = digests[number % len(digests)]
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request(
            "POST",
            "/v1/models/compact:activate",
            json.dumps({"digest": digest}),
            {"Content-Type": "application/json"},
        )
        if connection.getresponse().status == 200:  # noqa: PLR2004 -- HTTP
            done.append(digest)
        connection.close()
        number += 1
