"""What a person can do to a Dag: trigger, pause, unpause, delete.

Every action goes to one thing by its id, never to a pattern, is sent as the caller, and is decided and
recorded by Airflow. It carries an operation id, which stands in Airflow's audit log.
"""

from __future__ import annotations

from windsock.actions.dags import delete_dag, pause_dag, trigger_dag, unpause_dag
from windsock.actions.operation import new_operation_id
from windsock.actions.result import Action, ActionResult, Outcome

__all__ = [
    "Action",
    "ActionResult",
    "Outcome",
    "delete_dag",
    "new_operation_id",
    "pause_dag",
    "trigger_dag",
    "unpause_dag",
]
