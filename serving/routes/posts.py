"""Posts that were stored with their scores."""

from fastapi import APIRouter

from serving.db import Posts, StoredPost
from serving.deps import PostsDep
from serving.errors import NotFoundError
from serving.openapi import problems
from serving.schemas.post import PostOut

router = APIRouter(prefix="/v1", tags=["posts"])


@router.get(
    "/posts/{post_id}", summary="Read a stored post", responses=problems(404, 503)
)
def read_post(post_id: str, posts: PostsDep) -> PostOut:
    """Return a post that was scored with ``store``, until its time is over."""
    post = _find(posts, post_id)
    return PostOut.model_validate(post, from_attributes=True)


def _find(posts: Posts, post_id: str) -> StoredPost:
    post = posts.get(post_id) if "\0" not in post_id else None
    if post is None:
        msg = "no post has this id; it may have been forgotten after its time"
        raise NotFoundError(msg)
    return post
