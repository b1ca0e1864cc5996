"""Test data for the metadata database: where databases come from, how rows get in, and dataset S."""

from __future__ import annotations

from tests.integration.seeding.databases import (
    Database,
    Databases,
    NoDatabase,
    PostgresDatabases,
    SqliteDatabases,
)
from tests.integration.seeding.dataset import Dataset, Expected, seed_dataset_s
from tests.integration.seeding.seeder import SeededRun, SeededTaskInstance, Seeder

__all__ = [
    "Database",
    "Databases",
    "Dataset",
    "Expected",
    "NoDatabase",
    "PostgresDatabases",
    "SeededRun",
    "SeededTaskInstance",
    "Seeder",
    "SqliteDatabases",
    "seed_dataset_s",
]
