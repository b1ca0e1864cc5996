"""Logs as files: where they may lie, and what they may go through while they are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from windsock.logs.local import open_local
from windsock.logs.source import LogSource, open_regular_file
from windsock.logs.windows import window


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def opened(relative_path: str, base: Path) -> LogSource:
    source = open_local(relative_path, str(base))
    assert source is not None
    return source


def test_a_log_is_read_where_it_lies(base: Path) -> None:
    write(base / "dag_id=a b/run_id=x+00:00/attempt=1.log", b"one\ntwo\n")
    with opened("dag_id=a b/run_id=x+00:00/attempt=1.log", base) as source:
        assert (source.size_bytes, source.read(4, 100), source.origin) == (8, b"two\n", "file")


@pytest.mark.parametrize(
    "path", ["", None, "nowhere.log", "../secret", "a/../../secret", "/etc/passwd", ".", "x\x00y"]
)
def test_what_is_not_under_the_log_folder_is_not_opened(base: Path, path: str | None) -> None:
    write(base.parent / "secret", b"secret")
    assert open_local(path, str(base)) is None


def test_a_link_out_of_the_log_folder_is_not_followed(base: Path) -> None:
    secret = write(base.parent / "secret", b"secret")
    (base / "out.log").symlink_to(secret)
    (base / "folder").symlink_to(base.parent)
    write(base / "in.log", b"in")
    (base / "in.log.trigger.1.log").symlink_to(secret)
    assert open_local("out.log", str(base)) is None
    assert open_local("folder/secret", str(base)) is None
    with opened("in.log", base) as source:
        assert source.read(0, 100) == b"in"


def test_a_pipe_in_the_place_of_a_log_does_not_block(base: Path) -> None:
    os.mkfifo(base / "pipe.log")
    assert open_local("pipe.log", str(base)) is None
    assert open_local("", str(base)) is None


def test_what_the_trigger_wrote_stands_before_what_the_worker_wrote(base: Path) -> None:
    write(base / "attempt=1.log", b"worker\n")
    write(base / "attempt=1.log.trigger.12.log", b"trigger\n")
    write(base / "attempt=10.log", b"another try\n")
    with opened("attempt=1.log", base) as source:
        assert source.read(0, 100) == b"trigger\nworker\n"
        assert source.read(3, 7) == b"gger\nwo"
        assert source.size_bytes == 15


def test_a_log_that_grows_is_seen_to_grow(base: Path) -> None:
    path = write(base / "a.log", b"one\n")
    with opened("a.log", base) as source:
        first = window(source)
        with path.open("ab") as log:
            log.write(b"two\n")
        below = window(source, first.end_offset)
        assert [record.text for record in (*first.records, *below.records)] == ["one", "two"]
        assert below.at_end


def test_a_log_that_is_deleted_is_read_to_its_end(base: Path) -> None:
    path = write(base / "a.log", b"one\ntwo\n")
    with opened("a.log", base) as source:
        path.unlink()
        assert [record.text for record in window(source).records] == ["one", "two"]


def test_of_a_log_that_is_truncated_less_comes_back(base: Path) -> None:
    path = write(base / "a.log", b"one\ntwo\n")
    with opened("a.log", base) as source:
        os.truncate(path, 2)
        assert source.read(0, 100) == b"on"
        assert window(source, 4).records == ()


def test_a_closed_log_gives_nothing(base: Path) -> None:
    source = LogSource([open_regular_file(write(base / "a.log", b"one\n"))], origin="file")
    source.close()
    source.close()
    assert (source.size_bytes, source.read(0, 10)) == (0, b"")


def test_a_log_keeps_its_id_while_it_grows_and_has_another_when_its_offsets_moved(tmp_path: Path) -> None:
    path = tmp_path / "attempt=1.log"
    path.write_bytes(b"one\n")
    before = local(tmp_path)
    with path.open("ab") as log:
        log.write(b"two\n")
    assert local(tmp_path) == before
    (tmp_path / "attempt=1.log.trigger.7.log").write_bytes(b"first\n")
    with_part = local(tmp_path)
    assert with_part != before
    path.rename(tmp_path / "kept")
    path.write_bytes(b"one\n")
    assert local(tmp_path) != with_part


def local(folder: Path) -> str:
    source = open_local("attempt=1.log", str(folder))
    assert source is not None
    with source:
        return source.log_id
