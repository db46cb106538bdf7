"""The review console: where people sign in, take cases and decide them."""

from fastapi import APIRouter

from serving.console.desk import (
    appeals,
    board,
    case,
    deciding,
    holding,
    lead,
    report,
    settings,
    signing,
)
from serving.console.desk.frame import explain

__all__ = ["explain", "router"]

router = APIRouter(include_in_schema=False)
for _module in (
    signing,
    board,
    case,
    deciding,
    holding,
    lead,
    appeals,
    report,
    settings,
):
    router.include_router(_module.router)
