"""The id of an operation: one press of one button, whatever becomes of it."""

from __future__ import annotations

import re
from typing import Final
from uuid import uuid4

from windsock.problems import invalid

_FORM: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def new_operation_id() -> str:
    """Return an id that no other operation has."""
    return uuid4().hex


def checked_operation_id(operation_id: str | None) -> str:
    """Return the id that the caller chose, or a new one.

    :raises windsock.problems.ProblemError: 422, when it could not be found again in the audit log
    """
    if operation_id is None:
        return new_operation_id()
    if not _FORM.fullmatch(operation_id):
        raise invalid(
            "operation_id",
            "The operation's id cannot be kept in the audit log",
            "Use up to 64 letters, digits, hyphens and underscores",
        )
    return operation_id
