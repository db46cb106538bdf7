"""The door for clients of the Open Inference Protocol, version 2."""

from serving.doors.inference.routes import router

__all__ = ["router"]
