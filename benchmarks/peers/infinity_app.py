"""
Infinity over the folder of the network, by its own command line.

    python -m benchmarks.peers.infinity_app ENGINE PORT

ENGINE is ``optimum``, which runs the graph, or ``torch``.
"""

import os
import sys

from benchmarks.peers import FOLDER

_ENVIRONMENT = {
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    # The copy of classifier.py that transformers imports, and Infinity's own cache.
    "HF_MODULES_CACHE": str(FOLDER.parent / "modules"),
    "INFINITY_HOME": str(FOLDER.parent),
}


def main() -> None:
    """Serve with the engine and on the port that the command line names."""
    engine, port = sys.argv[1:]
    os.environ.update(_ENVIRONMENT)
    # From there, or Infinity gives Optimum the whole path where it wants a file's name.
    os.chdir(FOLDER)
    # The graph is optimized already, and would be written a second time. With optimum, a
    # text is never cut, not even those of the warm-up, which the network cannot read.
    warmup = "--no-model-warmup" if engine == "optimum" else "--model-warmup"
    sys.argv[1:] = [
        *("v2", "--model-id", ".", "--engine", engine, "--device", "cpu"),
        *(
            "--dtype",
            "float32",
            "--no-bettertransformer",
            "--onnx-disable-optimize",
            warmup,
        ),
        *("--host", "127.0.0.1", "--port", port, "--log-level", "warning"),
    ]
    from infinity_emb.cli import cli  # noqa: PLC0415 -- it reads the environment

    cli()


if __name__ == "__main__":
    main()
