"""The only package that knows SQLAlchemy."""

from serving.db.database import Database
from serving.db.posts import Posts, StoredPost

__all__ = ["Database", "Posts", "StoredPost"]
