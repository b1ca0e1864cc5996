"""Logs that lie as files under this process's own log folder."""

from __future__ import annotations

import os
from itertools import islice

from windsock.logs.source import LogSource, open_regular_file

_MAX_FOLDER_ENTRIES = 10_000
_MAX_PARTS = 20


def open_local(relative_path: str | None, base_folder: str | None = None) -> LogSource | None:
    """Open a try's log where it lies; None when it is not here.

    A task that was deferred has further files beside its log (``….log.trigger.7.log``); they are read before it, so
    that the log still ends with what the worker wrote last.

    :param relative_path: as Airflow's log template names it, see ``[logging] log_filename_template``
    :param base_folder: ``[logging] base_log_folder`` by default
    """
    if not relative_path:
        return None
    base = os.path.realpath(base_folder if base_folder is not None else _base_log_folder())
    path = _inside(base, os.path.join(base, relative_path))
    if path is None:
        return None
    try:
        main = open_regular_file(path)
    except (OSError, ValueError):
        return None
    parts: list[int] = []
    for name in _beside(path):
        part = _inside(base, os.path.join(os.path.dirname(path), name))
        if part is None:
            continue
        try:
            parts.append(open_regular_file(part))
        except OSError:
            continue
    return LogSource([*parts, main], origin="file")


def _base_log_folder() -> str:
    from airflow.configuration import conf

    return os.path.expanduser(conf.get("logging", "base_log_folder"))


def _inside(base: str, path: str) -> str | None:
    """Resolve a path; None when it leads out of ``base``, by ``..`` in a name or by a link."""
    try:
        resolved = os.path.realpath(path)
        return resolved if os.path.commonpath([base, resolved]) == base and resolved != base else None
    except (OSError, ValueError):
        return None


def _beside(path: str) -> list[str]:
    name = os.path.basename(path)
    try:
        with os.scandir(os.path.dirname(path)) as entries:
            names = [entry.name for entry in islice(entries, _MAX_FOLDER_ENTRIES)]
    except OSError:
        return []
    return sorted(other for other in names if other.startswith(name + "."))[:_MAX_PARTS]
