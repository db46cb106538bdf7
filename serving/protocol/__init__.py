"""HTTP as uvicorn reads it, with bounds where it has none."""

from serving.protocol.bounded import BoundedProtocol, bounded
from serving.protocol.bounds import Bounds
from serving.protocol.crowd import Crowd

__all__ = ["BoundedProtocol", "Bounds", "Crowd", "bounded"]
