"""What differs between two runs of a task is said once, both ways alike, the most telling first."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windsock.health.changes import CHANGES_MOST, TEXT_MOST, Change, ChangeKind, Side, compare

words = st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
mappings = st.none() | st.dictionaries(words, values, max_size=4)
texts = st.none() | words
sides = st.builds(
    Side,
    version=st.none() | st.integers(1, 3),
    rendered_fields=mappings,
    conf=mappings,
    params=mappings,
    host=texts,
    queue=texts,
    pool=texts,
    executor=texts,
    operator=texts,
    upstream_s=st.dictionaries(st.sampled_from("abc"), st.floats(0, 500), max_size=3),
    retry_reason=texts,
    run_type=texts,
    triggered_by=texts,
)


@given(sides)
def test_a_run_does_not_differ_from_itself(side: Side) -> None:
    assert compare(side, side).changes == ()


@given(sides, sides)
def test_looking_from_the_other_side_swaps_before_and_after(one: Side, other: Side) -> None:
    there, back = compare(one, other), compare(other, one)
    swapped = [
        replace(c, before=c.after, after=c.before, before_s=c.after_s, after_s=c.before_s)
        for c in there.changes
    ]
    assert swapped == list(back.changes)
    assert there.left_out == back.left_out


@given(sides, sides)
def test_every_change_shows_a_difference_in_bounded_space(one: Side, other: Side) -> None:
    comparison = compare(one, other)
    assert len(comparison.changes) <= CHANGES_MOST
    for change in comparison.changes:
        assert (change.before, change.before_s) != (change.after, change.after_s)
        for text in (change.before, change.after):
            assert text is None or len(text) <= TEXT_MOST + 2


@given(st.text(max_size=2_000), st.text(max_size=2_000))
def test_a_cut_value_shows_where_it_differs(one: str, other: str) -> None:
    changes = compare(Side(rendered_fields={"sql": one}), Side(rendered_fields={"sql": other})).changes
    assert bool(changes) == (one != other)
    for change in changes:
        assert change.before != change.after


def _only(before: Side, after: Side) -> Change:
    (change,) = compare(before, after).changes
    return change


@pytest.mark.parametrize(
    ("before", "after", "path", "shown"),
    [
        ({"a": 1}, {"a": 2}, "a", ("1", "2")),
        ({"a": {"b": {"c": "x"}}}, {"a": {"b": {"c": "y"}}}, "a.b.c", ("x", "y")),
        ({"a": ["x", "y"]}, {"a": ["x", "z"]}, "a[1]", ("y", "z")),
        ({"a": ["x"]}, {"a": ["x", "z"]}, "a", ('["x"]', '["x", "z"]')),
        ({}, {"a": None}, "a", (None, "null")),
        ({"a": "1"}, {"a": 1}, "a", ('"1"', "1")),
        ({"a": 1}, {"a": True}, "a", ("1", "true")),
        ({"a": "вчера"}, {"a": "сегодня"}, "a", ("вчера", "сегодня")),
    ],
)
def test_a_nested_value_is_named_by_its_path(
    before: Any, after: Any, path: str, shown: tuple[str | None, str | None]
) -> None:
    change = _only(Side(conf=before), Side(conf=after))
    assert (change.kind, change.what) == (ChangeKind.CONF, path)
    assert (change.before, change.after) == shown


def test_a_long_statement_is_cut_around_the_difference() -> None:
    head, tail = "SELECT column FROM somewhere -- " * 100, " GROUP BY something" * 100
    before, after = (f"{head}orders_{day}{tail}" for day in ("20261119", "20261120"))
    change = _only(Side(rendered_fields={"sql": before}), Side(rendered_fields={"sql": after}))
    assert "orders_20261119" in str(change.before)
    assert "orders_20261120" in str(change.after)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(100, 161, True), (161, 100, True), (100, 160, False), (1_000, 1_400, False), (10, 60, False)],
)
def test_a_task_before_it_counts_only_when_clearly_slower_or_faster(
    before: float, after: float, said: bool
) -> None:
    changes = compare(Side(upstream_s={"extract": before}), Side(upstream_s={"extract": after})).changes
    assert bool(changes) == said
    if said:
        assert (changes[0].what, changes[0].before_s, changes[0].after_s) == ("extract", before, after)


def test_what_is_not_known_on_one_side_is_no_change() -> None:
    known = Side(
        version=1, rendered_fields={"a": 1}, conf={"a": 1}, params={"a": 1}, host="h", queue="q", pool="p",
        executor="e", operator="o", upstream_s={"t": 1_000}, run_type="manual", triggered_by="ui",
    )  # fmt: skip
    assert compare(Side(), known).changes == ()


def test_a_reason_for_a_retry_that_was_not_there_is_a_change() -> None:
    change = _only(Side(), Side(retry_reason="heartbeat lost"))
    assert (change.kind, change.before, change.after) == (ChangeKind.RETRY_REASON, None, "heartbeat lost")


def test_the_most_telling_comes_first() -> None:
    def side(value: int) -> Side:
        text = str(value)
        return Side(
            version=value, rendered_fields={"a": value}, conf={"a": value}, params={"a": value}, host=text,
            queue=text, pool=text, executor=text, operator=text, upstream_s={"t": 1_000.0 * value},
            retry_reason=text, run_type=text, triggered_by=text,
        )  # fmt: skip

    changes = compare(side(1), side(2)).changes
    assert [change.kind for change in changes] == list(ChangeKind)
    assert len(changes) == len(fields(Side))


def test_more_changes_than_can_be_named_are_counted() -> None:
    wide = {f"key_{index}": index for index in range(CHANGES_MOST + 7)}
    comparison = compare(Side(conf={}), Side(conf=wide))
    assert (len(comparison.changes), comparison.left_out) == (CHANGES_MOST, 7)
