"""Posts that were stored with their scores."""

from fastapi import APIRouter

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.db import Posts, StoredPost
from serving.deps import WorkDep
from serving.errors import NotFoundError
from serving.openapi import problems
from serving.schemas.post import PostOut

router = APIRouter(prefix="/v1", tags=["posts"], dependencies=[needs(Scope.POSTS)])


@router.get(
    "/posts/{post_id}",
    summary="Read a stored post",
    response_model_exclude_defaults=True,
    responses=problems(404, 503),
)
def read_post(post_id: str, work: WorkDep) -> PostOut:
    """
    Return a post that was stored, and what was decided on it.

    After its time one that was never in review is gone; of the others the text is.
    The audit log says who read it.
    """
    post = _find(Posts(work.session), post_id)
    work.note("post.read", post_id)
    return PostOut.model_validate(post, from_attributes=True)


def _find(posts: Posts, post_id: str) -> StoredPost:
    post = posts.get(post_id) if "\0" not in post_id else None
    if post is None:
        msg = "no post has this id; it may have been forgotten after its time"
        raise NotFoundError(msg)
    return post
