"""The page: server-rendered, without scripts, in Vietnamese first."""

from serving.console.page import router

__all__ = ["router"]
