"""A plugin that offers the actions as bare as possible: an application of its own, mounted by Airflow."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from airflow.plugins_manager import AirflowPlugin
from fastapi import FastAPI, Request
from pydantic import AwareDatetime, BaseModel
from sqlalchemy.exc import SQLAlchemyError

from windsock import actions, problems
from windsock.airflow_api import AirflowApi, HostReference


class Trigger(BaseModel):
    """Everything that a trigger takes."""

    conf: dict[str, Any] | None = None
    logical_date: AwareDatetime | None = None
    run_id: str | None = None
    note: str | None = None
    operation_id: str | None = None


def _api(request: Request) -> AirflowApi:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return AirflowApi.of(request, credentials if scheme == "Bearer" else request.cookies.get("_token"))


app = FastAPI()
problems.install(app, SQLAlchemyError)


@app.post("/dags/{dag_id:path}/pause")
async def pause(request: Request, dag_id: str, operation_id: str | None = None) -> dict[str, Any]:
    return asdict(await actions.pause_dag(_api(request), dag_id, operation_id=operation_id))


@app.post("/dags/{dag_id:path}/unpause")
async def unpause(request: Request, dag_id: str, operation_id: str | None = None) -> dict[str, Any]:
    return asdict(await actions.unpause_dag(_api(request), dag_id, operation_id=operation_id))


@app.post("/dags/{dag_id:path}/trigger")
async def trigger(request: Request, dag_id: str, body: Trigger) -> dict[str, Any]:
    return asdict(await actions.trigger_dag(_api(request), dag_id, **body.model_dump(exclude_none=True)))


@app.post("/dags/{dag_id:path}/delete")
async def delete(request: Request, dag_id: str, typed: str) -> dict[str, Any]:
    return asdict(await actions.delete_dag(_api(request), dag_id, typed_dag_id=typed))


class ActionsUnderTest(AirflowPlugin):
    """Registers the application, and the middleware that it needs."""

    name = "actions_under_test"
    fastapi_apps = [{"app": app, "url_prefix": "/under-test", "name": "Actions under test"}]  # noqa: RUF012
    fastapi_root_middlewares = [{"middleware": HostReference, "name": "Host reference"}]  # noqa: RUF012
