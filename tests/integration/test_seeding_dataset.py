"""The test data itself: what is in the database is what the stories say."""

from __future__ import annotations

import sqlalchemy as sa
from airflow import settings

from tests.integration.seeding import Dataset, Seeder
from tests.integration.seeding.seeder import table


def test_dataset_s_has_its_dags_runs_and_tasks(dataset_s: Dataset) -> None:
    assert settings.engine is not None
    with settings.engine.connect() as connection:
        dags = connection.execute(sa.select(sa.func.count()).select_from(table("dag"))).scalar_one()
        runs = connection.execute(sa.select(sa.func.count()).select_from(table("dag_run"))).scalar_one()
        serialized = connection.execute(
            sa.select(sa.func.count()).select_from(table("serialized_dag"))
        ).scalar_one()
    assert dags == 200
    assert serialized == 200
    assert 9_500 < runs <= 10_100


def test_airflow_reads_a_seeded_dag_back(seeder: Seeder) -> None:
    from airflow.models.serialized_dag import SerializedDagModel

    seeder.dag("load", graph={"extract": [], "store": ["extract"]})
    seeder.write()
    assert settings.Session is not None
    with settings.Session() as session:
        dag = SerializedDagModel.get_dag("load", session=session)
    assert dag is not None
    assert dag.get_task("store").upstream_task_ids == {"extract"}
