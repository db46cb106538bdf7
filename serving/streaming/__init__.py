"""Streams of any length, line by line, of which never more than a little is held."""

from serving.streaming.answer import JSONL, NDJSON, StreamAnswer
from serving.streaming.room import Limits
from serving.streaming.verdicts import Judge

__all__ = ["JSONL", "NDJSON", "Judge", "Limits", "StreamAnswer"]
