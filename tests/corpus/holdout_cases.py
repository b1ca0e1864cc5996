# ruff: noqa: E501 -- code and messages that are read as they are
"""The third of the corpus that was written and grouped before there was any rule."""

from __future__ import annotations

from tests.corpus.cases import Raised, Written

_CONNECT = """
import psycopg2

def open_warehouse():
    return psycopg2.connect(host=host, port=port, dbname="dwh", user="etl", connect_timeout=3)

def {name}(table):
    with open_warehouse() as connection:
        connection.cursor().execute("select count(*) from " + table)

{name}({table!r})
"""

_ENGINE = """
from sqlalchemy import create_engine, text

class Mart:
    def __init__(self):
        self.engine = create_engine(
            "postgresql+psycopg2://etl@/dwh",
            connect_args={"host": host, "port": port},
        )

    def rebuild(self):
        with self.engine.begin() as connection:
            connection.execute(text("refresh materialized view revenue"))

Mart().rebuild()
"""

_SQL = """
import psycopg2

def {name}(day):
    connection = psycopg2.connect(host="127.0.0.1", user="postgres", dbname="postgres")
    with connection, connection.cursor() as cursor:
        cursor.execute({statement!r} % day)

{name}(day)
"""

_DATABASE = """
import psycopg2

def {name}():
    return psycopg2.connect(host="127.0.0.1", user="postgres", dbname=database)

{name}()
"""

_RATES = """
import requests

def {name}(day, request_id):
    answer = requests.get("http://rates.acme.example" + path, params={{"day": day, "request": request_id}}, timeout=5)
    answer.raise_for_status()
    return answer.json()

{name}(day, request_id)
"""

_CRM = """
import requests

session = requests.Session()

def {name}(since):
    return session.get(f"http://{{host}}:{{port}}/api/customers", params={{"since": since}}, timeout=0.3).json()

{name}(since)
"""

_S3 = """
import boto3
from botocore.config import Config

def client(service="s3"):
    return boto3.client(
        service, endpoint_url=endpoint, region_name="eu-west-1", aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="none", config=Config(retries={{"max_attempts": 0}}, s3={{"addressing_style": "path"}}),
    )

def {name}(key):
    {call}

{name}(key)
"""

_TRANSFORM = """
import pandas as pd

def {name}(rows):
    frame = pd.DataFrame(rows)
    frame["net"] = frame[column] / 1.19
    return frame.groupby("country")["net"].sum()

{name}(rows)
"""

_EVENTS = """
import json

def {name}(lines):
    return [json.loads(line) for line in lines]

{name}(lines)
"""

_SCHEMA = """
import jsonschema

SCHEMA = {{
    "type": "object",
    "required": ["id", "amount"],
    "properties": {{"id": {{"type": "integer"}}, "amount": {{"type": "number"}}}},
}}

def {name}(payment):
    jsonschema.validate(payment, SCHEMA)

{name}(payment)
"""

_MODEL = """
from pydantic import BaseModel

class Booking(BaseModel):
    booking_id: int
    nights: int

def {name}(rows):
    return [Booking.model_validate(row) for row in rows]

{name}(rows)
"""

_IMPORT = """
def {name}(path):
    import {module}
    return {module}.open(path)

{name}("/data/geo/latest")
"""

_SENSOR = """
from airflow.sdk.exceptions import AirflowSensorTimeout

def execute(run_duration, limit):
    raise AirflowSensorTimeout(
        f"Sensor has timed out; run duration of {run_duration} seconds exceeds the specified timeout of {limit}."
    )

execute(run_duration, limit)
"""
_SENSOR_FILE = "/home/airflow/.local/lib/python3.12/site-packages/airflow/sdk/bases/sensor.py"

_TIMEOUT = """
import time
from airflow.sdk.exceptions import AirflowTaskTimeout

def {name}(pid):
    for _ in range(3):
        time.sleep(0.001)
    raise AirflowTaskTimeout("Timeout, PID: " + str(pid))

{name}(pid)
"""

_CONN = """
from airflow.sdk.exceptions import AirflowNotFoundException

def get_connection(conn_id):
    raise AirflowNotFoundException(f"The conn_id `{conn_id}` isn't defined")

get_connection(conn_id)
"""
_SDK_FILE = "/home/airflow/.local/lib/python3.12/site-packages/airflow/sdk/execution_time/context.py"

_OWN_ERROR = """
class SettlementRejected(Exception):
    pass

def parse_total(text):
    return float(text)

def {name}(batch, text):
    try:
        return parse_total(text)
    except ValueError as error:
        raise SettlementRejected(f"batch {{batch}} was rejected by the bank") from error

{name}(batch, text)
"""

_SNOWFLAKE = """
from snowflake.connector import errors

def {name}(query_id):
    raise errors.{error}(msg={msg!r}, errno={errno}, sqlstate={sqlstate!r}, sfqid=query_id)

{name}(query_id)
"""

_GOOGLE = """
from google.api_core import exceptions

def {name}(job):
    raise exceptions.{error}({message!r} % job)

{name}(job)
"""
_BIGQUERY_FILE = "/home/airflow/.local/lib/python3.12/site-packages/google/cloud/bigquery/job/base.py"

_WORDS = """
def {name}({arguments}):
    raise {error}

{name}({arguments})
"""

_S3_DENIED = (
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code>'
    "<Message>User: arn:aws:iam::123456789012:user/etl is not authorized to perform: s3:PutObject</Message>"
    "<RequestId>{0}</RequestId><HostId>x</HostId></Error>"
)
_S3_MISSING = (
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchKey</Code>'
    "<Message>The specified key does not exist.</Message><RequestId>{0}</RequestId></Error>"
)

_DWH_1 = {"host": "127.0.0.11", "port": 5439}

CASES: list[Raised | Written] = [
    # a warehouse that refuses: one cause over Dags and libraries, other places are other causes
    Raised(
        "h-refused-1",
        "dwh-1:5439 refused",
        "infrastructure",
        _CONNECT.format(name="load_orders", table="orders"),
        values=_DWH_1,
    ),
    Raised(
        "h-refused-2",
        "dwh-1:5439 refused",
        "infrastructure",
        _CONNECT.format(name="count_clicks", table="clicks"),
        "/opt/airflow/dags/clicks.py",
        {"host": "127.0.0.21", "port": 5439},
        lines_above=41,
    ),
    Raised(
        "h-refused-3",
        "dwh-1:5439 refused",
        "infrastructure",
        _ENGINE,
        "/usr/local/airflow/dags/marts/revenue.py",
        _DWH_1,
    ),
    Raised(
        "h-refused-4",
        "dwh-2:5439 refused",
        "infrastructure",
        _CONNECT.format(name="load_orders", table="orders"),
        values={"host": "127.0.0.12", "port": 5439},
    ),
    Raised(
        "h-refused-5",
        "dwh-1:5440 refused",
        "infrastructure",
        _CONNECT.format(name="load_orders", table="orders"),
        values={"host": "127.0.0.11", "port": 5440},
    ),
    Raised(
        "h-nodb-1",
        "no database sales_eu",
        "infrastructure",
        _DATABASE.format(name="connect"),
        values={"database": "sales_eu"},
    ),
    Raised(
        "h-nodb-2",
        "no database sales_eu",
        "infrastructure",
        _DATABASE.format(name="open_mart"),
        "/opt/airflow/dags/sales.py",
        {"database": "sales_eu"},
    ),
    Raised(
        "h-nodb-3",
        "no database sales_us",
        "infrastructure",
        _DATABASE.format(name="connect"),
        values={"database": "sales_us"},
    ),
    Raised(
        "h-notable-1",
        "load_day: no table",
        "data",
        _SQL.format(name="load_day", statement="insert into orders_%s select 1"),
        values={"day": "20261101"},
    ),
    Raised(
        "h-notable-2",
        "load_day: no table",
        "data",
        _SQL.format(name="load_day", statement="insert into orders_%s select 1"),
        "/usr/local/airflow/dags/orders/load.py",
        {"day": "20261102"},
        lines_above=12,
    ),
    Raised(
        "h-notable-3",
        "close_day: no table",
        "data",
        _SQL.format(name="close_day", statement="delete from orders_%s"),
        values={"day": "20261101"},
    ),
    # services
    Raised(
        "h-503-1",
        "rates 503",
        "infrastructure",
        _RATES.format(name="fetch"),
        "/opt/airflow/dags/fx.py",
        {"path": "/v1/rates", "day": "2026-11-01", "request_id": "8f14e45f-ceea-467f-a0e6-0a1b2c3d4e5f"},
        {"status": 503},
    ),
    Raised(
        "h-503-2",
        "rates 503",
        "infrastructure",
        _RATES.format(name="quotes"),
        "/opt/airflow/dags/pricing/quotes.py",
        {"path": "/v1/rates", "day": "2026-11-04", "request_id": "c9f0f895-fb98-4b91-8e57-9d2c1b3a4f60"},
        {"status": 503},
    ),
    Raised(
        "h-502-1",
        "rates 502",
        "infrastructure",
        _RATES.format(name="fetch"),
        "/opt/airflow/dags/fx.py",
        {"path": "/v1/rates", "day": "2026-11-01", "request_id": "45c48cce-2e2d-4fbd-aa1a-fc51c7c6ad26"},
        {"status": 502},
    ),
    Raised(
        "h-503-3",
        "rates history 503",
        "infrastructure",
        _RATES.format(name="fetch"),
        "/opt/airflow/dags/fx.py",
        {"path": "/v1/history", "day": "2026-11-01", "request_id": "d3d94468-02a4-4250-8c37-8b1d4e7f9a10"},
        {"status": 503},
    ),
    Raised(
        "h-crm-1",
        "crm:8443 refused",
        "infrastructure",
        _CRM.format(name="changed"),
        "/opt/airflow/dags/crm.py",
        {"host": "crm.acme.example", "port": 8443, "since": "2026-11-01T00:00:00"},
    ),
    Raised(
        "h-crm-2",
        "crm:8443 refused",
        "infrastructure",
        _CRM.format(name="contacts"),
        "/opt/airflow/dags/newsletter/contacts.py",
        {"host": "crm.acme.example", "port": 8443, "since": "2026-11-03T04:00:00"},
    ),
    Raised(
        "h-crm-3",
        "crm-test:8443 refused",
        "infrastructure",
        _CRM.format(name="changed"),
        "/opt/airflow/dags/crm.py",
        {"host": "crm-test.acme.example", "port": 8443, "since": "2026-11-01T00:00:00"},
    ),
    Raised(
        "h-slow-1",
        "crm read timeout",
        "timeout",
        _CRM.format(name="changed"),
        "/opt/airflow/dags/crm.py",
        {"host": "crm.acme.example", "port": 80, "since": "2026-11-01"},
        {"hang": True},
    ),
    Raised(
        "h-slow-2",
        "crm read timeout",
        "timeout",
        _CRM.format(name="contacts"),
        "/opt/airflow/dags/newsletter/contacts.py",
        {"host": "crm.acme.example", "port": 80, "since": "2026-10-30"},
        {"hang": True},
    ),
    Raised(
        "h-s3-denied-1",
        "s3 put denied",
        "infrastructure",
        _S3.format(name="upload", call='client().put_object(Bucket="lake-raw", Key=key, Body=b"x")'),
        "/opt/airflow/dags/lake/upload.py",
        {"endpoint": "http://s3.acme.example", "key": "orders/2026-11-01/part-0001.parquet"},
        {"status": 403, "body": _S3_DENIED.format("4442587FB7D0A2F9")},
    ),
    Raised(
        "h-s3-denied-2",
        "s3 put denied",
        "infrastructure",
        _S3.format(name="archive", call='client().put_object(Bucket="lake-raw", Key=key, Body=b"x")'),
        "/opt/airflow/dags/archive.py",
        {"endpoint": "http://s3.acme.example", "key": "clicks/2026-11-02/part-0007.parquet"},
        {"status": 403, "body": _S3_DENIED.format("656C76696E6727732072")},
    ),
    Raised(
        "h-s3-key-1",
        "read_inbox: no key",
        "data",
        _S3.format(name="read_inbox", call='client().get_object(Bucket="lake-raw", Key=key)'),
        "/opt/airflow/dags/lake/inbox.py",
        {"endpoint": "http://s3.acme.example", "key": "inbox/2026-11-01.csv"},
        {"status": 404, "body": _S3_MISSING.format("A1")},
    ),
    Raised(
        "h-s3-down-1",
        "s3 endpoint refused",
        "infrastructure",
        _S3.format(name="upload", call='client().put_object(Bucket="lake-raw", Key=key, Body=b"x")'),
        "/opt/airflow/dags/lake/upload.py",
        {"endpoint": "http://minio.acme.example:9000", "key": "orders/2026-11-01/part-0001.parquet"},
    ),
    Raised(
        "h-s3-down-2",
        "s3 endpoint refused",
        "infrastructure",
        _S3.format(name="read_inbox", call='client().get_object(Bucket="lake-raw", Key=key)'),
        "/opt/airflow/dags/lake/inbox.py",
        {"endpoint": "http://minio.acme.example:9000", "key": "inbox/2026-11-05.csv"},
    ),
    # data
    Raised(
        "h-column-1",
        "net_by_country: column",
        "data",
        _TRANSFORM.format(name="net_by_country"),
        "/opt/airflow/dags/vat.py",
        {"column": "amount", "rows": [{"country": "DE", "gross": 3}]},
    ),
    Raised(
        "h-column-2",
        "net_by_country: column",
        "data",
        _TRANSFORM.format(name="net_by_country"),
        "/opt/airflow/dags/vat.py",
        {"column": "amount", "rows": [{"country": "FR", "total": 9}]},
        lines_above=7,
    ),
    Raised(
        "h-json-1",
        "parse_events: json",
        "data",
        _EVENTS.format(name="parse_events"),
        "/opt/airflow/dags/events.py",
        {"lines": ['{"id": 1}', '{"id": 2,']},
    ),
    Raised(
        "h-json-2",
        "parse_events: json",
        "data",
        _EVENTS.format(name="parse_events"),
        "/opt/airflow/dags/events.py",
        {"lines": ["<html>"]},
    ),
    Raised(
        "h-json-3",
        "read_feed: json",
        "data",
        _EVENTS.format(name="read_feed"),
        "/opt/airflow/dags/events.py",
        {"lines": ["<html>"]},
    ),
    Raised(
        "h-schema-1",
        "check_payment: schema",
        "data",
        _SCHEMA.format(name="check_payment"),
        "/opt/airflow/dags/pay.py",
        {"payment": {"id": 17}},
    ),
    Raised(
        "h-schema-2",
        "check_payment: schema",
        "data",
        _SCHEMA.format(name="check_payment"),
        "/opt/airflow/dags/pay.py",
        {"payment": {"id": "x-9", "amount": 3}},
    ),
    Raised(
        "h-model-1",
        "read_bookings: model",
        "data",
        _MODEL.format(name="read_bookings"),
        "/opt/airflow/dags/hotel.py",
        {"rows": [{"booking_id": 1, "nights": "two"}]},
    ),
    Raised(
        "h-model-2",
        "read_bookings: model",
        "data",
        _MODEL.format(name="read_bookings"),
        "/opt/airflow/dags/hotel.py",
        {"rows": [{"booking_id": None, "nights": 4}]},
        lines_above=3,
    ),
    # packages, connections
    Raised(
        "h-module-1",
        "no module geoip2",
        "dependency",
        _IMPORT.format(name="locate", module="geoip2"),
        "/opt/airflow/dags/geo.py",
    ),
    Raised(
        "h-module-2",
        "no module geoip2",
        "dependency",
        _IMPORT.format(name="enrich", module="geoip2"),
        "/opt/airflow/dags/clicks/enrich.py",
    ),
    Raised(
        "h-module-3",
        "no module shapely",
        "dependency",
        _IMPORT.format(name="locate", module="shapely"),
        "/opt/airflow/dags/geo.py",
    ),
    Raised(
        "h-conn-1", "no connection sftp_partner", "dependency", _CONN, _SDK_FILE, {"conn_id": "sftp_partner"}
    ),
    Raised("h-conn-2", "no connection dwh_eu", "dependency", _CONN, _SDK_FILE, {"conn_id": "dwh_eu"}),
    Raised(
        "h-conn-3",
        "no connection dwh_eu",
        "dependency",
        _CONN,
        _SDK_FILE,
        {"conn_id": "dwh_eu"},
        lines_above=5,
    ),
    # time
    Raised(
        "h-sensor-1",
        "sensor timeout",
        "timeout",
        _SENSOR,
        _SENSOR_FILE,
        {"run_duration": 3601.482913, "limit": 3600.0},
    ),
    Raised(
        "h-sensor-2",
        "sensor timeout",
        "timeout",
        _SENSOR,
        _SENSOR_FILE,
        {"run_duration": 3655.018277, "limit": 3600.0},
    ),
    Raised(
        "h-tasktimeout-1", "task timeout", "timeout", _TIMEOUT.format(name="crunch"), values={"pid": 4711}
    ),
    Raised("h-tasktimeout-2", "task timeout", "timeout", _TIMEOUT.format(name="crunch"), values={"pid": 812}),
    # the user's own errors
    Raised(
        "h-own-1",
        "settle: rejected",
        "data",
        _OWN_ERROR.format(name="settle"),
        "/opt/airflow/dags/bank.py",
        {"batch": 12, "text": "n/a"},
    ),
    Raised(
        "h-own-2",
        "settle: rejected",
        "data",
        _OWN_ERROR.format(name="settle"),
        "/opt/airflow/dags/bank.py",
        {"batch": 13, "text": "12,50 €"},
    ),
    Raised(
        "h-own-3",
        "refund: rejected",
        "data",
        _OWN_ERROR.format(name="refund"),
        "/opt/airflow/dags/bank.py",
        {"batch": 13, "text": "-"},
    ),
    Raised(
        "h-code-1",
        "discount: none",
        "code",
        "def discount(order):\n    return order.get('rebate') * 0.9\n\ndef price(order):\n    return discount(order)\n\nprice({})\n",
    ),
    Raised(
        "h-code-2",
        "discount: none",
        "code",
        "def discount(order):\n    return order.get('rebate') * 0.9\n\ndef price(order):\n    return discount(order)\n\nprice({'id': 9})\n",
        lines_above=30,
    ),
    # clouds
    Raised(
        "h-sf-1",
        "snowflake suspended",
        "infrastructure",
        _SNOWFLAKE.format(
            name="execute",
            error="ProgrammingError",
            errno=606,
            sqlstate="57P03",
            msg="No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.",
        ),
        "/home/airflow/.local/lib/python3.12/site-packages/snowflake/connector/cursor.py",
        {"query_id": "01b8e3c4-0604-1a2b-0000-0d3500a1b2c3"},
    ),
    Raised(
        "h-sf-2",
        "snowflake suspended",
        "infrastructure",
        _SNOWFLAKE.format(
            name="execute",
            error="ProgrammingError",
            errno=606,
            sqlstate="57P03",
            msg="No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.",
        ),
        "/home/airflow/.local/lib/python3.12/site-packages/snowflake/connector/cursor.py",
        {"query_id": "01b8e3c9-0604-1a77-0000-0d3500a1ffee"},
    ),
    Raised(
        "h-bq-1",
        "bigquery quota",
        "infrastructure",
        _GOOGLE.format(
            name="result",
            error="Forbidden",
            message="Quota exceeded: Your project exceeded quota for concurrent queries. Job ID: %s",
        ),
        _BIGQUERY_FILE,
        {"job": "3b7e1f0a-77aa-4a6e-9d1c-1f2e3d4c5b6a"},
    ),
    Raised(
        "h-bq-2",
        "bigquery quota",
        "infrastructure",
        _GOOGLE.format(
            name="result",
            error="Forbidden",
            message="Quota exceeded: Your project exceeded quota for concurrent queries. Job ID: %s",
        ),
        _BIGQUERY_FILE,
        {"job": "a90c2d4e-0b1f-4c55-8f6e-6f7a8b9c0d1e"},
    ),
    # other scripts
    Raised(
        "h-zh-1",
        "zh dwh-1 refused",
        "infrastructure",
        _WORDS.format(
            name="load",
            arguments="host, attempt",
            error="ConnectionError(f'无法连接数据库 {host}:5439，第 {attempt} 次尝试：连接被拒绝')",
        ),
        "/opt/airflow/dags/中国/订单.py",
        {"host": "dwh-1.acme.example", "attempt": 3},
    ),
    Raised(
        "h-zh-2",
        "zh dwh-1 refused",
        "infrastructure",
        _WORDS.format(
            name="sync",
            arguments="host, attempt",
            error="ConnectionError(f'无法连接数据库 {host}:5439，第 {attempt} 次尝试：连接被拒绝')",
        ),
        "/opt/airflow/dags/中国/客户.py",
        {"host": "dwh-1.acme.example", "attempt": 5},
    ),
    Raised(
        "h-ru-1",
        "ru missing file",
        "data",
        _WORDS.format(
            name="загрузить",
            arguments="day",
            error="FileNotFoundError(f'Файл не найден: /data/in/{day}/заказы.csv')",
        ),
        "/opt/airflow/dags/заказы.py",
        {"day": "2026-11-01"},
    ),
    Raised(
        "h-ru-2",
        "ru missing file",
        "data",
        _WORDS.format(
            name="загрузить",
            arguments="day",
            error="FileNotFoundError(f'Файл не найден: /data/in/{day}/заказы.csv')",
        ),
        "/opt/airflow/dags/заказы.py",
        {"day": "2026-11-02"},
        lines_above=9,
    ),
    # output of programs
    Written(
        "h-dbt-1",
        "dbt stg_orders failed test",
        "data",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 1.", ()),),
        "Failure in test not_null_stg_orders_id (models/staging/schema.yml): Got 12 results, configured to fail if != 0",
        True,
    ),
    Written(
        "h-dbt-2",
        "dbt stg_orders failed test",
        "data",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 1.", ()),),
        "Failure in test not_null_stg_orders_id (models/staging/schema.yml): Got 7 results, configured to fail if != 0",
        True,
    ),
    Written(
        "h-dbt-3",
        "dbt stg_users failed test",
        "data",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 1.", ()),),
        "Failure in test unique_stg_users_id (models/staging/schema.yml): Got 12 results, configured to fail if != 0",
        True,
    ),
    Written(
        "h-bash-1",
        "rclone not found",
        "dependency",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 127.", ()),),
        "/tmp/airflowtmpk3v8_2xq/script: line 3: rclone: command not found",
        True,
    ),
    Written(
        "h-bash-2",
        "rclone not found",
        "dependency",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 127.", ()),),
        "/tmp/airflowtmpw7_q0b1z/script: line 11: rclone: command not found",
        True,
    ),
    Written(
        "h-bash-3",
        "bash exit 137",
        "killed",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 137.", ()),),
        "Bash command failed. The command returned a non-zero exit code 137.",
    ),
    Written(
        "h-pod-1",
        "pod oom",
        "killed",
        (
            (
                "AirflowException",
                "Pod orders-load-7xk2p9qz returned a failure.\nremote_pod: ... 'reason': 'OOMKilled', 'exit_code': 137",
                (),
            ),
        ),
        "Pod orders-load-7xk2p9qz returned a failure.",
    ),
    Written(
        "h-pod-2",
        "pod oom",
        "killed",
        (
            (
                "AirflowException",
                "Pod orders-load-q81mzc4d returned a failure.\nremote_pod: ... 'reason': 'OOMKilled', 'exit_code': 137",
                (),
            ),
        ),
        "Pod orders-load-q81mzc4d returned a failure.",
    ),
    Written(
        "h-spark-1",
        "spark executor lost",
        "killed",
        (
            (
                "AirflowException",
                "Cannot execute: spark-submit --master yarn --name daily job.py. Error code is: 1.",
                (),
            ),
        ),
        "org.apache.spark.SparkException: Job aborted due to stage failure: Task 17 in stage 4.0 failed 4 times, most recent failure: Lost task 17.3 in "
        "stage 4.0 (TID 512) (node-12 executor 8): ExecutorLostFailure (executor 8 exited caused by one of the running tasks) Reason: Container killed by "
        "YARN for exceeding physical memory limits. 9.1 GB of 9 GB physical memory used.",
        True,
    ),
    Written(
        "h-spark-2",
        "spark executor lost",
        "killed",
        (
            (
                "AirflowException",
                "Cannot execute: spark-submit --master yarn --name daily job.py. Error code is: 1.",
                (),
            ),
        ),
        "org.apache.spark.SparkException: Job aborted due to stage failure: Task 3 in stage 11.0 failed 4 times, most recent failure: Lost task 3.3 in "
        "stage 11.0 (TID 1204) (node-12 executor 5): ExecutorLostFailure (executor 5 exited caused by one of the running tasks) Reason: Container killed by "
        "YARN for exceeding physical memory limits. 9.3 GB of 9 GB physical memory used.",
        True,
    ),
    # no exception, or no log
    Written(
        "h-kill-1",
        "process SIGKILL",
        "killed",
        line="Process terminated by signal. Likely out of memory error (OOM). (SIGKILL)",
    ),
    Written(
        "h-kill-2",
        "process SIGKILL",
        "killed",
        line="Process terminated by signal. Likely out of memory error (OOM). (SIGKILL)",
    ),
    Written(
        "h-heart-1",
        "heartbeat lost",
        "killed",
        facts={
            "state": "failed",
            "run_state": "running",
            "started": True,
            "hostname": "worker-3",
            "events": [
                {
                    "event": "heartbeat timeout",
                    "extra": "Task did not emit heartbeat within time limit (300 seconds) and will be terminated.",
                }
            ],
        },
    ),
    Written(
        "h-heart-2",
        "heartbeat lost",
        "killed",
        facts={
            "state": "failed",
            "run_state": "failed",
            "started": True,
            "hostname": "worker-9",
            "events": [
                {
                    "event": "heartbeat timeout",
                    "extra": "Task did not emit heartbeat within time limit (300 seconds) and will be terminated.",
                }
            ],
        },
    ),
    Written(
        "h-stuck-1",
        "stuck in queued",
        "infrastructure",
        facts={
            "state": "failed",
            "run_state": "running",
            "started": False,
            "hostname": None,
            "events": [
                {
                    "event": "stuck in queued tries exceeded",
                    "extra": "Task was requeued more than 2 times and will be failed.",
                },
                {
                    "event": "stuck in queued reschedule",
                    "extra": "Task was in queued state for longer than 600.0 seconds; task state will be set back to scheduled.",
                },
            ],
        },
    ),
    Written(
        "h-marked-1",
        "",
        "unknown",
        facts={
            "state": "failed",
            "run_state": "failed",
            "started": True,
            "hostname": "worker-3",
            "events": [{"event": "patch_task_instance", "owner": "anna", "extra": '{"new_state": "failed"}'}],
        },
    ),
]
