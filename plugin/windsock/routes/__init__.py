"""The API: one module per surface."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends

from windsock.access import get_caller, refuse_wildcards
from windsock.problems import Problem
from windsock.routes import (
    actions,
    dags,
    diagnosis,
    documentation,
    fleet,
    logs,
    runs,
    session,
    signatures,
    task_instances,
    tasks,
)

API_PREFIX: Final = "/api/v1"

_PROBLEMS: Final = {
    401: "No valid session",
    403: "Not allowed",
    404: "Not there, or not for this caller",
    422: "A part of the request cannot be used",
    503: "The database or a thread was not available in time",
}

api_router = APIRouter(
    # The order matters: an id that means "all" is refused before anything is looked up.
    dependencies=[Depends(refuse_wildcards), Depends(get_caller)],
    responses={status: {"model": Problem, "description": text} for status, text in _PROBLEMS.items()},
)
for module in (
    session,
    fleet,
    dags,
    runs,
    tasks,
    task_instances,
    diagnosis,
    signatures,
    logs,
    actions,
    documentation,
):
    api_router.include_router(module.router)
