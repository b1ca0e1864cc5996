"""The ``[windsock]`` section of Airflow's configuration, typed, in one place.

Every option may also be given as an environment variable in Airflow's way
(``AIRFLOW__WINDSOCK__LOG_READ_TIMEOUT``); ``WINDSOCK_DEV_URL`` alone has a name of its own, because it
belongs to a developer's shell and not to a deployment.
"""

from __future__ import annotations

import ipaddress
import logging
import os
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

SECTION = "windsock"
DEV_URL_VARIABLE = "WINDSOCK_DEV_URL"


class SettingError(ValueError):
    """An option of ``[windsock]`` holds something that cannot be used; the text names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an administrator can choose; each field's default is what most deployments want."""

    own_packages: tuple[str, ...] = ()
    """Top-level Python packages that count as the user's own code although they are installed."""
    log_read_timeout_s: float = 30.0
    """How long one read through Airflow's own log reader may take, in seconds."""
    log_read_max_bytes: int = 50 * 1024 * 1024
    """How much of a log is taken through Airflow's own log reader, in bytes."""
    statement_timeout_s: float = 5.0
    """How long one of our statements may run in the metadata database, in seconds."""
    queue_timeout_s: float = 5.0
    """How long a request waits for a free thread of ours before it is answered 503, in seconds."""
    snapshot_full_every_s: float = 60.0
    """How often the fleet is read anew in full while somebody looks, in seconds."""
    snapshot_refresh_every_s: float = 5.0
    """How often what can have changed is read while somebody looks, in seconds."""


def _number(option: str, default: float, minimum: float) -> float:
    from airflow.configuration import conf

    text = conf.get(SECTION, option, fallback=None)
    if text is None or not str(text).strip():
        return default
    try:
        value = float(text)
    except ValueError:
        raise SettingError(
            f"[{SECTION}] {option} = {text!r} is not a number; give at least {minimum:g}"
        ) from None
    if not value >= minimum:
        raise SettingError(f"[{SECTION}] {option} = {text!r} is too small; give at least {minimum:g}")
    return value


@cache
def get_settings() -> Settings:
    """Read the section once per process.

    :raises SettingError: when an option cannot be used; the message names the option and the remedy.
    """
    from airflow.configuration import conf

    defaults = Settings()
    own = conf.get(SECTION, "own_packages", fallback="") or ""
    return Settings(
        own_packages=tuple(part.strip() for part in own.split(",") if part.strip()),
        log_read_timeout_s=_number("log_read_timeout", defaults.log_read_timeout_s, 1),
        log_read_max_bytes=int(_number("log_read_max_bytes", defaults.log_read_max_bytes, 64 * 1024)),
        statement_timeout_s=_number("statement_timeout", defaults.statement_timeout_s, 0.1),
        queue_timeout_s=_number("queue_timeout", defaults.queue_timeout_s, 0.1),
        snapshot_full_every_s=_number("snapshot_full_every", defaults.snapshot_full_every_s, 1),
        snapshot_refresh_every_s=_number("snapshot_refresh_every", defaults.snapshot_refresh_every_s, 1),
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def dev_url(environ: dict[str, str] | os._Environ[str] = os.environ) -> str | None:
    """Return where a developer's Vite serves the UI, without a trailing slash, or None.

    Taken for loopback addresses only, since the page runs whatever code that address serves with the
    viewer's rights. Anything else is refused in the log and ignored.
    """
    value = environ.get(DEV_URL_VARIABLE, "").strip().rstrip("/")
    if not value:
        return None
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        parts, host = None, ""
    if parts is None or parts.scheme not in ("http", "https") or not _is_loopback(host):
        log.error(
            "%s=%r is ignored, the built bundle is used: only a loopback address is taken, "
            "like http://127.0.0.1:5173",
            DEV_URL_VARIABLE,
            value,
        )
        return None
    return value


def base_path() -> str:
    """Return the path of ``[api] base_url``, without a trailing slash: empty at the root of a host."""
    from airflow.configuration import conf

    return urlsplit(conf.get("api", "base_url", fallback="") or "").path.rstrip("/")
