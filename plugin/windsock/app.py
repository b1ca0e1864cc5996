"""The FastAPI app that Airflow's API server mounts: the API, the error answers, the built bundle."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from windsock import __version__, problems
from windsock.bundle import BundleFiles
from windsock.metadata.connection import MetadataUnavailable
from windsock.routes import API_PREFIX, api_router
from windsock.routes.state import AppState
from windsock.workers import shutdown_pools


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Entered by the host in each of its workers; on the way out our threads and caches are let go."""
    try:
        yield
    finally:
        await app.state.windsock.close()
        shutdown_pools()


def create_app() -> FastAPI:
    """Return a new app with a state of its own; it works whether or not the bundle is built."""
    app = FastAPI(
        title="Windsock",
        version=__version__,
        description="An operations cockpit inside Apache Airflow. All times are UTC, all durations seconds.",
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.windsock = AppState()
    problems.install(app, MetadataUnavailable)
    app.include_router(api_router, prefix=API_PREFIX)
    app.mount("/static", BundleFiles(), name="static")
    return app
