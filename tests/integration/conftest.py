"""Metadata databases for the integration tests, on SQLite and on PostgreSQL.

Every test that uses one of these fixtures runs once per kind of database. ``dataset_s`` is shared by
all tests
of a kind and must not be changed; ``empty_database`` and ``seeder`` belong to one test alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine

from tests.integration.seeding import (
    Database,
    Databases,
    Dataset,
    NoDatabase,
    PostgresDatabases,
    Seeder,
    SqliteDatabases,
    seed_dataset_s,
)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Where databases of this kind come from; all are dropped at the end."""
    made = _find(request.param)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    """PostgreSQL alone, for what only it can tell (plans, rows read)."""
    made = _find("postgresql")
    yield made
    made.close()


def _find(kind: str) -> Databases:
    if kind == "sqlite":
        return SqliteDatabases()
    try:
        return PostgresDatabases.find()
    except NoDatabase as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL is needed here: {error}")
        pytest.skip(f"PostgreSQL: {error}")


@pytest.fixture(scope="session")
def _seeded_s(databases: Databases) -> tuple[Database, Dataset]:
    database = databases.create()
    with database.bound() as engine:
        return database, seed_dataset_s(Seeder(engine))


@pytest.fixture
def dataset_s(_seeded_s: tuple[Database, Dataset]) -> Iterator[Dataset]:
    """Dataset S in the database of this process's Airflow. Shared: read only."""
    database, dataset = _seeded_s
    with database.bound():
        yield dataset


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[Engine]:
    """An empty metadata database of this test's own, bound to this process's Airflow."""
    database = databases.create()
    with database.bound() as engine:
        yield engine
    databases.drop(database)


@pytest.fixture
def seeder(empty_database: Engine) -> Seeder:
    """Writes into :func:`empty_database`."""
    return Seeder(empty_database)
