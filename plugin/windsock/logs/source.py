"""A log as bytes that can be read at any place: the file itself, or a copy of it.

Windows, searches and extraction all work on this one interface, so that a log of 500 MB on the local disk and
one that came out of a remote store are handled by the same code, with the same bounds.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Literal

Origin = Literal["file", "airflow"]
"""``file``: read where it lies. ``airflow``: a copy that came through Airflow's own log reader."""


class LogSource:
    """An open log. Reads are bounded, safe from several threads, and never raise for what the file went
    through.

    A file that is deleted after it was opened is still read to its end; one that grows is seen to grow; of
    one that was truncated, less comes back than was asked for.
    """

    def __init__(
        self,
        descriptors: Sequence[int],
        *,
        origin: Origin,
        cut: bool = False,
        notes: Sequence[str] = (),
    ) -> None:
        """Take ownership of open file descriptors; they are read one after the other as one log.

        :param cut: whether something is missing from the log, because it exceeded a limit
        :param notes: what Airflow's reader said about where it looked, for people to read
        """
        self._descriptors = list(descriptors)
        self.origin: Final = origin
        self.cut: Final = cut
        self.notes: Final = tuple(notes)
        self._lock = threading.Lock()
        # all but the last part have ended: their sizes hold still, and so do the offsets behind them
        self._sizes = [_size(descriptor) for descriptor in self._descriptors[:-1]]

    @property
    def log_id(self) -> str:
        """What these offsets belong to: another one means that offsets told before no longer hold.

        A file that was replaced has another, and a log to which a part was added in front; a file that grows
        keeps its own. Copies of a whole log begin the same way, copies of which the start is missing do not.
        """
        with self._lock:
            if self.origin == "airflow":
                return f"cut-{_size(self._descriptors[-1])}" if self.cut and self._descriptors else "copy"
            return "+".join(_identity(descriptor) for descriptor in self._descriptors)

    @property
    def size_bytes(self) -> int:
        """How long the log is now, in bytes."""
        with self._lock:
            return sum(self._sizes) + (_size(self._descriptors[-1]) if self._descriptors else 0)

    def read(self, offset: int, length: int) -> bytes:
        """Return at most ``length`` bytes from ``offset``: fewer at the end, none past it or when it cannot
        be read."""
        pieces: list[bytes] = []
        with self._lock:
            start = 0
            for position, descriptor in enumerate(self._descriptors):
                last = position == len(self._descriptors) - 1
                end = None if last else start + self._sizes[position]
                if length > 0 and (end is None or offset < end):
                    wanted = length if end is None else min(length, end - offset)
                    piece = _pread(descriptor, wanted, offset - start)
                    pieces.append(piece)
                    offset += len(piece)
                    length -= len(piece)
                    if len(piece) < wanted:
                        break
                if end is not None:
                    start = end
        return b"".join(pieces)

    def close(self) -> None:
        """Let go of the file; a copy is gone with it. Reads then return nothing."""
        with self._lock:
            descriptors, self._descriptors, self._sizes = self._descriptors, [], []
        for descriptor in descriptors:
            os.close(descriptor)

    def __del__(self) -> None:
        # a copy that was held for further windows is dropped from its cache, not closed by anybody
        self.close()

    def __enter__(self) -> LogSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _size(descriptor: int) -> int:
    try:
        return os.fstat(descriptor).st_size
    except OSError:
        return 0


def _identity(descriptor: int) -> str:
    try:
        found = os.fstat(descriptor)
    except OSError:
        return "gone"
    return f"{found.st_dev:x}.{found.st_ino:x}"


def _pread(descriptor: int, length: int, offset: int) -> bytes:
    pieces: list[bytes] = []
    while length > 0:
        try:
            piece = os.pread(descriptor, length, offset)
        except OSError:
            break
        if not piece:
            break
        pieces.append(piece)
        offset += len(piece)
        length -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def open_regular_file(path: str | os.PathLike[str]) -> int:
    """Open a file for reading.

    :raises OSError: when it is not there, may not be read or is no regular file
    """
    # a pipe put in a log's place would block the open for ever
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path!s} is not a regular file")
    return descriptor
