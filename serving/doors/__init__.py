"""Doors for clients that exist: the same scores, in the shapes of other services."""

from serving.doors import inference, moderations, perspective
from serving.doors.explaining import explain

ROUTERS = (moderations.router, perspective.router, inference.router)

__all__ = ["ROUTERS", "explain"]
