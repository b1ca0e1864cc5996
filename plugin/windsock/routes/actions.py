"""The actions on a Dag: sent to Airflow as the caller; Airflow decides and keeps the record."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request

from windsock import actions
from windsock.access import CallerDep, refuse_foreign_sites
from windsock.airflow_api import AirflowApi
from windsock.routes.deps import DagRightsDep, StateDep
from windsock.schemas.actions import ActionResult, DeleteRequest, EmptyRequest, TriggerRequest

router = APIRouter(prefix="/dags/{dag_id}", dependencies=[Depends(refuse_foreign_sites)], tags=["actions"])

_NOTHING = Body(default=EmptyRequest())


def _answer(result: actions.ActionResult) -> ActionResult:
    return ActionResult(
        dag_id=result.dag_id,
        action=result.action,
        outcome=result.outcome,
        operation_id=result.operation_id,
        run_id=result.run_id,
    )


def _api(request: Request, caller: CallerDep) -> AirflowApi:
    return AirflowApi.of(request, caller.token)


ApiDep = Annotated[AirflowApi, Depends(_api)]


@router.post("/trigger")
async def trigger(
    dag_id: str, body: TriggerRequest, api: ApiDep, state: StateDep, _: DagRightsDep
) -> ActionResult:
    """Trigger a run of the Dag; Airflow validates the configuration against its params."""
    result = await actions.trigger_dag(
        api, dag_id, conf=body.conf, logical_date=body.logical_date, note=body.note
    )
    state.snapshot.expect_change(dag_id)
    return _answer(result)


@router.post("/pause")
async def pause(
    dag_id: str, api: ApiDep, state: StateDep, _: DagRightsDep, _body: EmptyRequest = _NOTHING
) -> ActionResult:
    """Pause the Dag: no new run or task of it starts; what runs already goes on."""
    result = await actions.pause_dag(api, dag_id, was_paused=state.snapshot.was_paused(dag_id))
    state.snapshot.expect_change(dag_id)
    return _answer(result)


@router.post("/unpause")
async def unpause(
    dag_id: str, api: ApiDep, state: StateDep, _: DagRightsDep, _body: EmptyRequest = _NOTHING
) -> ActionResult:
    """Let the paused Dag run again."""
    result = await actions.unpause_dag(api, dag_id, was_paused=state.snapshot.was_paused(dag_id))
    state.snapshot.expect_change(dag_id)
    return _answer(result)


@router.post("/delete")
async def delete(
    dag_id: str, body: DeleteRequest, api: ApiDep, state: StateDep, _: DagRightsDep
) -> ActionResult:
    """Delete the Dag and all that Airflow keeps of it, after its id was typed."""
    result = await actions.delete_dag(api, dag_id, typed_dag_id=body.typed_dag_id)
    state.snapshot.expect_change(dag_id)
    return _answer(result)
