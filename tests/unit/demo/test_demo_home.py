"""The demo's folder: only its own is touched, a half-made one is seen, and why it is made anew."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from windsock.demo.cli import choose_port, main, why_anew
from windsock.demo.history.write import refuse_foreign_database
from windsock.demo.home import FORMAT, DemoError, DemoHome, Marker


@pytest.fixture
def home(tmp_path: Path) -> DemoHome:
    made = DemoHome(tmp_path / "demo")
    made.claim()
    return made


def marker(age: timedelta = timedelta(0), *, history: bool = True, version: str = "3.3.2") -> Marker:
    return Marker(FORMAT, version, history, (datetime.now(timezone.utc) - age).isoformat())


def test_a_folder_with_foreign_content_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(DemoError, match="not a demo home"):
        DemoHome(tmp_path).claim()
    with pytest.raises(DemoError, match="not a demo home"):
        DemoHome(tmp_path).clear(keep_empty_database=False)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.tex"]


def test_clearing_leaves_only_what_marks_the_folder_as_ours(home: DemoHome) -> None:
    home.database.write_text("")
    home.empty_database.write_text("")
    (home.logs / "dag_id=x").mkdir(parents=True)
    home.write_marker(marker())
    home.clear(keep_empty_database=True)
    assert home.is_ours
    assert home.empty_database.exists()
    assert not home.database.exists()
    assert not home.logs.exists()
    assert home.read_marker() is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}'])
def test_an_unreadable_marker_is_none(home: DemoHome, content: str) -> None:
    (home.path / "demo.json").write_text(content)
    assert home.read_marker() is None


def test_a_home_is_held_by_one_start_at_a_time(home: DemoHome) -> None:
    first = home.lock()
    assert first is not None
    assert home.lock() is None
    first.close()
    again = home.lock()
    assert again is not None
    again.close()


@pytest.mark.parametrize(
    ("found", "wanted", "because"),
    [
        (None, {}, "making the demo"),
        (marker(), {"fresh": True}, "as asked"),
        (marker(timedelta(hours=25)), {}, "writing the history anew: it ends 25 h ago"),
        (marker(version="3.2.2"), {}, "another version"),
        (marker(), {"history": False}, "without history"),
        (marker(timedelta(hours=25), history=False), {}, "with history"),
    ],
)
def test_why_it_is_made_anew(found: Marker | None, wanted: dict[str, bool], because: str) -> None:
    options = {"fresh": False, "history": True, **wanted}
    reason = why_anew(found, airflow_version="3.3.2", **options)
    assert reason is not None
    assert because in reason


@pytest.mark.parametrize("history", [True, False])
def test_a_finished_home_is_used_as_it_is(history: bool) -> None:
    found = marker(timedelta(hours=23), history=history)
    assert why_anew(found, fresh=False, history=history, airflow_version="3.3.2") is None


def test_history_without_a_schedule_never_goes_stale() -> None:
    found = marker(timedelta(days=9), history=False)
    assert why_anew(found, fresh=False, history=False, airflow_version="3.3.2") is None


def test_the_writer_refuses_any_database_but_the_demos(home: DemoHome, tmp_path: Path) -> None:
    refuse_foreign_database(home, sa.make_url(f"sqlite:///{home.database}"))
    foreign = (
        f"sqlite:///{tmp_path / 'airflow.db'}",
        "sqlite://",
        "postgresql+psycopg2://airflow@db/airflow",
        f"postgresql+psycopg2://airflow@db/{home.database}",
    )
    for url in foreign:
        with pytest.raises(DemoError, match="own database"):
            refuse_foreign_database(home, sa.make_url(url))


def test_the_writer_refuses_a_folder_without_the_demos_tag(tmp_path: Path) -> None:
    home = DemoHome(tmp_path)
    with pytest.raises(DemoError, match="not a demo home"):
        refuse_foreign_database(home, sa.make_url(f"sqlite:///{home.database}"))


def test_settings_of_another_airflow_do_not_reach_the_demo(home: DemoHome) -> None:
    inherited = {
        "AIRFLOW_HOME": "/srv/airflow",
        "AIRFLOW_CONFIG": "/srv/airflow/airflow.cfg",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://production",
        "AIRFLOW__CORE__FERNET_KEY": "secret",
        "AIRFLOW__WINDSOCK__OWN_PACKAGES": "acme",
        "PATH": "/usr/bin",
    }
    environment = home.environment(8391, inherited)
    assert environment["AIRFLOW_HOME"] == str(home.path)
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"sqlite:///{home.database}"
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8391/execution/"
    assert environment["AIRFLOW__WINDSOCK__OWN_PACKAGES"] == "acme"
    assert environment["PATH"] == "/usr/bin"
    assert not {"AIRFLOW_CONFIG", "AIRFLOW__CORE__FERNET_KEY"} & environment.keys()


def test_dags_are_laid_out_with_what_differed_earlier(home: DemoHome) -> None:
    home.lay_out_dags()
    now = (home.dags / "vendor_returns.py").read_text()
    from windsock.demo.home import PACKAGE

    home.lay_out_dags(PACKAGE / "earlier" / "1")
    assert "vendor_sdk" in now
    assert "vendor_sdk" not in (home.dags / "vendor_returns.py").read_text()
    home.lay_out_dags()
    assert (home.dags / "vendor_returns.py").read_text() == now


def test_a_port_that_is_taken_is_said_with_the_remedy() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(DemoError, match="leave --port out"):
            choose_port(taken.getsockname()[1])


def test_a_second_start_gives_the_address_of_the_first(
    home: DemoHome, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    held = home.lock()
    assert held is not None
    home.tell_running("http://127.0.0.1:8391")
    assert main(["demo", "--home", str(home.path)]) == 0
    assert "http://127.0.0.1:8391" in capsys.readouterr().out
    held.close()


def test_a_copied_database_holds_what_the_log_still_had(tmp_path: Path) -> None:
    from windsock.demo.home import copy_database

    source = sqlite3.connect(tmp_path / "a.db")
    source.execute("PRAGMA journal_mode=WAL")
    source.execute("CREATE TABLE t (x)")
    source.execute("INSERT INTO t VALUES (7)")
    source.commit()
    copy_database(tmp_path / "a.db", tmp_path / "b.db")
    copy = sqlite3.connect(tmp_path / "b.db")
    assert copy.execute("SELECT x FROM t").fetchall() == [(7,)]
    source.close()
    copy.close()
