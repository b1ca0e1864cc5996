"""The log of a try over the API: windows, search, the error's place, two tries compared, the raw file; whatever the
log is made of, and only for those who may read it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.integration.api_host import ApiHost, fab_host, simple_host
from tests.integration.seeding import Databases, Seeder
from tests.integration.seeding.seeder import SeededRun, SeededTaskInstance
from tests.unit.logs.samples import LogLine, exception, failed, line, log_bytes, printed, started
from windsock.logs.source import LogSource, open_regular_file

ANSWER_BYTES = 256 * 1024
RUN_ID = "manual__2026-11-20T10:00:00+00:00"
MB = 1024 * 1024


@dataclass
class Place:
    """The API, and tries whose logs a test writes."""

    api: ApiHost
    seeder: Seeder
    run: SeededRun
    logs: Path

    def add(self, task_id: str, state: str = "failed", **columns: Any) -> SeededTaskInstance:
        """Add a task instance."""
        instance = self.seeder.task_instance(self.run, task_id, state=state, **columns)
        self.seeder.write()
        return instance

    def file(self, task_id: str, try_number: int = 1) -> Path:
        """Where the log of a try belongs."""
        folder = self.logs / "dag_id=orders" / f"run_id={RUN_ID}" / f"task_id={task_id}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"attempt={try_number}.log"

    def write(self, task_id: str, content: bytes, state: str = "failed", **columns: Any) -> Path:
        """Add a task instance with this log."""
        self.add(task_id, state, **columns)
        file = self.file(task_id, int(columns.get("try_number", 1)))
        file.write_bytes(content)
        return file

    def ask(self, task_id: str, path: str = "", user: str | None = "viewer", **query: Any) -> httpx.Response:
        """Ask for something of a try's log."""
        asked = str(httpx.QueryParams(query))
        address = f"/dags/orders/runs/{quote(RUN_ID, safe='')}/tasks/{task_id}/log{path}?{asked}"
        return self.api.get(address, user)

    def get(self, task_id: str, path: str = "", **query: Any) -> Any:
        """Get an answer within the bounds of one."""
        answer = self.ask(task_id, path, **query)
        assert answer.status_code == 200, answer.text
        assert len(answer.content) <= ANSWER_BYTES
        assert answer.headers["cache-control"] == "private, no-cache"
        return answer.json()


@pytest.fixture(scope="module")
def place(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    logs = tmp_path_factory.mktemp("logs")
    database = databases.create()
    with pytest.MonkeyPatch.context() as patch, database.bound() as engine:
        patch.setenv("AIRFLOW__LOGGING__BASE_LOG_FOLDER", str(logs))
        seeder = Seeder(engine)
        seeder.dag("orders", graph={"load": ()})
        run = seeder.run("orders", run_after=seeder.now - timedelta(hours=1), state="failed", run_id=RUN_ID)
        seeder.write()
        with simple_host(viewer="viewer") as api:
            yield Place(api, seeder, run, logs)
    databases.drop(database)


def texts(answer: Any) -> list[str]:
    return [item["text"] for item in answer["lines"]]


def content(answer: Any, file: Path) -> bytes:
    """The bytes that the lines of an answer stand for; they must follow each other without a gap."""
    offset = answer["start_offset"]
    for item in answer["lines"]:
        assert item["offset"] == offset
        offset += item["length_bytes"]
    assert offset == answer["end_offset"]
    return file.read_bytes()[answer["start_offset"] : answer["end_offset"]]


def whole_upward(place: Place, task_id: str, file: Path, **query: Any) -> bytes:
    """The whole log by windows from the end to the start."""
    answer = place.get(task_id, **query)
    assert answer["at_end"]
    collected = content(answer, file)
    while not answer["at_start"]:
        above = place.get(task_id, before=answer["start_offset"], **query)
        assert above["end_offset"] == answer["start_offset"] > above["start_offset"]
        collected = content(above, file) + collected
        answer = above
    return collected


def whole_downward(place: Place, task_id: str, file: Path, **query: Any) -> bytes:
    """The whole log by windows from the start to the end."""
    collected = b""
    offset = 0
    while True:
        answer = place.get(task_id, offset=offset, **query)
        assert answer["start_offset"] == offset
        collected += content(answer, file)
        if answer["at_end"]:
            return collected
        assert answer["end_offset"] > offset
        offset = answer["end_offset"]


def test_a_log_opens_at_its_end(place: Place) -> None:
    lines = [line(f"row {number}", logger="orders.load") for number in range(5_000)]
    place.write("end", log_bytes([*lines, failed(exception("ConnectionError", "refused"))]))
    answer = place.get("end")
    assert (answer["log_state"], answer["try_number"], answer["map_index"]) == ("found", 1, -1)
    assert answer["at_end"]
    assert not answer["at_start"]
    assert not answer["growing"]
    assert answer["ask_again_s"] is None
    last, above = answer["lines"][-1], answer["lines"][-2]
    assert (above["text"], above["level"], above["logger"]) == ("row 4999", "info", "orders.load")
    assert above["source"] == "task_runner.py:1676"
    assert above["timestamp"] == "2026-11-20T13:36:26.851581Z"
    assert last["error_text"].splitlines()[-1] == "ConnectionError: refused"


HOSTILE = {
    "html": log_bytes([line("<script>alert(1)</script><img src=x onerror=alert(1)>"), "</pre><b>plain</b>"]),
    "broken_json": b'{"event":"cut\n{"level":7,"event":[{}]}\n{}\n[]\nnull\n'
    b'{"timestamp":"x","level":"info","event":null}\n',
    "binary": bytes(range(256)) * 200,
    "encodings": "é日😀\n".encode()
    + "é\n".encode("latin-1")
    + "日本\n".encode("utf-16")
    + b"\xef\xbb\xbfbom\r\n",
    "empty_lines": b"\n" * 30_000,
    "nul": b"\x00" * 150_000 + b"\n",
    "megabyte": log_bytes([line("above"), line("x" * MB + " deep inside " + "y" * 5_000, "error"), "below"]),
    "megabyte_plain": b"first\n" + "é".encode() * (MB // 2) + b"\nlast",
    "control": log_bytes(
        ["\x1b[31mred\x1b[0m\x07\x08\r overwritten", line("\u202eright to left \u0000 \x1b]0;title\x07")]
    ),
    "surrogates": b'{"event":"\\ud800 half","level":"error","logger":"task"}\n',
    "deep": b'{"event":' + b"[" * 50_000 + b"]" * 50_000 + b"}\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_of_a_hostile_log_is_lost_in_either_direction(place: Place, name: str) -> None:
    file = place.write(f"hostile_{name}", HOSTILE[name])
    assert whole_upward(place, f"hostile_{name}", file, max_bytes=128 * 1024) == HOSTILE[name]
    assert whole_downward(place, f"hostile_{name}", file, max_bytes=128 * 1024) == HOSTILE[name]


@pytest.mark.parametrize("name", HOSTILE)
def test_everything_answers_on_a_hostile_log(place: Place, name: str) -> None:
    task_id = f"answers_{name}"
    place.write(task_id, HOSTILE[name], try_number=2)
    place.seeder.history_try(
        place.seeder.task_instance(place.run, f"{task_id}_2", try_number=2), try_number=1
    )
    place.seeder.write()
    for query in ("e", "\\", "below", "é"):
        for backward in (False, True):
            place.get(task_id, "/search", q=query, backward=backward)
    place.get(task_id, "/search", q=r"[^ ]+$", regex=True)
    place.get(task_id, level="error")
    place.get(task_id, level="none", around=100)
    place.get(task_id, around=len(HOSTILE[name]) // 2)
    place.get(task_id, "/error")
    raw = place.ask(task_id, "/raw", form="json")
    assert raw.content == HOSTILE[name]
    text = place.ask(task_id, "/raw")
    assert text.status_code == 200


def test_what_a_log_says_stays_text(place: Place) -> None:
    place.write("markup", HOSTILE["html"])
    answer = place.ask("markup")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert texts(answer.json()) == [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "</pre><b>plain</b>",
    ]


def test_colours_stay_and_are_not_in_the_way_of_a_search(place: Place) -> None:
    place.write("colours", log_bytes([line("\x1b[31mre\x1b[0md alert")]))
    assert texts(place.get("colours")) == ["\x1b[31mre\x1b[0md alert"]
    (hit,) = place.get("colours", "/search", q="red a")["hits"]
    assert (hit["before"], hit["match"], hit["after"]) == ("", "red a", "lert")


def test_a_line_of_a_megabyte_comes_in_pieces_that_say_so(place: Place) -> None:
    place.write("long", HOSTILE["megabyte_plain"])
    first = place.get("long", offset=0)
    assert texts(first) == ["first"]
    piece = place.get("long", offset=first["end_offset"])["lines"][0]
    assert (piece["cut_before"], piece["cut_after"]) == (False, True)
    rest = place.get("long", offset=piece["offset"] + piece["length_bytes"])["lines"][0]
    assert (rest["cut_before"], rest["cut_after"]) == (True, True)
    end = place.get("long")
    assert texts(end) == ["last"]
    above = place.get("long", before=end["start_offset"])["lines"]
    assert (above[0]["cut_before"], above[0]["cut_after"]) == (True, False)


def test_an_answer_is_bounded_in_bytes_and_not_in_characters(place: Place) -> None:
    file = place.write("wide", log_bytes(["日" * 10] * 30_000))
    assert whole_downward(place, "wide", file, max_bytes=128 * 1024) == file.read_bytes()


def test_a_match_deep_in_a_long_line_is_shown_around_it(place: Place) -> None:
    place.write("deep_match", HOSTILE["megabyte"])
    (hit,) = place.get("deep_match", "/search", q="deep inside")["hits"]
    assert hit["level"] == "error"
    assert any("deep inside" in text for text in texts(place.get("deep_match", around=hit["at"])))


def test_offsets_hold_while_the_log_grows(place: Place) -> None:
    file = place.write("grows", log_bytes(printed("one\ntwo")), state="running")
    first = place.get("grows")
    assert first["growing"]
    assert first["ask_again_s"] == 2
    with file.open("ab") as log:
        log.write(b"three, not whole y")
    more = place.get("grows", offset=first["end_offset"])
    assert texts(more) == ["three, not whole y"]
    assert more["log_id"] == first["log_id"]
    with file.open("ab") as log:
        log.write(b"et\nfour\n")
    again = place.get("grows", offset=first["end_offset"])
    assert texts(again) == ["three, not whole yet", "four"]
    assert texts(place.get("grows", offset=0))[:2] == ["one", "two"]
    assert place.get("grows", offset=again["end_offset"])["lines"] == []


def test_an_unchanged_window_is_a_304(place: Place) -> None:
    place.write("unchanged", b"once\n")
    tag = place.ask("unchanged").headers["etag"]
    address = f"/dags/orders/runs/{quote(RUN_ID, safe='')}/tasks/unchanged/log"
    assert place.api.get(address, "viewer", **{"if-none-match": tag}).status_code == 304


def test_a_log_that_is_deleted_and_one_that_is_replaced(place: Place) -> None:
    file = place.write("deleted", b"was here\n", hostname=None)
    before = place.get("deleted")
    file.unlink()
    gone = place.get("deleted", offset=5)
    assert (gone["log_state"], gone["lines"], gone["size_bytes"]) == ("missing", [], 0)
    assert gone["reason"]
    keeper = file.with_name("keeps-the-inode")
    keeper.write_bytes(b"")
    file.write_bytes(b"other\n")
    assert texts(place.get("deleted")) == ["other"]
    assert place.get("deleted")["log_id"] != before["log_id"] or keeper.stat().st_ino == file.stat().st_ino


def test_a_truncated_log_answers_with_what_is_left(place: Place) -> None:
    file = place.write("truncated", b"a line\n" * 1_000)
    end = place.get("truncated")["end_offset"]
    file.write_bytes(b"new\n")
    answer = place.get("truncated", offset=end)
    assert (answer["lines"], answer["size_bytes"], answer["at_end"]) == ([], 4, True)


def test_a_log_that_arrives_late_is_asked_for_again(place: Place) -> None:
    ended = datetime.now(timezone.utc) - timedelta(minutes=1)
    place.add("late", hostname=None, end_date=ended)
    waiting = place.get("late")
    assert (waiting["log_state"], waiting["ask_again_s"], waiting["growing"]) == ("missing", 30, False)
    place.file("late").write_bytes(b"here at last\n")
    assert texts(place.get("late")) == ["here at last"]
    place.add("never", hostname=None)
    assert place.get("never")["ask_again_s"] is None


def test_filters_pass_what_they_should_over_the_whole_log(place: Place) -> None:
    lines: list[LogLine | str] = [line(f"row {number}") for number in range(20_000)]
    lines[3] = line("early", "warning", "orders.load")
    lines[19_990] = line("later", "error", "orders.save")
    lines[10_000] = "plain"
    file = place.write("filters", log_bytes(lines))
    assert texts(place.get("filters", level="warning")) == ["early"]
    answer = place.ask("filters", level="error").json()
    assert (texts(answer), answer["at_start"], answer["at_end"]) == (["later"], True, True)
    assert texts(place.get("filters", logger="orders")) == ["early", "later"]
    assert texts(place.get("filters", level="none")) == ["plain"]
    offset = file.read_bytes().index(b"plain")
    assert texts(place.get("filters", level="none", around=offset)) == ["plain"]
    first = place.get("filters", level="info", offset=0)
    assert not first["at_end"]
    second = place.get("filters", level="info", offset=first["end_offset"])
    assert texts(second)[0] == f"row {len(first['lines']) + 1}"


def test_a_search_goes_on_where_it_ended(place: Place) -> None:
    place.write("search", log_bytes([line(f"needle {number}") for number in range(120)]))
    first = place.get("search", "/search", q="NEEDLE", limit=100)
    assert (len(first["hits"]), first["finished"]) == (100, False)
    second = place.get("search", "/search", q="NEEDLE", limit=100, offset=first["next_offset"])
    assert (second["hits"][0]["after"], second["finished"]) == (" 100", True)
    upward = place.get("search", "/search", q="needle", limit=1, backward=True)
    assert upward["hits"][0]["after"] == " 119"
    window = place.get("search", around=upward["hits"][0]["offset"])
    assert "needle 119" in texts(window)


@pytest.mark.parametrize(
    "query",
    [
        {"q": "(open", "regex": True},
        {"q": r"(a)\1", "regex": True},
        {"q": "[^\\x00]{0,1000}Q", "regex": True},
        {"q": ""},
    ],
)
def test_a_bad_pattern_names_the_field_and_the_reason(place: Place, query: dict[str, Any]) -> None:
    name = f"pattern_{query['q'].encode().hex()}"
    place.write(name, b"x\n")
    place.add(f"{name}_without_log", hostname=None)
    for task_id in (name, f"{name}_without_log"):
        answer = place.ask(task_id, "/search", **query)
        assert answer.status_code == 422, answer.text
        problem = answer.json()
        assert problem["field"] == "q"
        assert len(problem["title"]) > 10
        assert problem["remedy"]


def test_a_pattern_that_explodes_elsewhere_stops_nobody(place: Place) -> None:
    place.write("explodes", b"a" * 200_000 + b"!\n")
    began = time.monotonic()
    place.get("explodes", "/search", q="(a+)+$", regex=True)
    place.get("explodes", "/search", q="(a|aa|a?)+b", regex=True)
    assert time.monotonic() - began < 10


def test_a_wrong_place_is_refused(place: Place) -> None:
    place.write("wrong", b"x\n")
    for query in ({"offset": 1, "before": 2}, {"offset": -1}, {"max_bytes": 10**9}, {"level": "loud"}):
        assert place.ask("wrong", **query).status_code == 422
    assert texts(place.get("wrong", offset=10**12)) == []
    assert place.ask("wrong", try_number=7).json()["field"] == "try_number"
    assert place.ask("wrong", map_index=3).status_code == 404
    assert place.ask("nothing").status_code == 404
    assert place.ask("wrong", user=None).status_code == 401


def test_the_error_of_a_failed_try_and_the_last_one_of_any_other(place: Place) -> None:
    content_ = log_bytes([*started(), line("row"), failed(exception("LoadError", "no rows"))])
    place.write("failed_try", content_)
    answer = place.get("failed_try", "/error")
    assert (answer["state"], answer["line"], answer["certain"]) == ("found", "LoadError: no rows", True)
    assert answer["size_bytes"] == len(content_)
    assert texts(place.get("failed_try", offset=answer["offset"])) == ["Task failed with exception"]

    place.write(
        "retried", log_bytes([line("x"), line("first attempt\nfailed", "error"), line("y")]), "success"
    )
    shown = place.get("retried", "/error")
    assert (shown["state"], shown["line"], shown["certain"]) == ("found", "first attempt", False)
    place.write("fine", log_bytes([line("x")]), "success")
    assert place.get("fine", "/error")["state"] == "none"
    assert place.get("fine", "/error")["reason"] == "No error stands in the log."
    place.add("logless", hostname=None)
    assert place.get("logless", "/error")["state"] == "none"
    assert place.get("logless", "/error")["log_state"] == "missing"


def test_an_error_that_is_not_found_yet_is_asked_for_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from windsock.routes import logs

    monkeypatch.setattr(logs, "_ERROR_WAIT_S", 0.0)
    place.write("awaited", log_bytes([failed(exception("LoadError", "no rows"))]))
    first = place.get("awaited", "/error")
    assert (first["state"], first["ask_again_s"], first["offset"]) == ("pending", 1, None)
    for _ in range(200):
        answer = place.get("awaited", "/error")
        if answer["state"] != "pending":
            break
        time.sleep(0.05)
    assert answer["line"] == "LoadError: no rows"


def test_two_tries_side_by_side(place: Place) -> None:
    common: list[LogLine | str] = [line(f"step {number}") for number in range(20)]
    instance = place.add("twice", try_number=2)
    place.seeder.history_try(instance, try_number=1)
    place.seeder.write()
    place.file("twice", 1).write_bytes(
        log_bytes([*common, line("took 1.5 s"), failed(exception("A", "refused"))])
    )
    place.file("twice", 2).write_bytes(
        log_bytes([*common, line("took 2.25 s"), failed(exception("B", "denied"))])
    )
    answer = place.get("twice", "/compare", try_number=1, with_try=2)
    assert [row["kind"] for row in answer["rows"]] == ["hidden", "same", "same", "same", "left", "right"]
    assert answer["rows"][0]["hidden_lines"] == 18
    took = answer["rows"][3]
    assert (took["left"]["text"], took["right"]["text"]) == ("took 1.5 s", "took 2.25 s")
    assert answer["rows"][2]["right"] is None
    assert answer["rows"][4]["left"]["text"].endswith("A: refused")
    assert (answer["differences"], answer["exact"], answer["rows_left_out"]) == (2, True, 0)
    assert (answer["left"]["try_number"], answer["right"]["try_number"]) == (1, 2)
    assert place.ask("twice", "/compare", try_number=1, with_try=1).json()["field"] == "with_try"
    assert place.ask("twice", "/compare", with_try=5).json()["field"] == "with_try"


def test_a_comparison_of_two_different_logs_is_bounded(place: Place) -> None:
    instance = place.add("unlike", try_number=2)
    place.seeder.history_try(instance, try_number=1)
    place.seeder.write()
    for number in (1, 2):
        lines = [f"{number * 7919 + row} {'日' * 60}" for row in range(3_000)]
        place.file("unlike", number).write_bytes(log_bytes(lines))
    answer = place.get("unlike", "/compare", try_number=1, with_try=2)
    assert answer["rows_left_out"] > 0
    assert answer["differences"] > len(answer["rows"])


def test_a_missing_try_is_compared_with_nothing(place: Place) -> None:
    instance = place.add("half", try_number=2, hostname=None)
    place.seeder.history_try(instance, try_number=1, hostname=None)
    place.seeder.write()
    place.file("half", 2).write_bytes(b"only here\n")
    answer = place.get("half", "/compare", try_number=1, with_try=2)
    assert (answer["left"]["log_state"], answer["right"]["log_state"], answer["rows"]) == (
        "missing",
        "found",
        [],
    )


def test_the_raw_log_is_a_file_and_nothing_a_browser_would_show(place: Place) -> None:
    written = log_bytes([line("eins"), "plain <b>", failed(exception("A", "refused"))])
    place.write('odd"name', written)
    answer = place.ask("odd%22name", "/raw")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    disposition = answer.headers["content-disposition"]
    assert disposition == (
        'attachment; filename="orders_manual__2026-11-20T10_00_00_00_00_odd_name_try1.log"'
    )
    shown = answer.text.splitlines()
    assert shown[0] == "2026-11-20T13:36:26.851581Z info task - eins"
    assert shown[1] == "plain <b>"
    assert shown[-1] == "A: refused"
    raw = place.ask("odd%22name", "/raw", form="json")
    assert raw.content == written
    assert raw.headers["content-disposition"].endswith('.jsonl"')


def test_a_raw_log_longer_than_a_piece_is_whole(place: Place) -> None:
    written = log_bytes([line(f"row {number} {'é' * 50}") for number in range(6_000)]) + b"z" * MB + b"\nend"
    place.write("raw_long", written)
    assert place.ask("raw_long", "/raw", form="json").content == written
    text = place.ask("raw_long", "/raw").text
    assert text.count("\n") == 6_001
    assert text.endswith("z\nend")
    assert "row 5999" in text


def test_a_raw_log_that_is_not_there_says_why(place: Place) -> None:
    place.add("raw_missing", hostname=None)
    answer = place.ask("raw_missing", "/raw")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_log")
    assert answer.json()["detail"]
    place.write("raw_empty", b"")
    assert place.ask("raw_empty", "/raw").content == b""


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[bytes], None]:
    """Gives a store what Airflow's reader finds in it."""
    from windsock import failures

    stored = tmp_path / "stored"

    def copy(task_instance: object, try_number: int, *, max_bytes: int, time_s: float) -> LogSource:
        return LogSource([open_regular_file(stored)], origin="airflow", notes=["s3://logs"])

    monkeypatch.setattr(failures, "copy_through_airflow", copy)

    def put(written: bytes) -> None:
        stored.unlink(missing_ok=True)
        stored.write_bytes(written)

    return put


def test_the_copy_of_a_running_trys_log_is_soon_renewed(
    place: Place, elsewhere: Callable[[bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from windsock import failures

    monkeypatch.setattr(failures, "HELD_WHILE_RUNNING_S", 0.0)
    place.add("remote_running", "running")
    place.add("remote_ended", "failed")
    elsewhere(b"one\n")
    assert place.get("remote_running")["ask_again_s"] == 10
    assert texts(place.get("remote_ended")) == ["one"]
    elsewhere(b"one\ntwo\n")
    answer = place.get("remote_running")
    assert (texts(answer), answer["notes"]) == (["one", "two"], ["s3://logs"])
    assert texts(place.get("remote_ended")) == ["one"], "of a try that ended the copy is held"


ROLES = {
    "everything": ("DAGs", "DAG Runs", "Task Instances", "Task Logs"),
    "no_logs": ("DAGs", "DAG Runs", "Task Instances"),
    "no_runs": ("DAGs", "Task Instances", "Task Logs"),
    "no_tasks": ("DAGs", "DAG Runs", "Task Logs"),
    "another_dag": ("DAG:other", "DAG Runs", "Task Instances", "Task Logs"),
}


def test_only_who_may_read_the_logs_gets_a_word_of_them(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__LOGGING__BASE_LOG_FOLDER", str(tmp_path))
    database = databases.create()
    with database.bound() as engine:
        seeder = Seeder(engine)
        for dag_id in ("orders", "other"):
            seeder.dag(dag_id, graph={"load": ()})
        run = seeder.run("orders", run_after=seeder.now, state="failed", run_id=RUN_ID)
        instance = seeder.task_instance(run, "load", state="failed", try_number=2)
        seeder.history_try(instance, try_number=1)
        seeder.write()
        roles = {
            name: [("can_read", "Website"), ("can_read", "Plugins"), *(("can_read", of) for of in resources)]
            for name, resources in ROLES.items()
        }
        with fab_host(roles) as api:
            place = Place(api, seeder, run, tmp_path)
            for number in (1, 2):
                place.file("load", number).write_bytes(log_bytes([failed(exception("A", "the-secret"))]))
            paths: list[tuple[str, dict[str, Any]]] = [
                ("", {}),
                ("/search", {"q": "secret"}),
                ("/error", {}),
                ("/raw", {}),
                ("/raw", {"form": "json"}),
            ]
            for path, query in [*paths, ("/compare", {"with_try": 1})]:
                for user in ROLES:
                    answer = place.ask("load", path, user, **query)
                    if user == "everything":
                        assert answer.status_code == 200, answer.text
                        continue
                    assert answer.status_code == (404 if user == "another_dag" else 403), f"{user} {path}"
                    assert "the-secret" not in answer.text
                    assert json.loads(answer.text)["title"]
            # what is not there is told to nobody who may not read it
            assert place.ask("no_such_task", "", "no_logs").status_code == 403
    databases.drop(database)
