"""An Airflow home of its own for the whole test run, made before anything imports Airflow."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="windsock-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)

os.environ["AIRFLOW_HOME"] = _home
os.environ.update(
    {
        "AIRFLOW__CORE__DAGS_FOLDER": os.path.join(_home, "dags"),  # noqa: PTH118
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{_home}/airflow.db",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": os.path.join(_home, "logs"),  # noqa: PTH118
        "AIRFLOW__API_AUTH__JWT_SECRET": "only-for-tests-" + "0" * 48,
    }
)
os.makedirs(os.path.join(_home, "dags"), exist_ok=True)  # noqa: PTH103, PTH118
