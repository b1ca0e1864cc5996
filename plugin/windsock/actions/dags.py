"""The four actions on a Dag."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from windsock.actions.ids import checked_id
from windsock.actions.operation import checked_operation_id
from windsock.actions.result import ActionResult
from windsock.airflow_api import AirflowApi
from windsock.problems import invalid


async def pause_dag(
    api: AirflowApi, dag_id: str, *, was_paused: bool | None = None, operation_id: str | None = None
) -> ActionResult:
    """Pause a Dag: Airflow starts no further run or task of it; tasks that run already go on.

    :param was_paused: what the caller's side last saw, where it knows; only the outcome's name depends on it
    :raises windsock.airflow_api.AirflowRefused: in Airflow's own words; nothing changed
    :raises windsock.airflow_api.AirflowFailed: no usable answer; it may have changed
    """
    return await _set_paused(api, dag_id, True, was_paused, operation_id)


async def unpause_dag(
    api: AirflowApi, dag_id: str, *, was_paused: bool | None = None, operation_id: str | None = None
) -> ActionResult:
    """Let a paused Dag run again; parameters and errors as for :func:`pause_dag`."""
    return await _set_paused(api, dag_id, False, was_paused, operation_id)


async def _set_paused(
    api: AirflowApi, dag_id: str, is_paused: bool, was_paused: bool | None, operation_id: str | None
) -> ActionResult:
    checked_id("dag_id", dag_id)
    operation = checked_operation_id(operation_id)
    # Sent also when nothing would change: whether the caller may do it is Airflow's to say.
    await api.set_dag_paused(dag_id, is_paused, operation_id=operation)
    return ActionResult(
        dag_id=dag_id,
        action="pause" if is_paused else "unpause",
        outcome="already" if was_paused is is_paused else "done",
        operation_id=operation,
    )


async def trigger_dag(
    api: AirflowApi,
    dag_id: str,
    *,
    conf: Mapping[str, Any] | None = None,
    logical_date: datetime | None = None,
    run_id: str | None = None,
    note: str | None = None,
    operation_id: str | None = None,
) -> ActionResult:
    """Trigger a run of a Dag. A paused Dag gets its run too; it stays queued until the Dag is unpaused.

    :param conf: the run's configuration; Airflow validates it against the Dag's params
    :param logical_date: with a time zone; None for a run without one
    :param run_id: the new run's id; None lets Airflow choose
    :param note: what a person typed, and nothing else; blank is no note
    :raises windsock.airflow_api.AirflowRefused: in Airflow's own words; nothing changed
    :raises windsock.airflow_api.AirflowFailed: no usable answer; the run may exist
    """
    checked_id("dag_id", dag_id)
    if run_id is not None:
        checked_id("run_id", run_id)
    if logical_date is not None and logical_date.utcoffset() is None:
        raise invalid("logical_date", "The logical date has no time zone", "Add one, for example +00:00")
    try:
        json.dumps(conf, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise invalid("conf", f"The configuration is not JSON: {error}", "Use JSON values only") from error
    operation = checked_operation_id(operation_id)
    created = await api.trigger_dag_run(
        dag_id,
        operation_id=operation,
        conf=conf or None,
        logical_date=logical_date,
        run_id=run_id,
        note=note if note and note.strip() else None,
    )
    return ActionResult(
        dag_id=dag_id, action="trigger", outcome="done", operation_id=operation, run_id=created
    )


async def delete_dag(
    api: AirflowApi, dag_id: str, *, typed_dag_id: str, operation_id: str | None = None
) -> ActionResult:
    """Delete a Dag and all that Airflow keeps of it.

    A Dag whose file is still there comes back when Airflow next reads the file, without its history.

    :param typed_dag_id: the Dag's id as the person typed it; anything but the id itself deletes nothing
    :raises windsock.problems.ProblemError: 422, when the typed id is another one
    :raises windsock.airflow_api.AirflowRefused: in Airflow's own words; nothing changed
    :raises windsock.airflow_api.AirflowFailed: no usable answer; it may be deleted
    """
    checked_id("dag_id", dag_id)
    if typed_dag_id != dag_id:
        raise invalid("typed_dag_id", "The name that you typed is not this Dag's id", f"Type {dag_id}")
    operation = checked_operation_id(operation_id)
    await api.delete_dag(dag_id, operation_id=operation)
    return ActionResult(dag_id=dag_id, action="delete", outcome="done", operation_id=operation)
