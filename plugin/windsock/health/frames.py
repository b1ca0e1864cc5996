"""Which frames of a traceback are the user's own code.

Told from the frame's path alone, since the worker that wrote it may have other paths than the process that
reads it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final, Protocol, TypeVar

_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
_STANDARD_LIBRARY: Final = re.compile(
    r"(?:^|/)lib(?:64)?/python\d+(?:\.\d+)?t?/(?!site-packages/|dist-packages/)"
)
_WINDOWS_LIBRARY: Final = re.compile(r"/python\d*/lib/", re.IGNORECASE)
_TEMPORARY_ENVIRONMENT: Final = re.compile(
    r"(?:^|/)(?:tmp|temp|T)/(?:venv|tmp)[^/]*/(?:lib|bin)/|(?:^|/)venv-call", re.IGNORECASE
)


_COMPILED: Final = (".pyx", ".pxi", ".pxd", ".rs", ".c", ".cpp")
"""Endings that compiled libraries leave in a traceback, without the folder that they lie in."""


class FrameFacts(Protocol):
    """One frame of a traceback."""

    @property
    def file(self) -> str: ...


Frame = TypeVar("Frame", bound=FrameFacts)


def is_own_frame(file: str, *, dag_file: str | None = None, own_packages: Sequence[str] = ()) -> bool:
    """True when ``file`` is the user's own code, and neither installed nor a part of Python.

    :param file: the frame's path as logged
    :param dag_file: the Dag's file inside its bundle; always the user's own
    :param own_packages: installed top-level packages that are the user's own all the same
    """
    path = file.replace("\\", "/")
    if dag_file and (path == dag_file or path.endswith("/" + dag_file.lstrip("/"))):
        return True
    if path.startswith("<") or path.endswith(_COMPILED):
        return False
    parts = PurePosixPath(path).parts
    for position, part in enumerate(parts):
        if part in _INSTALLED:
            package = parts[position + 1].removesuffix(".py") if position + 1 < len(parts) else ""
            return package in own_packages
    return not (
        _STANDARD_LIBRARY.search(path) or _WINDOWS_LIBRARY.search(path) or _TEMPORARY_ENVIRONMENT.search(path)
    )


def own_frame(
    frames: Sequence[Frame], *, dag_file: str | None = None, own_packages: Sequence[str] = ()
) -> Frame | None:
    """The innermost frame of the user's own code; None when there is none.

    :param frames: outermost first
    """
    for frame in reversed(frames):
        if is_own_frame(frame.file, dag_file=dag_file, own_packages=own_packages):
            return frame
    return None
