from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.health.histories import Run, a_run, at, history
from windsock.health.incidents import (
    Incident,
    IncidentKind,
    dag_incident,
    import_error_incident,
    incident_totals,
    worst_first,
)
from windsock.health.streaks import dag_streak

FAILING = dag_streak(history("sff"))


def test_a_failing_dag_has_an_incident_that_opened_with_its_first_failure() -> None:
    incident = dag_incident("load", FAILING, is_paused=False, paused_by_airflow_at=None)

    assert incident is not None
    assert incident.kind is IncidentKind.FAILING
    assert incident.opened_at == FAILING.failing_since
    assert incident.dag_ids == ("load",)
    assert incident.streak == FAILING


def test_a_dag_that_is_well_has_none() -> None:
    assert dag_incident("load", dag_streak(history("fs")), is_paused=False, paused_by_airflow_at=None) is None
    assert dag_incident("load", dag_streak([]), is_paused=False, paused_by_airflow_at=None) is None


def test_pausing_ends_the_incident() -> None:
    assert dag_incident("load", FAILING, is_paused=True, paused_by_airflow_at=None) is None


def test_a_dag_that_airflow_paused_has_one_incident_with_the_streak_that_led_to_it() -> None:
    incident = dag_incident("load", FAILING, is_paused=True, paused_by_airflow_at=at(77))

    assert incident is not None
    assert incident.kind is IncidentKind.PAUSED_BY_AIRFLOW
    assert incident.opened_at == at(77)
    assert incident.streak == FAILING


def test_a_dag_that_airflow_paused_and_that_runs_again_is_judged_by_its_runs() -> None:
    """An unpause need not leave a record: the Dag itself says that it is not paused."""
    well = dag_streak(history("fs"))
    failing = dag_incident("load", FAILING, is_paused=False, paused_by_airflow_at=at(77))

    assert dag_incident("load", well, is_paused=False, paused_by_airflow_at=at(77)) is None
    assert failing is not None
    assert failing.kind is IncidentKind.FAILING


def test_the_key_stays_while_runs_come_and_are_cleared() -> None:
    rerun = a_run(2, "queued", clear_number=1, first_failed_try_end=at(26))
    sightings = [
        dag_incident("load", dag_streak(runs), is_paused=False, paused_by_airflow_at=None)
        for runs in (history("sf"), history("sff"), [a_run(1, "success"), rerun])
    ]

    assert {incident.key for incident in sightings if incident} == {"failing:load"}
    assert None not in sightings


def test_a_broken_file_is_one_incident_with_the_dags_it_used_to_hold() -> None:
    incident: Incident[Run] = import_error_incident("team/broken.py", "main", ["b", "a"], at(5))

    assert incident.kind is IncidentKind.IMPORT_ERROR
    assert incident.dag_ids == ("a", "b")
    assert incident.key == "import_error:main:team%2Fbroken.py"


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), unique=True, min_size=2, max_size=2))
def test_two_files_never_share_a_key(files: list[tuple[str, str]]) -> None:
    keys = {import_error_incident(name, bundle, [], at(0)).key for bundle, name in files}

    assert len(keys) == 2


_kinds_worst_first = ["failing", "paused_by_airflow", "import_error"]
_incidents = st.builds(
    Incident[Run],
    st.sampled_from(IncidentKind),
    st.tuples(st.sampled_from("abcdefgh")),
    st.integers(0, 5).map(at),
    filename=st.sampled_from("abcdefgh"),
)


@given(st.lists(_incidents, max_size=12, unique_by=lambda incident: incident.key), st.randoms())
def test_worst_first_is_kind_and_then_the_most_recently_opened(
    incidents: list[Incident[Run]], random: Random
) -> None:
    ordered = worst_first(incidents)

    assert sorted(ordered, key=lambda i: i.key) == sorted(incidents, key=lambda i: i.key)
    for above, below in pairwise(ordered):
        kinds = [_kinds_worst_first.index(incident.kind.value) for incident in (above, below)]
        assert kinds[0] <= kinds[1]
        if kinds[0] == kinds[1]:
            assert above.opened_at >= below.opened_at
    random.shuffle(incidents)
    assert worst_first(incidents) == ordered


@given(st.lists(_incidents, max_size=12))
def test_totals_count_the_rows(incidents: list[Incident[Run]]) -> None:
    totals = incident_totals(incidents)

    assert totals.incidents == len(incidents)
    for kind in IncidentKind:
        assert getattr(totals, kind.value) == len([i for i in incidents if i.kind is kind])
