"""The newest runs of every Dag, kept from one look to the next, so that a look reads only what can
have changed.

A first look reads a window over all Dags' newest runs, and reads alone those Dags that have few runs in it. A
later look reads the window again and, of the Dags with few runs in it, the known older runs by number.
Between
these, a look reads the runs with new numbers and those that are or were unfinished.

Not seen before the next whole look: a finished run that a person sets to another finished state, or deletes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from windsock.metadata import runs as run_queries
from windsock.metadata.rows import RunRow
from windsock.metadata.tables import dag_run

WANTED: Final = 25
"""How many counting runs of each Dag are wanted."""
_KEPT: Final = 40
"""How many runs of a Dag that are no backfill's are kept: unfinished ones and a baseline want a few more."""
_KEPT_BACKFILLS: Final = 25
_DEEP: Final = 200
"""How many runs are looked at to find the last good one of a Dag whose kept runs all failed."""
_WINDOW_PER_DAG: Final = 28
"""How many rows the window has per Dag: more than wanted, since Dags do not all run equally often."""
_WINDOW_LEAST: Final = 500
_FINISHED: Final = frozenset({"success", "failed"})


@dataclass(frozen=True, slots=True)
class DagRuns:
    """The newest runs of one Dag, without a gap among those that are no backfill's."""

    runs: tuple[RunRow, ...]
    """Newest first."""
    truncated: bool
    """True when the Dag has, or may have, older runs."""


@dataclass(frozen=True, slots=True)
class FleetRuns:
    """The newest runs of all Dags of the fleet at one moment."""

    dags: Mapping[str, DagRuns]
    """Every Dag of the fleet, also those without a run."""
    last_id: int
    """The highest number of a run that there was; what is new has a higher one, or not much lower."""
    unfinished: Mapping[int, str]
    """The queued and running runs among :attr:`dags`, by number, each with its Dag."""
    changed: frozenset[str]
    """The Dags whose runs differ from the look before."""

    def of(self, dag_id: str) -> DagRuns:
        """The runs of one Dag; none for a Dag that is not of the fleet."""
        return self.dags.get(dag_id, _NONE)


_NONE: Final = DagRuns((), truncated=False)


def last_id_statement() -> sa.Select[Any]:
    """The highest number of a run."""
    return sa.select(dag_run.c.id).order_by(dag_run.c.id.desc()).limit(1)


def is_backfill(run: RunRow) -> bool:
    """True for a run that a backfill made or took over."""
    return run.run_type == "backfill" or run.backfill_id is not None


def _counts(run: RunRow) -> bool:
    return run.state in _FINISHED and not is_backfill(run)


def _order(run: RunRow) -> tuple[datetime, int]:
    return (run.run_after, run.id)


def read_all(connection: Connection, dag_ids: Collection[str], before: FleetRuns | None = None) -> FleetRuns:
    """Read the newest runs of all Dags of the fleet.

    :param before: what the last look found; spares reading Dags that seldom run from the start
    """
    last_id = connection.execute(last_id_statement()).scalar() or 0
    rows, moment = run_queries.since_newest(connection, max(_WINDOW_LEAST, _WINDOW_PER_DAG * len(dag_ids)))
    found: dict[str, dict[int, RunRow]] = {dag_id: {} for dag_id in dag_ids}
    _collect(found, rows)
    _collect(found, run_queries.unfinished(connection) if moment is not None else ())
    whole = moment is None
    truncated = dict.fromkeys(found, not whole)
    if not whole:
        sparse = {dag_id for dag_id, its in found.items() if sum(map(_counts, its.values())) < WANTED}
        if before is not None:
            _collect(
                found, (r for r in run_queries.new_since(connection, before.last_id) if r.dag_id in sparse)
            )
            known = _known_before(connection, sparse, before, found)
            for dag_id, its in known.items():
                found[dag_id] |= its
                truncated[dag_id] = before.dags[dag_id].truncated
            sparse -= known.keys()
        _read_deep(connection, sparse, _KEPT, found, truncated)
    _look_for_last_good(connection, found, truncated, before)
    return _finished(connection, found, truncated, last_id, before)


def read_changes(connection: Connection, dag_ids: Collection[str], before: FleetRuns) -> FleetRuns:
    """Read what can have changed since ``before``: new runs, and those that are or were unfinished."""
    new = run_queries.new_since(connection, before.last_id)
    unfinished = run_queries.unfinished(connection)
    met = {run.id for run in new} | {run.id for run in unfinished}
    ended = run_queries.by_id(connection, before.unfinished.keys() - met)
    gone = before.unfinished.keys() - met - {run.id for run in ended}

    fleet = set(dag_ids)
    joined = fleet - before.dags.keys()
    touched = {run.dag_id for run in [*new, *unfinished, *ended]} | {before.unfinished[id_] for id_ in gone}
    found = {
        dag_id: {run.id: run for run in before.of(dag_id).runs if run.id not in gone}
        for dag_id in (touched & fleet) | joined
    }
    truncated = {dag_id: before.of(dag_id).truncated for dag_id in found}
    oldest = {dag_id: min(map(_order, its.values()), default=None) for dag_id, its in found.items()}
    for run in [*new, *unfinished, *ended]:
        its = found.get(run.dag_id)
        if its is None:
            continue
        # What is older than everything known of a Dag would leave a gap.
        floor = oldest[run.dag_id]
        if run.id in its or not truncated[run.dag_id] or floor is None or _order(run) > floor:
            its[run.id] = _with_known_try(run, its.get(run.id))
    _read_deep(connection, joined, _KEPT, found, truncated)
    last_id = max((run.id for run in new), default=before.last_id)
    read = _finished(connection, found, truncated, max(last_id, before.last_id), before)
    others = {
        dag_id: its for dag_id, its in before.dags.items() if dag_id in fleet and dag_id not in read.dags
    }
    return FleetRuns(
        dags=others | dict(read.dags),
        last_id=read.last_id,
        unfinished={id_: dag_id for id_, dag_id in before.unfinished.items() if dag_id in others}
        | dict(read.unfinished),
        changed=read.changed,
    )


def _with_known_try(run: RunRow, known: RunRow | None) -> RunRow:
    """A run as read has no ``first_failed_try_end``; one that did not change keeps what was looked up."""
    if known is None or run != known._replace(first_failed_try_end=None):
        return run
    return known


def _collect(found: Mapping[str, dict[int, RunRow]], rows: Iterable[RunRow]) -> None:
    for run in rows:
        its = found.get(run.dag_id)
        if its is not None:
            its[run.id] = run


def _known_before(
    connection: Connection,
    sparse: Collection[str],
    before: FleetRuns,
    found: Mapping[str, Mapping[int, RunRow]],
) -> dict[str, dict[int, RunRow]]:
    """The older runs of Dags that were read before, as they are now; without the Dags of which some
    are gone."""
    wanted = {
        dag_id: {run.id for run in before.dags[dag_id].runs} - found[dag_id].keys()
        for dag_id in sparse
        if dag_id in before.dags
    }
    read: dict[str, dict[int, RunRow]] = {dag_id: {} for dag_id in wanted}
    _collect(read, run_queries.by_id(connection, (id_ for ids in wanted.values() for id_ in ids)))
    return {dag_id: its for dag_id, its in read.items() if len(its) == len(wanted[dag_id])}


def _read_deep(
    connection: Connection,
    dag_ids: Collection[str],
    per_dag: int,
    found: Mapping[str, dict[int, RunRow]],
    truncated: dict[str, bool],
) -> None:
    if not dag_ids:
        return
    rows = run_queries.newest_of_each(connection, dag_ids, per_dag)
    _collect(found, rows)
    read = dict.fromkeys(dag_ids, 0)
    for run in rows:
        if not is_backfill(run):
            read[run.dag_id] += 1
    truncated.update((dag_id, count >= per_dag) for dag_id, count in read.items())


def _look_for_last_good(
    connection: Connection,
    found: Mapping[str, dict[int, RunRow]],
    truncated: dict[str, bool],
    before: FleetRuns | None,
) -> None:
    """Of Dags that only ever failed as far as is known, read deeper, once; later only what was found,
    by number."""
    hopeless = {
        dag_id
        for dag_id, its in found.items()
        if truncated[dag_id]
        and any(map(_counts, its.values()))
        and not any(run.state == "success" and _counts(run) for run in its.values())
    }
    if before is not None:
        looked = {dag_id for dag_id in hopeless if len(before.of(dag_id).runs) > _KEPT + _KEPT_BACKFILLS}
        for dag_id, its in _known_before(connection, looked, before, found).items():
            found[dag_id].update(its)
            truncated[dag_id] = before.dags[dag_id].truncated
            hopeless.discard(dag_id)
    _read_deep(connection, hopeless, _DEEP, found, truncated)


def _finished(
    connection: Connection,
    found: Mapping[str, Mapping[int, RunRow]],
    truncated: Mapping[str, bool],
    last_id: int,
    before: FleetRuns | None,
) -> FleetRuns:
    """Cut each Dag's runs to what is kept, look up the failed tries of cleared runs, and tell what
    changed."""
    kept = {dag_id: _cut(its.values(), truncated[dag_id]) for dag_id, its in found.items()}
    cleared = [
        run
        for its in kept.values()
        for run in its.runs
        if run.clear_number > 0 and run.first_failed_try_end is None
    ]
    with_tries = {run.id: run for run in run_queries.with_failed_tries(connection, cleared)}
    dags = {
        dag_id: DagRuns(tuple(with_tries.get(run.id, run) for run in its.runs), its.truncated)
        if any(run.id in with_tries for run in its.runs)
        else its
        for dag_id, its in kept.items()
    }
    changed = frozenset(
        dag_id for dag_id, its in dags.items() if before is None or before.dags.get(dag_id) != its
    )
    if before is not None:
        # What did not change stays the same object, and whoever compares by identity is quick.
        dags = {dag_id: its if dag_id in changed else before.dags[dag_id] for dag_id, its in dags.items()}
    unfinished = {
        run.id: dag_id for dag_id, its in dags.items() for run in its.runs if run.state not in _FINISHED
    }
    return FleetRuns(dags, last_id, unfinished, changed)


def _cut(runs: Iterable[RunRow], truncated: bool) -> DagRuns:
    """Keep the newest runs: 40, or as many as it takes to reach the last good one; and a few backfills
    among them."""
    ordered = sorted(runs, key=_order, reverse=True)
    kept: list[RunRow] = []
    plain = backfills = 0
    good = False
    for run in ordered:
        if plain >= _KEPT and good:
            return DagRuns(tuple(kept), truncated=True)
        if is_backfill(run):
            backfills += 1
            if backfills <= _KEPT_BACKFILLS:
                kept.append(run)
            continue
        plain += 1
        good = good or run.state == "success"
        kept.append(run)
    return DagRuns(tuple(kept), truncated)
