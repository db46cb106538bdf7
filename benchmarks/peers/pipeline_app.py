"""
FastAPI over the text-classification pipeline of transformers, on torch in fp32.

    uvicorn benchmarks.peers.pipeline_app:app

One post at a time, as the documentation of pipelines has it for web servers: torch shares
the cores out itself, and threads that call it at once made half as many posts a second.
"""

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from pydantic import BaseModel
from transformers import AutoTokenizer, pipeline

from benchmarks.peers import FOLDER
from benchmarks.peers.classifier import KiemtinForSequenceClassification


class Post(BaseModel):
    """What comes in."""

    text: str


class Scored(BaseModel):
    """A label and its probability."""

    label: str
    score: float


app = FastAPI()
one_at_a_time = CapacityLimiter(1)
classify = pipeline(
    "text-classification",
    model=KiemtinForSequenceClassification.from_pretrained(FOLDER),
    tokenizer=AutoTokenizer.from_pretrained(FOLDER),
    top_k=None,
    truncation=True,
)


@app.get("/health")
async def health() -> str:
    """Answer once the network is loaded."""
    return "ok"


@app.post("/score")
async def score(post: Post) -> list[Scored]:
    """Score one post."""
    found = await to_thread.run_sync(classify, [post.text], limiter=one_at_a_time)
    return [Scored.model_validate(x) for x in found[0]]
