"""Other servers of the same network, which `make bench` measures beside ours."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".bench" / "peers" / "model"
"""The network as the peers load it, which ``benchmarks.peers.folder`` writes."""
