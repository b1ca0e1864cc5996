"""What is different between two runs of one task, the most telling first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

CHANGES_MOST: Final = 100
"""How many changes are named; of the others only how many there are."""
TEXT_MOST: Final = 240
"""How many characters of a value are shown."""
_BEFORE_DIFFERENCE: Final = 40
"""How many characters before the first difference a cut value shows."""
_DEPTH_MOST: Final = 8
"""How deep nested values are told apart by path; below that they are compared as a whole."""
_SLOWER: Final = 1.5
_SLOWER_BY_S: Final = 60.0
"""A task before this one counts as changed when it took both so many times and so many seconds more or less."""


class ChangeKind(str, Enum):
    """What kind of thing differs, most telling first."""

    VERSION = "version"
    """The version of the Dag."""
    FIELD = "field"
    """A template field as it was rendered."""
    CONF = "conf"
    """The configuration that the run was given."""
    PARAM = "param"
    """The default of a param."""
    HOST = "host"
    QUEUE = "queue"
    POOL = "pool"
    EXECUTOR = "executor"
    OPERATOR = "operator"
    UPSTREAM = "upstream"
    """The run time of a task directly before this one."""
    RETRY_REASON = "retry_reason"
    RUN_TYPE = "run_type"
    TRIGGERED_BY = "triggered_by"


_RANK: Final = {kind: rank for rank, kind in enumerate(ChangeKind)}


@dataclass(frozen=True, slots=True)
class Side:
    """One run of the task, as far as it is known. What is None is not known and never counts as changed."""

    version: int | None = None
    rendered_fields: Mapping[str, object] | None = None
    conf: Mapping[str, object] | None = None
    params: Mapping[str, object] | None = None
    host: str | None = None
    queue: str | None = None
    pool: str | None = None
    executor: str | None = None
    operator: str | None = None
    upstream_s: Mapping[str, float] = field(default_factory=dict)
    """Run time of the tasks directly before it, in seconds, by task id."""
    retry_reason: str | None = None
    run_type: str | None = None
    triggered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs."""

    kind: ChangeKind
    what: str
    """Of nested values the path, like ``op_kwargs.table`` or ``requirements[0]``; else the thing's name."""
    before: str | None
    """None: it was not there. Long values are cut around their first difference."""
    after: str | None
    """None: it is not there any more."""
    before_s: float | None = None
    """For run times, seconds."""
    after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs of a task."""

    changes: tuple[Change, ...]
    left_out: int
    """How many further changes are not named."""


def compare(before: Side, after: Side) -> Comparison:
    """Return what differs, most telling first; nothing for equal sides."""
    changes = sorted(_changes(before, after), key=lambda change: (_RANK[change.kind], change.what))
    return Comparison(tuple(changes[:CHANGES_MOST]), max(0, len(changes) - CHANGES_MOST))


def _changes(before: Side, after: Side) -> Iterator[Change]:
    for kind, what, old, new in (
        (ChangeKind.VERSION, "Dag version", before.version, after.version),
        (ChangeKind.HOST, "host", before.host, after.host),
        (ChangeKind.QUEUE, "queue", before.queue, after.queue),
        (ChangeKind.POOL, "pool", before.pool, after.pool),
        (ChangeKind.EXECUTOR, "executor", before.executor, after.executor),
        (ChangeKind.OPERATOR, "operator", before.operator, after.operator),
        (ChangeKind.RUN_TYPE, "run type", before.run_type, after.run_type),
        (ChangeKind.TRIGGERED_BY, "triggered by", before.triggered_by, after.triggered_by),
    ):
        if old is not None and new is not None and old != new:
            yield Change(kind, what, *_shown(old, new))
    if before.retry_reason != after.retry_reason:
        # Here None is knowledge: Airflow gave no reason for a retry.
        yield Change(
            ChangeKind.RETRY_REASON,
            "retry reason",
            *_shown(_or_absent(before.retry_reason), _or_absent(after.retry_reason)),
        )
    for nested, old_values, new_values in (
        (ChangeKind.FIELD, before.rendered_fields, after.rendered_fields),
        (ChangeKind.CONF, before.conf, after.conf),
        (ChangeKind.PARAM, before.params, after.params),
    ):
        if old_values is not None and new_values is not None:
            for path, was, became in _differences(old_values, new_values, "", 0):
                yield Change(nested, path, *_shown(was, became))
    yield from _upstream(before.upstream_s, after.upstream_s)


def _upstream(before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[Change]:
    for task_id in before.keys() & after.keys():
        old, new = before[task_id], after[task_id]
        if abs(new - old) > _SLOWER_BY_S and max(old, new) > _SLOWER * min(old, new):
            yield Change(ChangeKind.UPSTREAM, task_id, None, None, before_s=old, after_s=new)


class _Absent:
    """Stands for a value that is not there: None is one that may be."""


_ABSENT: Final = _Absent()


def _or_absent(value: object) -> object:
    return _ABSENT if value is None else value


def _differences(
    before: object, after: object, path: str, depth: int
) -> Iterator[tuple[str, object, object]]:
    if _same(before, after):
        return
    if depth < _DEPTH_MOST:
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            for key in {str(key) for key in before} | {str(key) for key in after}:
                yield from _differences(
                    before.get(key, _ABSENT),
                    after.get(key, _ABSENT),
                    f"{path}.{key}" if path else key,
                    depth + 1,
                )
            return
        if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            for index, (old, new) in enumerate(zip(before, after, strict=True)):
                yield from _differences(old, new, f"{path}[{index}]", depth + 1)
            return
    yield path, before, after


def _same(before: object, after: object) -> bool:
    # 1, 1.0 and True are equal to Python and three values to everybody else.
    return before is after or (
        not isinstance(before, _Absent) and not isinstance(after, _Absent) and _text(before) == _text(after)
    )


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _shown(before: object, after: object) -> tuple[str | None, str | None]:
    """Both values as text: strings bare unless only their kind tells them apart."""
    old, new = _bare(before), _bare(after)
    if old is not None and old == new:
        old, new = _text(before), _text(after)
    if old is None or new is None:
        return _cut(old, 0), _cut(new, 0)
    first = next(
        (index for index, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]),
        min(len(old), len(new)),
    )
    return _cut(old, first), _cut(new, first)


def _bare(value: object) -> str | None:
    if isinstance(value, _Absent):
        return None
    return value if isinstance(value, str) else _text(value)


def _cut(text: str | None, difference: int) -> str | None:
    """At most so many characters of a text, beginning shortly before its first difference."""
    if text is None or len(text) <= TEXT_MOST:
        return text
    # A text that ends where the other goes on still shows its end.
    start = max(0, min(difference - _BEFORE_DIFFERENCE, len(text) - TEXT_MOST))
    end = start + TEXT_MOST
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
