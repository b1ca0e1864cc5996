"""The error lines of failing tasks: asked for while a page is made, never waited for."""

from __future__ import annotations

from collections.abc import Iterable

from windsock.failures import Failures, TryRef
from windsock.metadata.rows import TaskInstanceRow
from windsock.routes.present import FORBIDDEN, error_line
from windsock.schemas.common import ErrorLine, FailingTask


class ErrorLines:
    """Collects the error lines of one answer and counts those that are not known yet."""

    def __init__(self, failures: Failures) -> None:
        self._failures = failures
        self._lines: dict[tuple[str, int], ErrorLine] = {}

    @property
    def pending(self) -> int:
        """How many errors of this answer wait for their log to be read."""
        return sum(line.state == "pending" for line in self._lines.values())

    def of(self, instance: TaskInstanceRow, *, allowed: bool, dag_file: str | None) -> ErrorLine:
        """Return the error of a failed task instance's last try, or what is in the way of it.

        :param allowed: whether the caller may read the Dag's task logs; if not, no log is touched
        :param dag_file: the Dag's file inside its bundle
        """
        if not allowed:
            return FORBIDDEN
        return self.of_try(try_ref(instance), dag_file)

    def of_try(self, failed: TryRef, dag_file: str | None) -> ErrorLine:
        """Return the error of a failed try that the caller may read; each is asked for once per answer."""
        line = self._lines.get(failed.key)
        if line is None:
            line = self._lines[failed.key] = error_line(self._failures.peek(failed), dag_file)
        return line

    def failing_tasks(
        self, instances: Iterable[TaskInstanceRow], *, allowed: bool, dag_file: str | None
    ) -> list[FailingTask]:
        """Return one row per failed task; of mapped instances the first failed one speaks for all."""
        by_task: dict[str, list[TaskInstanceRow]] = {}
        for instance in instances:
            by_task.setdefault(instance.task_id, []).append(instance)
        rows = []
        for task_id, of_task in sorted(by_task.items()):
            shown = min(of_task, key=lambda instance: instance.map_index)
            rows.append(
                FailingTask(
                    task_id=task_id,
                    run_id=shown.run_id,
                    state=shown.state or "none",
                    map_index=shown.map_index,
                    failed_instances=len(of_task),
                    try_number=shown.try_number,
                    end_date=shown.end_date,
                    error=self.of(shown, allowed=allowed, dag_file=dag_file),
                )
            )
        return rows


def try_ref(instance: TaskInstanceRow) -> TryRef:
    """Name the last try of a task instance."""
    return TryRef(
        task_instance_id=instance.id,
        dag_id=instance.dag_id,
        run_id=instance.run_id,
        task_id=instance.task_id,
        map_index=instance.map_index,
        try_number=instance.try_number,
    )
