"""Logs that lie as files under this process's own log folder."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import Final

from windsock.logs.source import LogSource, open_regular_file

_MAX_FOLDER_ENTRIES: Final = 10_000
_MAX_PARTS: Final = 20


def open_local(relative_path: str | None, base_folder: str | None = None) -> LogSource | None:
    """Open a try's log where it lies; None when it is not here.

    A task that was deferred has further files beside its log (``….log.trigger.7.log``); they are read before
    it, so that the log still ends with what the worker wrote last.

    :param relative_path: as Airflow's log template names it, see ``[logging] log_filename_template``
    :param base_folder: ``[logging] base_log_folder`` by default
    """
    if not relative_path:
        return None
    try:
        base = Path(base_folder if base_folder is not None else _base_log_folder()).expanduser().resolve()
        path = base / relative_path
    except (OSError, ValueError, RuntimeError):  # no such user in "~user", a null byte, a loop of links
        return None
    main = _open_inside(base, path)
    if main is None:
        return None
    parts = [part for part in (_open_inside(base, beside) for beside in _beside(path)) if part is not None]
    return LogSource([*parts, main], origin="file")


def _open_inside(base: Path, path: Path) -> int | None:
    """Open a file; None when there is none, or when ``..`` in a name or a link leads out of ``base``."""
    try:
        resolved = path.resolve()
        return open_regular_file(resolved) if base in resolved.parents else None
    except (OSError, ValueError, RuntimeError):
        return None


def _base_log_folder() -> str:
    from airflow.configuration import conf

    return conf.get("logging", "base_log_folder")


def _beside(path: Path) -> list[Path]:
    try:
        with os.scandir(path.parent) as entries:
            names = [entry.name for entry in islice(entries, _MAX_FOLDER_ENTRIES)]
    except OSError:
        return []
    return [path.parent / name for name in sorted(names) if name.startswith(f"{path.name}.")][:_MAX_PARTS]
