"""One try of a task instance as Airflow's own log code wants it.

Airflow names a try's log file, and finds its log in remote stores, from the ORM objects of the task instance
and its run. They are loaded here, detached, with all that this code reads, so that no log is read within a
session of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session, joinedload


@dataclass(frozen=True, slots=True)
class LoggedTry:
    """One try and where its log should lie; from ``task_instance`` or ``task_instance_history``."""

    task_instance: Any
    """Airflow's ``TaskInstance``, or ``TaskInstanceHistory`` for an earlier try; detached, with its run."""
    try_number: int
    relative_path: str | None
    """The log file below ``[logging] base_log_folder``, by the run's log template; None when the configured
    log handler names no files."""
    hostname: str | None
    """The worker that ran the try; None when none ever did."""
    state: str | None
    started: bool = False
    """Whether the try has a start."""
    dag_file: str | None = None
    """The Dag's file inside its bundle."""


def find_logged_try(
    connection: Connection, *, dag_id: str, run_id: str, task_id: str, map_index: int, try_number: int
) -> LoggedTry | None:
    """Load one try; None when there is no such try (any more).

    At most four statements, each of one row by an index.
    """
    from airflow.models import DagModel, TaskInstance, Trigger
    from airflow.models.taskinstancehistory import TaskInstanceHistory

    with Session(bind=connection, expire_on_commit=False) as session:
        found: Any = session.scalar(
            select(TaskInstance)
            .where(
                TaskInstance.dag_id == dag_id,
                TaskInstance.task_id == task_id,
                TaskInstance.run_id == run_id,
                TaskInstance.map_index == map_index,
                TaskInstance.try_number == try_number,
            )
            .options(
                joinedload(TaskInstance.dag_run),
                joinedload(TaskInstance.trigger).joinedload(Trigger.triggerer_job),
                joinedload(TaskInstance.dag_model),
            )
            .limit(1)
        )
        if found is None:
            found = session.scalar(
                select(TaskInstanceHistory)
                .where(
                    TaskInstanceHistory.dag_id == dag_id,
                    TaskInstanceHistory.task_id == task_id,
                    TaskInstanceHistory.run_id == run_id,
                    TaskInstanceHistory.map_index == map_index,
                    TaskInstanceHistory.try_number == try_number,
                )
                .options(joinedload(TaskInstanceHistory.dag_run))
                .limit(1)
            )
        if found is None:
            return None
        logged = LoggedTry(
            task_instance=found,
            try_number=try_number,
            relative_path=_relative_path(found, try_number, session),
            hostname=found.hostname or None,
            state=found.state,
            started=found.start_date is not None,
            dag_file=session.scalar(select(DagModel.relative_fileloc).where(DagModel.dag_id == dag_id)),
        )
        session.expunge_all()
        return logged


def _relative_path(task_instance: Any, try_number: int, session: Session) -> str | None:
    """Let Airflow's own renderer name the file: templates differ between deployments, and between runs of
    one."""
    from airflow.utils.log.file_task_handler import FileTaskHandler
    from airflow.utils.log.log_reader import TaskLogReader

    handler = TaskLogReader().log_handler
    if not isinstance(handler, FileTaskHandler):
        return None
    return handler._render_filename(task_instance, try_number, session=session)
