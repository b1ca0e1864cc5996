"""Ids that may stand in the address of a call, and those that would mean something else there."""

from __future__ import annotations

from typing import Final

from windsock.problems import invalid

_EVERYTHING: Final = "~"
"""What Airflow's API takes for *all* in place of an id."""


def checked_id(name: str, value: str) -> str:
    """Return ``value`` when it addresses one thing, and that thing only.

    A slash, also an encoded one, makes another address: ``a/dagRuns/b`` in the place of a Dag is a run of
    it. So do an empty id and the path's own dots.

    :raises windsock.problems.ProblemError: 422, which names the id
    """
    if value == _EVERYTHING:
        raise invalid(name, f"{name} “~” means all of them to Airflow", "Name the one that you mean")
    if value in ("", ".", "..") or "/" in value or not value.isprintable():
        raise invalid(name, f"{name} does not address one thing in Airflow", "Use the id as Airflow shows it")
    return value
