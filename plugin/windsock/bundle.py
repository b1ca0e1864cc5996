"""The built UI: where its entry is, and how its files are served."""

from __future__ import annotations

import json
import logging
from functools import cache
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from windsock import __version__, settings

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
ENTRY = "src/main.tsx"


def entry_file(static: Path = STATIC) -> str | None:
    """Return the entry's path below the static folder, with its content hash, or None when nothing is built.

    The hash is in the name and never in a query: a lazy chunk imports the entry by its bare name, and a
    second address would evaluate it a second time.
    """
    try:
        manifest: dict[str, Any] = json.loads((static / ".vite" / "manifest.json").read_text())
        file = manifest[ENTRY]["file"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return str(file) if (static / str(file)).is_file() else None


@cache
def bundle_url(prefix: str) -> str | None:
    """Return the address of the bundle for the host page, or None when there is no bundle.

    :param prefix: where our app is mounted in the host, e.g. ``/windsock``
    """
    if dev := settings.dev_url():
        log.warning("%s is set: the UI is loaded from %s", settings.DEV_URL_VARIABLE, dev)
        return f"{dev}/{ENTRY}"
    entry = entry_file()
    if entry is None:
        log.error(
            "The Windsock UI is not built: no entry in %s. Run `make bundle` in the checkout, or install "
            "the wheel. The API works without it.",
            STATIC,
        )
        return None
    return f"{settings.base_path()}{prefix}/static/{entry}"


def icon_url(prefix: str, name: str) -> str:
    """Return the address of an icon; its query changes with the version, since its name does not."""
    return f"{settings.base_path()}{prefix}/static/{name}?v={__version__}"


class BundleFiles(StaticFiles):
    """Serves the static folder: hashed names for ever, all others after asking again."""

    def __init__(self, directory: Path = STATIC) -> None:
        super().__init__(directory=directory, check_dir=False)

    async def check_config(self) -> None:
        """Take a folder that is not there for an empty one: the log has said so, and 404 says it here."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer one file; nothing below a dot folder is served."""
        if any(part.startswith(".") for part in Path(path).parts):
            return Response(status_code=404)
        response = await super().get_response(path, scope)
        hashed = path.startswith("assets/") and response.status_code in (200, 304)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
