"""Signatures and error classes over the corpus of failures, compared with what a person says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from windsock.health.error_class import LoggedFailure
from windsock.health.explain import AuditFacts, EndFacts, explain
from windsock.health.signatures import sign, sign_explanation
from windsock.logs.shapes import read_error_detail

CORPUS = Path(__file__).parents[2] / "corpus"
PRECISION = 0.98
RECALL = 0.95
ACCURACY = 0.9


@dataclass(frozen=True)
class Judged:
    """One failure with what a person says and what Windsock says."""

    id: str
    holdout: bool
    raised: bool
    group: str
    error_class: str
    signature: str | None
    signed_class: str


def _judged(sample: dict[str, Any], holdout: bool) -> Judged:
    facts = sample["facts"]
    if facts is not None:
        events = [AuditFacts(**event) for event in facts.get("events", ())]
        explanation = explain(EndFacts(**{**facts, "events": events}))
        assert explanation is not None, sample["id"]
        signature = sign_explanation(explanation)
        signed_class = explanation.error_class.value
    else:
        failure = LoggedFailure(
            read_error_detail(sample["error_detail"]), sample["line"], sample["in_output"]
        )
        signature = sign(failure)
        assert signature is not None, sample["id"]
        signed_class = signature.error_class.value
    return Judged(
        sample["id"],
        holdout,
        sample["raised"],
        sample["group"],
        sample["error_class"],
        signature.value if signature else None,
        signed_class,
    )


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    """Return all failures of the corpus."""
    found = []
    for name in ("holdout", "open"):
        samples = json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))
        found += [_judged(sample, name == "holdout") for sample in samples]
    return found


def _pairs(judged: Sequence[Judged]) -> tuple[float, float, list[str]]:
    """Return precision and recall of the pairs that are put together, and the pairs that are wrong."""
    ours = person = both = 0
    wrong = []
    for one, other in combinations([entry for entry in judged if entry.group], 2):
        together = one.signature == other.signature
        same = one.group == other.group
        ours += together
        person += same
        both += together and same
        if together != same:
            wrong.append(f"{'merged' if together else 'split'}: {one.id} and {other.id}")
    return both / ours, both / person, wrong


@pytest.mark.parametrize("part", ["all", "holdout"])
def test_failures_are_put_together_as_a_person_would(
    judged: list[Judged], part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = [entry for entry in judged if part == "all" or entry.holdout]
    precision, recall, wrong = _pairs(chosen)
    with capsys.disabled():
        print(f"\n{part}: {len(chosen)} failures, precision {precision:.3f}, recall {recall:.3f} of pairs")
    assert precision >= PRECISION, wrong
    assert recall >= RECALL, wrong


@pytest.mark.parametrize("part", ["all", "holdout"])
def test_the_error_class_is_the_one_a_person_gives(
    judged: list[Judged], part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = [entry for entry in judged if part == "all" or entry.holdout]
    wrong = [
        f"{entry.id}: {entry.signed_class}, not {entry.error_class}"
        for entry in chosen
        if entry.signed_class != entry.error_class
    ]
    accuracy = 1 - len(wrong) / len(chosen)
    with capsys.disabled():
        print(f"\n{part}: error class right for {accuracy:.3f} of {len(chosen)} failures")
    assert accuracy >= ACCURACY, wrong


def test_what_is_no_failure_of_its_own_has_no_signature(judged: list[Judged]) -> None:
    unsigned = {entry.id for entry in judged if entry.signature is None}
    assert unsigned == {entry.id for entry in judged if not entry.group}
    assert unsigned


def test_the_corpus_is_large_and_mostly_raised_by_the_libraries_themselves(judged: list[Judged]) -> None:
    assert len(judged) >= 150
    assert sum(entry.raised for entry in judged) >= len(judged) / 2
    # a third of what is asked for was grouped before there were rules
    assert sum(entry.holdout for entry in judged) >= 50
    classes = Counter(entry.error_class for entry in judged)
    assert (
        min(classes[name] for name in ("infrastructure", "dependency", "data", "code", "timeout", "killed"))
        >= 10
    )
    groups = Counter(entry.group for entry in judged if entry.group)
    assert sum(count > 1 for count in groups.values()) >= 50
