"""The analytics marts, by dbt. Story: a test fails; Bash tells an exit code, dbt tells why."""

from __future__ import annotations

from datetime import datetime, timezone

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, TaskGroup

FAILING_TEST = """
echo "Running with dbt=1.9.4"
sleep 6
echo "Found 5 models, 14 data tests, 3 sources"
echo "1 of 2 START test unique_fct_retention_customer_id ............ [RUN]"
sleep 5
echo "1 of 2 FAIL 37 unique_fct_retention_customer_id ............... [FAIL 37 in 4.91s]"
echo "2 of 2 PASS not_null_fct_revenue_amount ....................... [PASS in 1.20s]"
echo "Completed with 1 error, 0 partial successes, and 0 warnings:"
echo "Failure in test unique_fct_retention_customer_id (models/marts/schema.yml)"
echo "  Got 37 results, configured to fail if != 0"
exit 1
"""


def model(name: str, seconds: int) -> BashOperator:
    return BashOperator(
        task_id=name,
        bash_command=f"echo 'dbt run --select {name}'; sleep {seconds}; echo 'OK created model {name}'",
    )


with DAG(
    "dbt_marts",
    schedule="0 3,9,15,21 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["dbt", "marts"],
    default_args={"owner": "analytics"},
    description="The analytics marts, by dbt",
) as dag:
    with TaskGroup("staging") as staging:
        model("stg_orders", 25)
        model("stg_customers", 18)
        model("stg_payments", 32)
    with TaskGroup("marts") as marts:
        model("fct_revenue", 45)
        model("fct_retention", 60)
    test = BashOperator(task_id="test_marts", bash_command=FAILING_TEST)
    exposures = BashOperator(task_id="refresh_exposures", bash_command="sleep 8; echo 12 exposures refreshed")
    staging >> marts >> test >> exposures
