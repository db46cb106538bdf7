"""
A LitServe server of the graph, with its batching.

    python -m benchmarks.peers.litserve_app PORT

By LitServe's documentation: on a CPU a worker for each core, and the fast queue from a
hundred requests a second on. A worker then has one core for a run.
"""

import os
import sys

import litserve as ls
import onnxruntime as ort

from benchmarks.peers.graph import Graph

MAX_BATCH_SIZE, BATCH_TIMEOUT_S = 32, 0.002
"""Its examples wait for up to 100 ms, in which a network as small as ours is long done."""


class Api(ls.LitAPI):  # type: ignore[misc]  # untyped where mypy runs
    """One post in, five scores out; LitServe makes the batches."""

    def setup(self, device: str) -> None:
        """Load the graph, once for each worker."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self.graph = Graph.load(options)

    def decode_request(self, request: dict[str, str]) -> str:
        """Return the post of a request."""
        return request["text"]

    def predict(self, x: list[str]) -> list[list[float]]:
        """Score a batch of posts."""
        return self.graph.scores(x)

    def encode_response(self, output: list[float]) -> dict[str, list[float]]:
        """Return the answer for one post."""
        return {"scores": output}


def main() -> None:
    """Serve on the port that the command line names."""
    api = Api(max_batch_size=MAX_BATCH_SIZE, batch_timeout=BATCH_TIMEOUT_S)
    server = ls.LitServer(
        api, accelerator="cpu", workers_per_device=os.cpu_count() or 1, fast_queue=True
    )
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="warning",
        generate_client_file=False,
    )


if __name__ == "__main__":
    main()
