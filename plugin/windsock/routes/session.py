"""Who is signed in, and to what."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from windsock import __version__, compat
from windsock.access import CallerDep
from windsock.routes.answers import finish, respond
from windsock.schemas.session import Session

router = APIRouter(tags=["session"])


@router.get("/session", response_model=Session)
async def session(request: Request, caller: CallerDep) -> Response:
    """Return the caller's name and the versions of host and plugin."""
    version = ".".join(str(part) for part in compat.airflow_version())
    return respond(
        request, finish(Session(user=caller.name, airflow_version=version, windsock_version=__version__))
    )
