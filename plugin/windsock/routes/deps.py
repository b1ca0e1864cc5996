"""What the routes depend on, as typed annotations."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request

from windsock import access
from windsock.access import CallerDep, DagRights, Rights
from windsock.routes.state import AppState
from windsock.settings import get_settings


def _state(request: Request) -> AppState:
    state: AppState = request.app.state.windsock
    return state


StateDep = Annotated[AppState, Depends(_state)]


async def _rights(caller: CallerDep, state: StateDep) -> Rights:
    return await state.rights.of(caller, get_settings().queue_timeout_s)


RightsDep = Annotated[Rights, Depends(_rights)]
"""What the caller may read over all Dags, as it was at most one full snapshot ago."""


async def _dag_rights(dag_id: str, caller: CallerDep) -> DagRights:
    return await access.dag_rights(caller, dag_id)


DagRightsDep = Annotated[DagRights, Depends(_dag_rights)]
"""What the caller may read of the Dag in the address, decided now; 404 when that is nothing."""

Offset = Annotated[int, Query(ge=0, le=1_000_000, description="How many items to pass over")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many items to return at most")]
Text = Annotated[str, Query(alias="q", max_length=200, description="Text to find, in any case")]
Owners = Annotated[list[str], Query(alias="owner", max_length=50, description="Any of these owners")]
Tags = Annotated[list[str], Query(alias="tag", max_length=50, description="Any of these tags")]
