"""
A bare FastAPI endpoint over ONNX Runtime, one post a run.

    uvicorn benchmarks.peers.bare_app:app
"""

import onnxruntime as ort
from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.peers.graph import Graph


class Post(BaseModel):
    """What comes in."""

    text: str


class Scores(BaseModel):
    """What goes out, in the order of the labels."""

    scores: list[float]


app = FastAPI()
options = ort.SessionOptions()
options.intra_op_num_threads = 1  # there are as many runs at once as cores, and more
graph = Graph.load(options)


@app.get("/health")
def health() -> str:
    """Answer once the graph is loaded."""
    return "ok"


@app.post("/score")
def score(post: Post) -> Scores:
    """Score one post, in a thread of FastAPI's pool."""
    return Scores(scores=graph.scores([post.text])[0])
