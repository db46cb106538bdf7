"""The door for clients of OpenAI's moderation."""

from serving.doors.moderations.routes import router

__all__ = ["router"]
