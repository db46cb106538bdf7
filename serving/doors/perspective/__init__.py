"""The door for clients of Perspective, Google's Comment Analyzer."""

from serving.doors.perspective.routes import router

__all__ = ["router"]
