"""What a route asks of a key."""

from typing import Any, cast

from fastapi import Request, Security
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase

from serving.access.keyring import Keyring
from serving.access.principals import Principal
from serving.access.scopes import Scope
from serving.errors import ForbiddenError


class Needs(SecurityBase):
    """
    Refuses who may not; made by ``needs``, found by the description of the API.

    Args:
        scopes: What the key must be good for, one of them; empty if any key will do.
    """

    scheme_name = "key"
    model = HTTPBearerModel(
        bearerFormat="kt_...",
        description="Needed as soon as the service has a key; kiemtin keys makes them.",
    )

    def __init__(self, *scopes: Scope) -> None:
        self.scopes = frozenset(scopes)

    # A coroutine, not a function: for those FastAPI would start a thread each.
    async def __call__(self, request: Request) -> Principal:
        """Return who asks."""
        principal = cast("Principal", request.state.principal)
        if self.scopes and not any(map(principal.may, self.scopes)):
            msg = f"the key lacks the scope {' or '.join(sorted(self.scopes))}"
            raise ForbiddenError(msg)
        return principal


def needs(*scopes: Scope) -> Any:
    """Return the dependency of a route, or a router, for keys with one of *scopes*."""
    return Security(Needs(*scopes), scopes=sorted(scopes))


async def authenticate(request: Request, secret: str | None) -> Principal:
    """
    Return who holds *secret*, for a route that finds keys in a place of its own.

    Raises:
        UnauthenticatedError: If it is no key that is valid, whatever the reason.
        DatabaseUnavailableError: If it is not known, and nobody can be asked.
    """
    keyring = cast("Keyring", request.app.state.keyring)
    return await keyring.authenticate(secret)
