"""How an answer leaves: as JSON with an ETag of its content, private, asked for again each time.

An ETag holds no clock, so two API servers that say the same agree on it; the age of what was said goes in a
header of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import Final, NamedTuple

from cachetools import LRUCache
from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

AGE_HEADER: Final = "Windsock-Snapshot-Age"
"""How long ago the database was read for this answer, in seconds."""


class Body(NamedTuple):
    """A finished answer: its content and the ETag made of it."""

    content: bytes
    etag: str


def finish(model: BaseModel) -> Body:
    """Return the bytes of an answer and its ETag."""
    content = model.model_dump_json().encode()
    return Body(content, f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"')


def respond(request: Request, body: Body, age_s: float | None = None) -> Response:
    """Answer with ``body``, or with an empty 304 when the caller has it already.

    :param age_s: how long ago the database was read, in seconds
    """
    headers = {
        "ETag": body.etag,
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie, Authorization",
        "X-Content-Type-Options": "nosniff",
    }
    if age_s is not None:
        headers[AGE_HEADER] = f"{age_s:.1f}"
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if body.etag in known:
        return Response(status_code=304, headers=headers)
    return Response(body.content, headers=headers, media_type="application/json")


class AnswerCache:
    """Finished answers, by everything that they depend on, so that an unchanged poll costs next to nothing."""

    def __init__(self, size: int = 256) -> None:
        self._bodies: LRUCache[Hashable, Body] = LRUCache(size)

    def get(self, key: Hashable, make: Callable[[], BaseModel]) -> Body:
        """Return the answer for ``key``, made by ``make`` when it is not known yet."""
        body = self._bodies.get(key)
        if body is None:
            body = self._bodies[key] = finish(make())
        return body
