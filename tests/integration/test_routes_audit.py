"""Who paused or marked something is told only to those who may read the audit log."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from tests.integration.api_host import fab_host
from tests.integration.seeding import Seeder

READ = "can_read"
ROLE = [(READ, name) for name in ("Website", "Plugins", "DAGs", "DAG Runs", "Task Instances", "Task Logs")]


def test_without_audit_log_nobody_is_said_to_have_paused_or_marked_anything(seeder: Seeder) -> None:
    runs = {}
    for dag_id, is_paused in (("paused_by_airflow", True), ("marked", False)):
        seeder.dag(dag_id, graph={"load": []}, is_paused=is_paused)
        run = seeder.run(dag_id, run_after=seeder.now - timedelta(hours=1), state="failed")
        seeder.task_instance(run, "load", state="success")
        runs[dag_id] = run.run_id
    seeder.paused_by_airflow("paused_by_airflow", dttm=seeder.now - timedelta(minutes=50))
    seeder.audit(
        "patch_dag_run",
        dttm=seeder.now - timedelta(minutes=50),
        dag_id="marked",
        run_id=runs["marked"],
        owner="somebody",
        extra='{"state": "failed"}',
    )
    seeder.write()
    marked = f"/dags/marked/runs/{quote(runs['marked'])}"
    with fab_host({"auditor": [*ROLE, (READ, "Audit Logs")], "no_audit": ROLE}) as api:
        kinds = {item["dag_id"]: item["kind"] for item in api.get("/incidents", "auditor").json()["items"]}
        assert kinds == {"paused_by_airflow": "paused_by_airflow", "marked": "failing"}
        run = api.get(marked, "auditor").json()
        assert (run["marked_by"], run["marked_by_person"]) == ("Somebody", True)
        assert run["run_level_cause"]["kind"] == "marked_by_person"

        page = api.get("/incidents", "no_audit").json()
        assert {item["dag_id"] for item in page["items"]} == {"marked"}
        assert page["totals"]["incidents"] == page["matching"] == 1
        assert page["items"][0]["run_level_cause"]["kind"] == "unknown"
        assert api.get("/dags/marked", "no_audit").json()["run_level_cause"]["kind"] == "unknown"
        rows = {item["dag_id"]: item for item in api.get("/dags", "no_audit").json()["items"]}
        assert (rows["paused_by_airflow"]["paused"], rows["paused_by_airflow"]["paused_by_airflow"]) == (
            True,
            False,
        )
        run = api.get(marked, "no_audit").json()
        assert (run["marked_by"], run["marked_by_person"]) == (None, False)
        assert run["run_level_cause"]["kind"] == "unknown"
