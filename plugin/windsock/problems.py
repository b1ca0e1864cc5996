"""One JSON shape for everything that goes wrong, and the exceptions that become it."""

from __future__ import annotations

import logging
from typing import Final

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response

from windsock.workers import Busy

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"


class Problem(BaseModel):
    """Why a request was not answered as asked, in words for a person."""

    status: int = Field(description="The HTTP status, repeated")
    code: str = Field(description="A short name that programs can rely on, e.g. not_found")
    title: str = Field(description="What happened, in one sentence")
    detail: str | None = Field(default=None, description="What exactly, e.g. Airflow's own words")
    remedy: str | None = Field(default=None, description="What the reader can do about it")
    field: str | None = Field(default=None, description="The part of the request that was wrong")


class ProblemError(Exception):
    """Ends a request with a :class:`Problem`."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        *,
        detail: str | None = None,
        remedy: str | None = None,
        field: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(title)
        self.problem = Problem(
            status=status, code=code, title=title, detail=detail, remedy=remedy, field=field
        )
        self.retry_after_s = retry_after_s


def invalid(field: str, title: str, remedy: str) -> ProblemError:
    """Return a 422 that names the field and the remedy."""
    return ProblemError(422, "invalid", title, remedy=remedy, field=field)


def not_found(what: str) -> ProblemError:
    """Return a 404; the same words whether it is not there or not for this caller."""
    return ProblemError(404, "not_found", f"{what} is not here, or not yours to see")


def forbidden(what: str, permission: str) -> ProblemError:
    """Return a 403 that names the permission that is missing."""
    return ProblemError(
        403,
        "forbidden",
        f"You may not read {what}",
        remedy=f"Ask an administrator of this Airflow for the permission to read {permission}",
    )


_BY_STATUS: Final = {
    401: ("not_authenticated", "You are not signed in", "Sign in to Airflow and load the page again"),
    403: ("forbidden", "You may not do this", "Ask an administrator of this Airflow for the permission"),
    404: ("not_found", "There is nothing at this address", None),
    405: ("method_not_allowed", "This address does not take that method", None),
    503: ("unavailable", "This is not available right now", "Try again in a few seconds"),
}


def problem_response(problem: Problem, retry_after_s: int | None = None) -> Response:
    """Return the HTTP answer of a problem; it is never stored by a cache."""
    headers = {"Cache-Control": "no-store"}
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    return Response(
        problem.model_dump_json(exclude_none=True), problem.status, headers=headers, media_type=MEDIA_TYPE
    )


async def _on_problem(_: Request, error: ProblemError) -> Response:
    return problem_response(error.problem, error.retry_after_s)


async def _on_http(_: Request, error: StarletteHTTPException) -> Response:
    code, title, remedy = _BY_STATUS.get(error.status_code, ("refused", "The request was refused", None))
    detail = str(error.detail) if error.detail else None
    return problem_response(
        Problem(status=error.status_code, code=code, title=title, detail=detail, remedy=remedy)
    )


async def _on_validation(_: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    return problem_response(
        Problem(
            status=422,
            code="invalid",
            title=f"{field}: {first['msg']}",
            remedy="Correct this part of the request and send it again",
            field=field,
        )
    )


async def _on_busy(_: Request, error: Busy) -> Response:
    return problem_response(
        Problem(
            status=503,
            code="busy",
            title="Windsock is busy",
            detail=f"All its {error.pool} threads are at work",
            remedy=f"Try again in {error.retry_after_s} s",
        ),
        error.retry_after_s,
    )


async def _on_database(_: Request, error: Exception) -> Response:
    log.warning("The metadata database did not answer: %s", error.__class__.__name__, exc_info=error)
    return problem_response(
        Problem(
            status=503,
            code="database_unavailable",
            title="Airflow's metadata database did not answer",
            detail=error.__class__.__name__,
            remedy="Try again in a few seconds; if it lasts, ask an administrator of this Airflow",
        ),
        5,
    )


async def _on_anything(request: Request, error: Exception) -> Response:
    log.error("Unexpected error at %s %s", request.method, request.url.path, exc_info=error)
    return problem_response(
        Problem(
            status=500,
            code="internal",
            title="Windsock failed to answer this",
            detail=error.__class__.__name__,
            remedy="The API server's log has the traceback; please report it",
        )
    )


def install(app: FastAPI, unavailable: type[Exception]) -> None:
    """Answer every error of ``app`` as a :class:`Problem`.

    :param unavailable: what is raised when the metadata database does not answer
    """
    app.exception_handler(ProblemError)(_on_problem)
    app.exception_handler(StarletteHTTPException)(_on_http)
    app.exception_handler(HTTPException)(_on_http)
    app.exception_handler(RequestValidationError)(_on_validation)
    app.exception_handler(Busy)(_on_busy)
    app.exception_handler(unavailable)(_on_database)
    app.exception_handler(Exception)(_on_anything)
