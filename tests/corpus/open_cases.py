# ruff: noqa: E501 -- code and messages that are read as they are
"""The part of the corpus that may be looked at while rules are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.corpus.cases import Raised, Written

DAGS = "/opt/airflow/dags"
PACKAGES = "/home/airflow/.local/lib/python3.12/site-packages"


def user(
    case_id: str,
    group: str,
    error_class: str,
    source: str,
    file: str = "orders/load.py",
    http: Mapping[str, Any] | None = None,
    lines_above: int = 0,
    **values: Any,
) -> Raised:
    """Make a case of code in the folder of Dags."""
    path = file if file.startswith("/") else f"{DAGS}/{file}"
    return Raised(case_id, group, error_class, source, path, values, http, lines_above)


def output(case_id: str, group: str, error_class: str, wrapper: str, line: str) -> Written:
    """Make a case of a program whose output says what went wrong."""
    return Written(case_id, group, error_class, (("AirflowException", wrapper, ()),), line, in_output=True)


def bash(case_id: str, group: str, error_class: str, code: int, line: str) -> Written:
    """Make a case of a Bash command that printed why it failed."""
    wrapper = f"Bash command failed. The command returned a non-zero exit code {code}."
    return output(case_id, group, error_class, wrapper, line)


def recorded(case_id: str, group: str, error_class: str, **facts: Any) -> Written:
    """Make a case without a log."""
    return Written(case_id, group, error_class, facts=facts)


PG3 = """
import psycopg

def {0}():
    with psycopg.connect(host=host, port=5439, dbname="dwh", user="etl") as connection:
        return connection.execute("select 1").fetchone()

{0}()
"""
PG = """
import psycopg2

def {0}():
    connection = psycopg2.connect(host="127.0.0.1", user="postgres", dbname="postgres")
    with connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

{0}()
"""
ALCHEMY = """
from sqlalchemy import create_engine, text

engine = create_engine("postgresql+psycopg2://postgres@127.0.0.1/postgres")

def {0}(rows):
    with engine.begin() as connection:
        connection.execute(text("create temporary table sums (id int primary key, amount numeric not null)"))
        connection.execute(text("insert into sums values (:id, :amount)"), rows)

{0}(rows)
"""
POOL = """
from sqlalchemy import create_engine

def {0}():
    engine = create_engine("postgresql+psycopg2://postgres@127.0.0.1/postgres", pool_size=1, max_overflow=0, pool_timeout=0.05)
    with engine.connect(), engine.connect():
        pass

{0}()
"""
GET = """
import requests

def {0}(url, params):
    answer = requests.get(url, params=params, timeout=2)
    answer.raise_for_status()
    return answer.json()

{0}(url, params)
"""
URLLIB = """
from urllib.request import urlopen

def {0}(url):
    with urlopen(url, timeout=2) as answer:
        return answer.read()

{0}(url)
"""
AWS = """
import boto3
from botocore.config import Config

def {0}():
    client = boto3.client(service, endpoint_url="http://aws.acme.example", region_name="eu-west-1", aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="none", config=Config(retries={{"total_max_attempts": 1}}, read_timeout=0.3, s3={{"addressing_style": "path"}}))
    return getattr(client, operation)(**arguments)

{0}()
"""
GCS = """
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

def {0}(bucket, name):
    client = storage.Client(project="acme", credentials=AnonymousCredentials(), client_options={{"api_endpoint": "http://storage.acme.example"}})
    return client.bucket(bucket).blob(name).download_as_bytes(retry=None)

{0}(bucket, name)
"""
GOOGLE = """
from google.api_core import exceptions

def {0}():
    raise getattr(exceptions, name)(message)

{0}()
"""
GOOGLE_RETRY = """
from google.api_core import exceptions, retry

@retry.Retry(predicate=retry.if_exception_type(exceptions.ServiceUnavailable), initial=0.01, maximum=0.01, timeout=seconds)
def call():
    raise exceptions.ServiceUnavailable("The service is currently unavailable for pubsub.googleapis.com")

def {0}():
    call()

{0}()
"""
SNOWFLAKE = """
from snowflake.connector import errors

def {0}():
    raise getattr(errors, name)(msg=message, errno=errno, sqlstate=sqlstate, sfqid=query_id)

{0}()
"""
CSV = """
import io
import pandas as pd

def {0}(text):
    return pd.read_csv(io.StringIO(text))

{0}(text)
"""
AMOUNTS = """
import pandas as pd

def {0}(values):
    return pd.Series(values, dtype="object").astype("float64")

{0}(values)
"""
PARQUET = """
import pandas as pd

def {0}(path):
    return pd.read_parquet(path)

{0}(path)
"""
ARROW = """
import pyarrow as pa

def {0}(values):
    return pa.array(values).cast(pa.int64())

{0}(values)
"""
ARROW_FILE = """
import io
import pyarrow.parquet as pq

def {0}(content):
    return pq.read_table(io.BytesIO(content))

{0}(content)
"""
ARROW_TABLE = """
import pyarrow as pa

def {0}(columns):
    schema = pa.schema([("id", pa.int64()), ("amount", pa.float64())])
    return pa.Table.from_pydict(columns, schema=schema)

{0}(columns)
"""
EXCEL = """
import io
import openpyxl

def {0}(content):
    return openpyxl.load_workbook(io.BytesIO(content))

{0}(content)
"""
DECODE = """
def {0}(content):
    return content.decode("utf-8").splitlines()

{0}(content)
"""
PYDANTIC = """
from pydantic import BaseModel

class Line(BaseModel):
    sku: str
    pieces: int

class Order(BaseModel):
    lines: list[Line]

def {0}(text):
    return Order.model_validate_json(text)

{0}(text)
"""
JINJA = """
import jinja2

def {0}(template, context):
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, loader=jinja2.DictLoader({{}}))
    return environment.from_string(template).render(context)

{0}(template, context)
"""
SDK_ERROR = """
from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
from airflow.sdk.execution_time.comms import ErrorResponse

def send(kind, detail):
    raise AirflowRuntimeError(ErrorResponse(error=ErrorType[kind], detail=detail))

send(kind, detail)
"""
RAISE = """
class RowCountTooLow(Exception):
    pass

class UpstreamContract(Exception):
    pass

def {0}(value):
    {1}

{0}(value)
"""
MYSQL = """
import pymysql

def {0}(table):
    connection = pymysql.connect(host=host, port=3306, user="etl", database="shop", connect_timeout=2)
    return connection.query("select count(*) from " + table)

{0}("orders")
"""
KUBERNETES = """
from types import SimpleNamespace
from kubernetes.client.exceptions import ApiException

def {0}(audit_id):
    raise ApiException(http_resp=SimpleNamespace(status=status, reason=reason, data=body,
        headers={{"Audit-Id": audit_id, "Date": date, "Content-Length": "214"}}, getheaders=lambda: {{"Audit-Id": audit_id, "Date": date}}))

{0}(audit_id)
"""
TENACITY = """
import tenacity

@tenacity.retry(stop=tenacity.stop_after_attempt(2))
def attempt():
    raise ConnectionError(f"gateway mq-1.acme.example:5672 closed the connection, session {{session}}")

def {0}():
    attempt()

{0}()
"""
GROUP = """
class Refused(Exception):
    pass

def reach(host):
    try:
        raise ConnectionRefusedError(111, f"Connect call failed ('{{host}}', 9092)")
    except ConnectionRefusedError as error:
        return error

def {0}(hosts):
    raise ExceptionGroup("unhandled errors in a TaskGroup", [reach(host) for host in hosts])

{0}(hosts)
"""
RECURSION = """
def descend(tree, depth):
    if depth == 0:
        raise KeyError(tree["leaf"])
    return descend(tree, depth - 1)

def {0}(depth):
    return descend({{"leaf": "x"}}, depth)

{0}(depth)
"""
MUTUAL = """
def even(number):
    return odd(number - 1) if number else missing_name

def odd(number):
    return even(number - 1)

even(number)
"""
WAIT = """
import asyncio

async def ask(seconds):
    await asyncio.wait_for(asyncio.sleep(5), timeout=seconds)

def {0}(seconds):
    asyncio.run(ask(seconds))

{0}(seconds)
"""
PROCESS = """
import subprocess
import sys

def {0}(seconds):
    subprocess.run([sys.executable, "-c", "import time; time.sleep(3)"], check=True, timeout=seconds)

{0}(seconds)
"""
PIP = """
import subprocess
import sys

def {0}():
    subprocess.run([sys.executable, "-c", "import sys; sys.exit(3)"], check=True)

{0}()
"""
FILE = """
from pathlib import Path

def {0}(path):
    return Path(path).read_text()

{0}(path)
"""
OS_ERROR = """
import errno, os

def {0}(path):
    raise OSError(code, os.strerror(code), path)

{0}(path)
"""
IMPORT_NAME = """
def {0}():
    from {1} import {2}

{0}()
"""
REGISTRY = """
import json

class PriceList:
    def __init__(self, text):
        try:
            self.prices = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"price list of {{len(text)}} characters is unreadable") from error

def {0}(text):
    return PriceList(text)

{0}(text)
"""
FALLBACK = """
import json

cache = {{}}

def {0}(key):
    try:
        return cache[key]
    except KeyError:
        return json.loads("")

{0}(key)
"""
PLAIN = """
class Warehouse:
    def {0}(self):
        raise ConnectionError(f"could not connect to warehouse {{host}}:{{port}}: Connection refused")

Warehouse().{0}()
"""
MEMORY = """
def {0}(rows):
    raise MemoryError(f"Unable to allocate {{rows / 10}} GiB for an array with shape ({{rows}}, 48) and data type float64")

{0}(rows)
"""

AWS_ERROR = '{{"__type": "{0}", "message": "{1}"}}'
S3_ERROR = "<Error><Code>{0}</Code><Message>{1}</Message><RequestId>{2}</RequestId><BucketName>lake-raw</BucketName></Error>"
TERMINATE = ["select pg_terminate_backend(pg_backend_pid())"]
READER = "set role pg_read_all_stats"
LATE = ["set statement_timeout = 20", "select pg_sleep(1)"]
LEDGER = "create temporary table ledger (id int primary key, amount int not null)"
TOO_LATE = "Task did not emit heartbeat within time limit (300 seconds) and will be terminated."
MISMATCH = (
    "Executor CeleryExecutor(parallelism=32) reported that the task instance <TaskInstance: {0}.load scheduled__2026-11-{1}T00:00:00+00:00 [queued]> finished "
    "with state failed, but the task instance's state attribute is queued. "
    "Learn more: https://airflow.apache.org/docs/apache-airflow/stable/troubleshooting.html#task-state-changed-externally"
)

CASES: list[Raised | Written] = [
    # databases
    user(
        "pg3-refused-1",
        "dwh-1:5439 refused",
        "infrastructure",
        PG3.format("snapshot"),
        "marts/snapshot.py",
        host="127.0.0.11",
    ),
    user(
        "pg3-refused-2",
        "dwh-1:5439 refused",
        "infrastructure",
        PG3.format("vacuum"),
        "marts/vacuum.py",
        host="127.0.0.21",
    ),
    user(
        "pg3-refused-3",
        "dwh-2:5439 refused",
        "infrastructure",
        PG3.format("snapshot"),
        "marts/snapshot.py",
        host="127.0.0.12",
    ),
    user(
        "pg-unique-1",
        "post: unique",
        "data",
        PG.format("post"),
        "ledger.py",
        statements=[LEDGER, "insert into ledger values (4711, 1), (4711, 2)"],
    ),
    user(
        "pg-unique-2",
        "post: unique",
        "data",
        PG.format("post"),
        "ledger.py",
        lines_above=8,
        statements=[LEDGER, "insert into ledger values (9, 1), (9, 2)"],
    ),
    user(
        "pg-null-1",
        "correct: null",
        "data",
        PG.format("correct"),
        "ledger.py",
        statements=[LEDGER, "insert into ledger values (9, null)"],
    ),
    user(
        "pg-syntax-1",
        "report: syntax",
        "code",
        PG.format("report"),
        "report.py",
        statements=["selct count(*) from pg_class"],
    ),
    user(
        "pg-syntax-2",
        "report: syntax",
        "code",
        PG.format("report"),
        "/usr/local/airflow/dags/report.py",
        lines_above=20,
        statements=["selct count(*) from pg_class"],
    ),
    user("pg-timeout-1", "statement timeout", "timeout", PG.format("aggregate"), "agg.py", statements=LATE),
    user(
        "pg-timeout-2",
        "statement timeout",
        "timeout",
        PG.format("refresh"),
        "marts/refresh.py",
        statements=LATE,
    ),
    user(
        "pg-denied-1",
        "pg_authid denied",
        "infrastructure",
        PG.format("audit"),
        "audit.py",
        statements=[READER, "select * from pg_authid"],
    ),
    user(
        "pg-denied-2",
        "pg_authid denied",
        "infrastructure",
        PG.format("roles"),
        "roles.py",
        statements=[READER, "table pg_authid"],
    ),
    user(
        "pg-denied-3",
        "pg_statistic denied",
        "infrastructure",
        PG.format("audit"),
        "audit.py",
        statements=[READER, "select * from pg_statistic"],
    ),
    user(
        "pg-shutdown-1",
        "terminated by administrator",
        "infrastructure",
        PG.format("aggregate"),
        "agg.py",
        statements=TERMINATE,
    ),
    user(
        "pg-shutdown-2",
        "terminated by administrator",
        "infrastructure",
        PG.format("export"),
        "export.py",
        statements=TERMINATE,
    ),
    user(
        "pg-cast-1", "ages: cast", "data", PG.format("ages"), "people.py", statements=["select 'forty'::int"]
    ),
    user(
        "pg-cast-2",
        "ages: cast",
        "data",
        PG.format("ages"),
        "people.py",
        statements=["select '3,5'::int"],
        lines_above=2,
    ),
    user(
        "sa-null-1",
        "store_sums: integrity",
        "data",
        ALCHEMY.format("store_sums"),
        "sums.py",
        rows=[{"id": 1, "amount": None}],
    ),
    user(
        "sa-null-2",
        "store_sums: integrity",
        "data",
        ALCHEMY.format("store_sums"),
        "sums.py",
        rows=[{"id": 77, "amount": None}],
        lines_above=5,
    ),
    user(
        "sa-null-3",
        "store_daily: integrity",
        "data",
        ALCHEMY.format("store_daily"),
        "sums.py",
        rows=[{"id": 77, "amount": None}],
    ),
    user("sa-pool-1", "pool exhausted", "timeout", POOL.format("sync"), "sync.py"),
    user("sa-pool-2", "pool exhausted", "timeout", POOL.format("copy_all"), "copy.py"),
    user(
        "mysql-1",
        "mysql-1 refused",
        "infrastructure",
        MYSQL.format("count"),
        "shop.py",
        host="mysql-1.acme.example",
    ),
    user(
        "mysql-2",
        "mysql-1 refused",
        "infrastructure",
        MYSQL.format("totals"),
        "totals.py",
        host="mysql-1.acme.example",
    ),
    user(
        "mysql-3",
        "mysql-2 refused",
        "infrastructure",
        MYSQL.format("count"),
        "shop.py",
        host="mysql-2.acme.example",
    ),
    # HTTP
    user(
        "http-401-1",
        "crm 401",
        "infrastructure",
        GET.format("people"),
        "crm.py",
        {"status": 401},
        url="http://crm.acme.example/v2/people",
        params={"page": 3},
    ),
    user(
        "http-401-2",
        "crm 401",
        "infrastructure",
        GET.format("sync"),
        "sync/people.py",
        {"status": 401},
        url="http://crm.acme.example/v2/people",
        params={"page": 11},
    ),
    user(
        "http-403-1",
        "crm 403",
        "infrastructure",
        GET.format("people"),
        "crm.py",
        {"status": 403},
        url="http://crm.acme.example/v2/people",
        params={"page": 3},
    ),
    user(
        "http-429-1",
        "desk 429",
        "infrastructure",
        GET.format("tickets"),
        "desk.py",
        {"status": 429},
        url="http://desk.acme.example/tickets/2026-11-01",
        params={},
    ),
    user(
        "http-429-2",
        "desk 429",
        "infrastructure",
        GET.format("tickets"),
        "desk.py",
        {"status": 429},
        url="http://desk.acme.example/tickets/2026-11-02",
        params={"after": "a8f3"},
    ),
    user(
        "http-404-1",
        "price_file: 404",
        "data",
        GET.format("price_file"),
        "prices.py",
        {"status": 404},
        url="http://files.acme.example/prices/2026-11-01.json",
        params={},
    ),
    user(
        "http-404-2",
        "price_file: 404",
        "data",
        GET.format("price_file"),
        "prices.py",
        {"status": 404},
        url="http://files.acme.example/prices/2026-11-02.json",
        params={},
    ),
    user(
        "http-500-1",
        "item 500",
        "infrastructure",
        GET.format("item"),
        "items.py",
        {"status": 500},
        url="http://shop.acme.example/items/48213/stock",
        params={},
    ),
    user(
        "http-500-2",
        "item 500",
        "infrastructure",
        GET.format("item"),
        "items.py",
        {"status": 500},
        url="http://shop.acme.example/items/9/stock",
        params={},
    ),
    user(
        "http-dns-1",
        "no address of geo.invalid",
        "infrastructure",
        GET.format("geocode"),
        "geo.py",
        url="http://geo.invalid/q",
        params={"q": "Wien"},
    ),
    user(
        "http-dns-2",
        "no address of geo.invalid",
        "infrastructure",
        GET.format("reverse"),
        "geo/reverse.py",
        url="http://geo.invalid/r",
        params={"lat": "48.2"},
    ),
    user(
        "http-dns-3",
        "no address of maps.invalid",
        "infrastructure",
        GET.format("geocode"),
        "geo.py",
        url="http://maps.invalid/q",
        params={"q": "Wien"},
    ),
    user(
        "http-drop-1",
        "answer dropped",
        "infrastructure",
        GET.format("people"),
        "crm.py",
        {"drop": True},
        url="http://crm.acme.example/v2/people",
        params={"page": 3},
    ),
    user(
        "http-drop-2",
        "answer dropped",
        "infrastructure",
        GET.format("orders"),
        "crm.py",
        {"drop": True},
        url="http://crm.acme.example/v2/people",
        params={"page": 4},
    ),
    user(
        "http-body-1",
        "quotes: no json",
        "data",
        GET.format("quotes"),
        "quotes.py",
        {"body": "<html>maintenance</html>"},
        url="http://fx.acme.example/q",
        params={},
    ),
    user(
        "http-body-2",
        "quotes: no json",
        "data",
        GET.format("quotes"),
        "quotes.py",
        {"body": ""},
        url="http://fx.acme.example/q",
        params={},
    ),
    user(
        "urllib-500-1",
        "urllib 500",
        "infrastructure",
        URLLIB.format("fetch"),
        "feed.py",
        {"status": 500},
        url="http://feed.acme.example/a?t=1",
    ),
    user(
        "urllib-500-2",
        "urllib 500",
        "infrastructure",
        URLLIB.format("fetch"),
        "feed.py",
        {"status": 500},
        url="http://feed.acme.example/a?t=2",
    ),
    user(
        "urllib-503-1",
        "urllib 503",
        "infrastructure",
        URLLIB.format("fetch"),
        "feed.py",
        {"status": 503},
        url="http://feed.acme.example/a?t=2",
    ),
    # clouds
    user(
        "aws-expired-1",
        "aws token expired",
        "infrastructure",
        AWS.format("list_inbox"),
        "lake.py",
        {"status": 400, "body": S3_ERROR.format("ExpiredToken", "The provided token has expired.", "5B1")},
        service="s3",
        operation="get_object",
        arguments={"Bucket": "lake-raw", "Key": "a/1"},
    ),
    user(
        "aws-expired-2",
        "aws token expired",
        "infrastructure",
        AWS.format("read"),
        "lake/read.py",
        {"status": 400, "body": S3_ERROR.format("ExpiredToken", "The provided token has expired.", "9C2")},
        service="s3",
        operation="get_object",
        arguments={"Bucket": "lake-raw", "Key": "b/2"},
    ),
    user(
        "aws-bucket-1",
        "no bucket lake-raw",
        "infrastructure",
        AWS.format("read"),
        "lake/read.py",
        {
            "status": 404,
            "body": S3_ERROR.format("NoSuchBucket", "The specified bucket does not exist", "9C2"),
        },
        service="s3",
        operation="get_object",
        arguments={"Bucket": "lake-raw", "Key": "b/2"},
    ),
    user(
        "aws-throttle-1",
        "glue throttled",
        "infrastructure",
        AWS.format("start"),
        "glue.py",
        {"status": 400, "body": AWS_ERROR.format("ThrottlingException", "Rate exceeded")},
        service="glue",
        operation="start_job_run",
        arguments={"JobName": "compact"},
    ),
    user(
        "aws-throttle-2",
        "glue throttled",
        "infrastructure",
        AWS.format("compact"),
        "glue/compact.py",
        {"status": 400, "body": AWS_ERROR.format("ThrottlingException", "Rate exceeded")},
        service="glue",
        operation="start_job_run",
        arguments={"JobName": "clicks"},
    ),
    user(
        "aws-slow-1",
        "aws read timeout",
        "timeout",
        AWS.format("read"),
        "lake/read.py",
        {"hang": True},
        service="s3",
        operation="get_object",
        arguments={"Bucket": "lake-raw", "Key": "b/2026-11-01"},
    ),
    user(
        "aws-slow-2",
        "aws read timeout",
        "timeout",
        AWS.format("read"),
        "lake/read.py",
        {"hang": True},
        service="s3",
        operation="get_object",
        arguments={"Bucket": "lake-raw", "Key": "b/2026-11-02"},
    ),
    user(
        "gcs-denied-1",
        "gcs lake-raw denied",
        "infrastructure",
        GCS.format("download"),
        "gcs.py",
        {"status": 403},
        bucket="lake-raw",
        name="orders/2026-11-01.csv",
    ),
    user(
        "gcs-denied-2",
        "gcs lake-raw denied",
        "infrastructure",
        GCS.format("restore"),
        "restore.py",
        {"status": 403},
        bucket="lake-raw",
        name="orders/2026-11-07.csv",
    ),
    user(
        "gcs-denied-3",
        "gcs lake-gold denied",
        "infrastructure",
        GCS.format("download"),
        "gcs.py",
        {"status": 403},
        bucket="lake-gold",
        name="orders/2026-11-01.csv",
    ),
    user(
        "google-504-1",
        "google deadline",
        "timeout",
        GOOGLE.format("publish"),
        "pub.py",
        name="DeadlineExceeded",
        message="Deadline of 60.0s exceeded while calling pubsub.googleapis.com",
    ),
    user(
        "google-504-2",
        "google deadline",
        "timeout",
        GOOGLE.format("pull"),
        "sub.py",
        name="DeadlineExceeded",
        message="Deadline of 90.5s exceeded while calling pubsub.googleapis.com",
    ),
    user(
        "google-404-1",
        "copy_table: not found",
        "data",
        GOOGLE.format("copy_table"),
        "bq.py",
        name="NotFound",
        message="Not found: Table acme-prod:mart.orders_20261101 was not found in location EU",
    ),
    user(
        "google-404-2",
        "copy_table: not found",
        "data",
        GOOGLE.format("copy_table"),
        "bq.py",
        name="NotFound",
        message="Not found: Table acme-prod:mart.orders_20261102 was not found in location EU",
    ),
    user(
        "google-retry-1",
        "pubsub unavailable",
        "infrastructure",
        GOOGLE_RETRY.format("publish"),
        "pub.py",
        seconds=0.05,
    ),
    user(
        "google-retry-2",
        "pubsub unavailable",
        "infrastructure",
        GOOGLE_RETRY.format("announce"),
        "announce.py",
        seconds=0.08,
    ),
    user(
        "sf-connect-1",
        "snowflake acme-eu down",
        "infrastructure",
        SNOWFLAKE.format("connect"),
        f"{PACKAGES}/snowflake/connector/network.py",
        name="OperationalError",
        message="Failed to connect to DB: acme-eu.snowflakecomputing.com:443. Connection aborted, request guid 7b1d6bf0-0b43-4e56-8a43-6e5f1f1a9c21",
        errno=250001,
        sqlstate="08001",
        query_id=None,
    ),
    user(
        "sf-connect-2",
        "snowflake acme-eu down",
        "infrastructure",
        SNOWFLAKE.format("connect"),
        f"{PACKAGES}/snowflake/connector/network.py",
        name="OperationalError",
        message="Failed to connect to DB: acme-eu.snowflakecomputing.com:443. Connection aborted, request guid 0f6e2c55-9b1c-4a0e-93d4-2d7a5b9a4c10",
        errno=250001,
        sqlstate="08001",
        query_id=None,
    ),
    user(
        "sf-connect-3",
        "snowflake acme-us down",
        "infrastructure",
        SNOWFLAKE.format("connect"),
        f"{PACKAGES}/snowflake/connector/network.py",
        name="OperationalError",
        message="Failed to connect to DB: acme-us.snowflakecomputing.com:443. Connection aborted, request guid 0f6e2c55-9b1c-4a0e-93d4-2d7a5b9a4c11",
        errno=250001,
        sqlstate="08001",
        query_id=None,
    ),
    user(
        "sf-table-1",
        "unload: no table",
        "data",
        SNOWFLAKE.format("unload"),
        "sf.py",
        name="ProgrammingError",
        message="SQL compilation error:\nObject 'MART.PUBLIC.ORDERS_20261101' does not exist or not authorized.",
        errno=2003,
        sqlstate="42S02",
        query_id="01b8e3c4-0604-1a2b-0000-0d3500a1b2c3",
    ),
    user(
        "sf-table-2",
        "unload: no table",
        "data",
        SNOWFLAKE.format("unload"),
        "sf.py",
        name="ProgrammingError",
        message="SQL compilation error:\nObject 'MART.PUBLIC.ORDERS_20261102' does not exist or not authorized.",
        errno=2003,
        sqlstate="42S02",
        query_id="01b8e3c4-0604-1a2b-0000-0d3500a1b999",
    ),
    user(
        "k8s-quota-1",
        "pods quota",
        "infrastructure",
        KUBERNETES.format("create_pod"),
        f"{PACKAGES}/airflow/providers/cncf/kubernetes/utils/pod_manager.py",
        status=403,
        reason="Forbidden",
        body='{"message":"pods \\"orders-load-7xk2p9qz\\" is forbidden: exceeded quota: etl, requested: limits.memory=4Gi"}',
        audit_id="3b7e1f0a-77aa-4a6e-9d1c-1f2e3d4c5b6a",
        date="Fri, 20 Nov 2026 09:12:44 GMT",
    ),
    user(
        "k8s-quota-2",
        "pods quota",
        "infrastructure",
        KUBERNETES.format("create_pod"),
        f"{PACKAGES}/airflow/providers/cncf/kubernetes/utils/pod_manager.py",
        status=403,
        reason="Forbidden",
        body='{"message":"pods \\"clicks-load-q81mzc4d\\" is forbidden: exceeded quota: etl, requested: limits.memory=4Gi"}',
        audit_id="a90c2d4e-0b1f-4c55-8f6e-6f7a8b9c0d1e",
        date="Fri, 20 Nov 2026 10:02:01 GMT",
    ),
    # data
    user(
        "csv-fields-1",
        "read_partner: fields",
        "data",
        CSV.format("read_partner"),
        "partner.py",
        text="a,b\n1,2\n1,2,3\n",
    ),
    user(
        "csv-fields-2",
        "read_partner: fields",
        "data",
        CSV.format("read_partner"),
        "partner.py",
        text="a,b\n1,2\n1,2\n1,2,3,4\n",
    ),
    user("csv-empty-1", "read_partner: empty", "data", CSV.format("read_partner"), "partner.py", text=""),
    user(
        "float-1",
        "amounts: not a number",
        "data",
        AMOUNTS.format("amounts"),
        "amounts.py",
        values=["1", "n/a"],
    ),
    user(
        "float-2",
        "amounts: not a number",
        "data",
        AMOUNTS.format("amounts"),
        "amounts.py",
        values=["12,5"],
        lines_above=6,
    ),
    user(
        "parquet-gone-1",
        "load_part: no file",
        "data",
        PARQUET.format("load_part"),
        "parts.py",
        path="/data/lake/orders/2026-11-01.parquet",
    ),
    user(
        "parquet-gone-2",
        "load_part: no file",
        "data",
        PARQUET.format("load_part"),
        "parts.py",
        path="/data/lake/orders/2026-11-02.parquet",
    ),
    user(
        "parquet-gone-3",
        "load_all: no file",
        "data",
        PARQUET.format("load_all"),
        "parts.py",
        path="/data/lake/orders/2026-11-02.parquet",
    ),
    user("arrow-cast-1", "to_int: arrow", "data", ARROW.format("to_int"), "arrow.py", values=["1", "x7"]),
    user(
        "arrow-cast-2",
        "to_int: arrow",
        "data",
        ARROW.format("to_int"),
        "arrow.py",
        values=["zwei"],
        lines_above=4,
    ),
    user(
        "arrow-magic-1",
        "open_part: no parquet",
        "data",
        ARROW_FILE.format("open_part"),
        "arrow.py",
        content=b"<html><body>please sign in</body></html>",
    ),
    user(
        "arrow-magic-2",
        "open_part: no parquet",
        "data",
        ARROW_FILE.format("open_part"),
        "arrow.py",
        content=b"PK" * 40,
    ),
    user(
        "arrow-schema-1",
        "to_table: column",
        "data",
        ARROW_TABLE.format("to_table"),
        "arrow.py",
        columns={"id": [1, 2]},
    ),
    user(
        "excel-1",
        "read_budget: no workbook",
        "data",
        EXCEL.format("read_budget"),
        "budget.py",
        content=b"a;b;c",
    ),
    user(
        "excel-2",
        "read_budget: no workbook",
        "data",
        EXCEL.format("read_budget"),
        "budget.py",
        content=b"",
        lines_above=3,
    ),
    user(
        "utf8-1",
        "read_names: encoding",
        "data",
        DECODE.format("read_names"),
        "names.py",
        content="Müller".encode("latin-1"),
    ),
    user(
        "utf8-2",
        "read_names: encoding",
        "data",
        DECODE.format("read_names"),
        "names.py",
        content=b"Zo\xeb;\xff",
    ),
    user(
        "model-1",
        "read_order: model",
        "data",
        PYDANTIC.format("read_order"),
        "order.py",
        text='{"lines": [{"sku": "A1", "pieces": "x"}]}',
    ),
    user(
        "model-2",
        "read_order: model",
        "data",
        PYDANTIC.format("read_order"),
        "order.py",
        text='{"lines": [{"pieces": 2}]}',
    ),
    user(
        "list-1",
        "publish_prices: unreadable",
        "data",
        REGISTRY.format("publish_prices"),
        "prices.py",
        text="{'a': 1}",
    ),
    user(
        "list-2",
        "publish_prices: unreadable",
        "data",
        REGISTRY.format("publish_prices"),
        "prices.py",
        text="EUR 12",
        lines_above=11,
    ),
    user(
        "list-3",
        "check_prices: unreadable",
        "data",
        REGISTRY.format("check_prices"),
        "prices.py",
        text="EUR 12",
    ),
    user(
        "file-1",
        "de missing file",
        "data",
        "def lies(tag):\n    raise FileNotFoundError(f'Datei nicht gefunden: /daten/eingang/{tag}/bestellungen.csv')\n\nlies(tag)\n",
        "de/bestellungen.py",
        tag="2026-11-01",
    ),
    user(
        "file-2",
        "de missing file",
        "data",
        "def lies(tag):\n    raise FileNotFoundError(f'Datei nicht gefunden: /daten/eingang/{tag}/bestellungen.csv')\n\nlies(tag)\n",
        "de/bestellungen.py",
        tag="2026-11-02",
    ),
    user(
        "rows-1",
        "check_rows: too low",
        "data",
        RAISE.format("check_rows", "raise RowCountTooLow(f'{value} rows loaded, expected at least 1000')"),
        "checks.py",
        value=12,
    ),
    user(
        "rows-2",
        "check_rows: too low",
        "data",
        RAISE.format("check_rows", "raise RowCountTooLow(f'{value} rows loaded, expected at least 1000')"),
        "checks.py",
        value=0,
        lines_above=4,
    ),
    user(
        "contract-1",
        "check_contract: missing",
        "data",
        RAISE.format("check_contract", "raise UpstreamContract(f'column `{value}` is missing')"),
        "checks.py",
        value="iban",
    ),
    # code
    user(
        "jinja-1",
        "render: undefined",
        "code",
        JINJA.format("render"),
        "mail.py",
        template="{{ run.owner.name }}",
        context={},
    ),
    user(
        "jinja-2",
        "render: undefined",
        "code",
        JINJA.format("render"),
        "mail.py",
        template="Hello {{ customer }}",
        context={"a": 1},
    ),
    user(
        "jinja-3",
        "render: template syntax",
        "code",
        JINJA.format("render"),
        "mail.py",
        template="{% if a %}",
        context={},
    ),
    user(
        "code-zero-1",
        "share: zero",
        "code",
        "def share(part, whole):\n    return part / whole\n\nshare(part, whole)\n",
        "share.py",
        part=3,
        whole=0,
    ),
    user(
        "code-zero-2",
        "share: zero",
        "code",
        "def share(part, whole):\n    return part / whole\n\nshare(part, whole)\n",
        "/usr/local/airflow/dags/share.py",
        lines_above=14,
        part=8,
        whole=0,
    ),
    user(
        "code-zero-3",
        "other share: zero",
        "code",
        "def share(part, whole):\n    return part / whole\n\nshare(part, whole)\n",
        "returns/share.py",
        part=3,
        whole=0,
    ),
    user(
        "code-index-1",
        "newest: empty",
        "code",
        "def newest(files):\n    return sorted(files)[-1]\n\nnewest([])\n",
        "files.py",
    ),
    user(
        "code-attr-1",
        "total: no attribute",
        "code",
        "def total(order):\n    return order.amount + 1\n\ntotal(order)\n",
        "total.py",
        order=None,
    ),
    user(
        "code-attr-2",
        "total: no attribute",
        "code",
        "def total(order):\n    return order.amount + 1\n\ntotal(order)\n",
        "total.py",
        order=[1],
        lines_above=2,
    ),
    user(
        "code-name-1",
        "cleanup: no name",
        "code",
        "def cleanup():\n    return shutl.rmtree('/tmp/x')\n\ncleanup()\n",
        "cleanup.py",
    ),
    user(
        "code-assert-1",
        "balance: assertion",
        "code",
        "def balance(a, b):\n    assert a == b, f'{a} != {b}'\n\nbalance(a, b)\n",
        "balance.py",
        a=3,
        b=4,
    ),
    user(
        "code-assert-2",
        "balance: assertion",
        "code",
        "def balance(a, b):\n    assert a == b, f'{a} != {b}'\n\nbalance(a, b)\n",
        "balance.py",
        a=30,
        b=41,
    ),
    user(
        "code-unbound-1",
        "last_value: unbound",
        "code",
        "def last_value(rows):\n    for row in rows:\n        value = row\n    return value\n\nlast_value([])\n",
        "rows.py",
    ),
    user("code-deep-1", "walk: key", "code", RECURSION.format("walk"), "tree.py", depth=7),
    user("code-deep-2", "walk: key", "code", RECURSION.format("walk"), "tree.py", depth=200),
    user("code-mutual-1", "even and odd", "code", MUTUAL, "parity.py", number=4),
    user("code-mutual-2", "even and odd", "code", MUTUAL, "parity.py", number=66),
    user("cache-1", "lookup: json", "data", FALLBACK.format("lookup"), "cache.py", key="k1"),
    # dependencies
    user(
        "import-name-1",
        "no pandas.Panel",
        "dependency",
        IMPORT_NAME.format("report", "pandas", "Panel"),
        "report.py",
    ),
    user(
        "import-name-2",
        "no pandas.Panel",
        "dependency",
        IMPORT_NAME.format("cube", "pandas", "Panel"),
        "cubes/cube.py",
    ),
    user(
        "import-name-3",
        "no pandas.datetime",
        "dependency",
        IMPORT_NAME.format("report", "pandas", "datetime"),
        "report.py",
    ),
    user(
        "variable-1",
        "no variable api_key",
        "dependency",
        SDK_ERROR,
        f"{PACKAGES}/airflow/sdk/execution_time/comms.py",
        kind="VARIABLE_NOT_FOUND",
        detail={"key": "api_key"},
    ),
    user(
        "variable-2",
        "no variable api_key",
        "dependency",
        SDK_ERROR,
        f"{PACKAGES}/airflow/sdk/execution_time/comms.py",
        lines_above=3,
        kind="VARIABLE_NOT_FOUND",
        detail={"key": "api_key"},
    ),
    user(
        "variable-3",
        "no variable smtp",
        "dependency",
        SDK_ERROR,
        f"{PACKAGES}/airflow/sdk/execution_time/comms.py",
        kind="VARIABLE_NOT_FOUND",
        detail={"key": "smtp"},
    ),
    user(
        "api-down-1",
        "api server error",
        "infrastructure",
        SDK_ERROR,
        f"{PACKAGES}/airflow/sdk/execution_time/comms.py",
        kind="API_SERVER_ERROR",
        detail={
            "status_code": 500,
            "message": "Internal Server Error",
            "detail": {"correlation-id": "019a9c1e-7d31-7aa0-8f0f-8b2f1c3d4e5f"},
        },
    ),
    user(
        "api-down-2",
        "api server error",
        "infrastructure",
        SDK_ERROR,
        f"{PACKAGES}/airflow/sdk/execution_time/comms.py",
        kind="API_SERVER_ERROR",
        detail={
            "status_code": 500,
            "message": "Internal Server Error",
            "detail": {"correlation-id": "019a9c20-10a2-7bb1-9e0e-7c3e2b4a5d60"},
        },
    ),
    # time and death
    user(
        "deferral-1",
        "deferral timeout",
        "timeout",
        "from airflow.sdk.exceptions import TaskDeferralTimeout\n\ndef resume_execution():\n    raise TaskDeferralTimeout('Trigger/execution timeout')\n\nresume_execution()\n",
        f"{PACKAGES}/airflow/sdk/bases/operator.py",
    ),
    user("wait-1", "bare timeout", "timeout", WAIT.format("poll"), "poll.py", seconds=0.01),
    user("wait-2", "bare timeout", "timeout", WAIT.format("poll"), "poll.py", seconds=0.02, lines_above=2),
    user("process-1", "python too slow", "timeout", PROCESS.format("run_model"), "model.py", seconds=0.1),
    user("process-2", "python too slow", "timeout", PROCESS.format("run_model"), "model.py", seconds=0.25),
    user("memory-1", "cannot allocate", "killed", MEMORY.format("pivot"), "pivot.py", rows=81_000),
    user("memory-2", "cannot allocate", "killed", MEMORY.format("unpivot"), "pivot.py", rows=12_345),
    user("pip-1", "install: exit 3", "unknown", PIP.format("install"), "install.py"),
    user("pip-2", "install: exit 3", "unknown", PIP.format("install"), "install.py", lines_above=9),
    # files and machines
    user(
        "denied-1",
        "/mnt/secure denied",
        "infrastructure",
        OS_ERROR.format("copy"),
        "copy.py",
        code=13,
        path="/mnt/secure/2026-11-01/a.csv",
    ),
    user(
        "denied-2",
        "/mnt/secure denied",
        "infrastructure",
        OS_ERROR.format("move"),
        "move.py",
        code=13,
        path="/mnt/secure/2026-11-04/a.csv",
    ),
    user(
        "denied-3",
        "/mnt/public denied",
        "infrastructure",
        OS_ERROR.format("copy"),
        "copy.py",
        code=13,
        path="/mnt/public/2026-11-01/a.csv",
    ),
    user(
        "space-1",
        "/data/tmp full",
        "infrastructure",
        OS_ERROR.format("spill"),
        "spill.py",
        code=28,
        path="/data/tmp/spill-0000017",
    ),
    user(
        "space-2",
        "/data/tmp full",
        "infrastructure",
        OS_ERROR.format("sort"),
        "sort.py",
        code=28,
        path="/data/tmp/spill-0048121",
    ),
    user(
        "mq-1",
        "mq-1 closed",
        "infrastructure",
        TENACITY.format("send"),
        "mq.py",
        session="8c2f1be04d7a4e0b9f6a",
    ),
    user(
        "mq-2",
        "mq-1 closed",
        "infrastructure",
        TENACITY.format("send_all"),
        "mq_all.py",
        session="17ab9c3de2f04c5a8b1d",
    ),
    user(
        "group-1",
        "kafka refused",
        "infrastructure",
        GROUP.format("produce"),
        "kafka.py",
        hosts=["kafka-1.acme.example", "kafka-2.acme.example"],
    ),
    user(
        "group-2",
        "kafka refused",
        "infrastructure",
        GROUP.format("produce"),
        "kafka.py",
        hosts=["kafka-2.acme.example", "kafka-1.acme.example"],
    ),
    user(
        "group-3",
        "other kafka refused",
        "infrastructure",
        GROUP.format("produce"),
        "kafka.py",
        hosts=["kafka-7.acme.example", "kafka-8.acme.example"],
    ),
    # other scripts
    user(
        "ar-1",
        "ar refused",
        "infrastructure",
        "def حمّل(n):\n    raise ConnectionError(f'تم رفض الاتصال بالخادم dwh-1.acme.example:5439 بعد {n} محاولات')\n\nحمّل(n)\n",
        "المبيعات.py",
        n=3,
    ),
    user(
        "ar-2",
        "ar refused",
        "infrastructure",
        "def انسخ(n):\n    raise ConnectionError(f'تم رفض الاتصال بالخادم dwh-1.acme.example:5439 بعد {n} محاولات')\n\nانسخ(n)\n",
        "العملاء.py",
        n=5,
    ),
    user(
        "ar-3",
        "ar dwh-2 refused",
        "infrastructure",
        "def حمّل(n):\n    raise ConnectionError(f'تم رفض الاتصال بالخادم dwh-2.acme.example:5439 بعد {n} محاولات')\n\nحمّل(n)\n",
        "المبيعات.py",
        n=3,
    ),
    user(
        "de-1",
        "de timeout",
        "timeout",
        "def warte(s):\n    raise RuntimeError(f'Zeitüberschreitung nach {s} Sekunden beim Warten auf lager-1.acme.example:8080')\n\nwarte(s)\n",
        "lager.py",
        s=31,
    ),
    user(
        "de-2",
        "de timeout",
        "timeout",
        "def hole(s):\n    raise RuntimeError(f'Zeitüberschreitung nach {s} Sekunden beim Warten auf lager-1.acme.example:8080')\n\nhole(s)\n",
        "lager/hole.py",
        s=64,
    ),
    user(
        "ja-1",
        "ja rows",
        "data",
        "def 検証(n):\n    raise ValueError(f'{n} 行目: 金額がありません')\n\n検証(n)\n",
        "検証.py",
        n=17,
    ),
    user(
        "ja-2",
        "ja rows",
        "data",
        "def 検証(n):\n    raise ValueError(f'{n} 行目: 金額がありません')\n\n検証(n)\n",
        "検証.py",
        n=212,
    ),
    # output of programs
    bash(
        "psql-1",
        "psql dwh-1 refused",
        "infrastructure",
        2,
        'psql: error: connection to server at "dwh-1.acme.example" (10.20.0.11), port 5439 failed: Connection refused',
    ),
    bash(
        "psql-2",
        "psql dwh-1 refused",
        "infrastructure",
        2,
        'psql: error: connection to server at "dwh-1.acme.example" (10.20.0.21), port 5439 failed: Connection refused',
    ),
    bash(
        "curl-1",
        "curl api:443",
        "infrastructure",
        7,
        "curl: (7) Failed to connect to api.acme.example port 443 after 12 ms: Couldn't connect to server",
    ),
    bash(
        "curl-2",
        "curl api:443",
        "infrastructure",
        7,
        "curl: (7) Failed to connect to api.acme.example port 443 after 3 ms: Couldn't connect to server",
    ),
    bash(
        "curl-3",
        "curl api:8443",
        "infrastructure",
        7,
        "curl: (7) Failed to connect to api.acme.example port 8443 after 3 ms: Couldn't connect to server",
    ),
    bash(
        "curl-4",
        "curl too slow",
        "timeout",
        28,
        "curl: (28) Operation timed out after 30001 milliseconds with 0 bytes received",
    ),
    bash(
        "curl-5",
        "curl too slow",
        "timeout",
        28,
        "curl: (28) Operation timed out after 30004 milliseconds with 1448 bytes received",
    ),
    bash(
        "killed-1",
        "load.py killed",
        "killed",
        137,
        "/tmp/airflowtmpk3v8_2xq/script: line 3:  4711 Killed                  python load.py --day 2026-11-01",
    ),
    bash(
        "killed-2",
        "load.py killed",
        "killed",
        137,
        "/tmp/airflowtmp0c_l1d9e/script: line 3:   912 Killed                  python load.py --day 2026-11-02",
    ),
    bash(
        "perm-1",
        "run.sh denied",
        "infrastructure",
        126,
        "/tmp/airflowtmpk3v8_2xq/script: line 1: /opt/tools/run.sh: Permission denied",
    ),
    bash(
        "dbt-db-1",
        "dbt database error in fct_orders",
        "data",
        1,
        'Database Error in model fct_orders (models/marts/fct_orders.sql): relation "raw.orders_20261101" does not exist',
    ),
    bash(
        "dbt-db-2",
        "dbt database error in fct_orders",
        "data",
        1,
        'Database Error in model fct_orders (models/marts/fct_orders.sql): relation "raw.orders_20261102" does not exist',
    ),
    bash(
        "dbt-compile-1",
        "dbt compilation error in dim_users",
        "code",
        2,
        "Compilation Error in model dim_users (models/marts/dim_users.sql): 'surrogate_key' is undefined. This can happen when calling a macro that does not exist.",
    ),
    bash(
        "dbt-down-1",
        "dbt dwh-1 refused",
        "infrastructure",
        2,
        'Database Error: connection to server at "dwh-1.acme.example" (10.20.0.11), port 5439 failed: Connection refused',
    ),
    bash(
        "scp-1",
        "sftp host key",
        "infrastructure",
        255,
        "ssh: connect to host sftp.partner.example port 22: No route to host",
    ),
    Written(
        "exit-1",
        "bash exit 3",
        "unknown",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 3.", ()),),
    ),
    Written(
        "exit-2",
        "bash exit 3",
        "unknown",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 3.", ()),),
    ),
    Written(
        "exit-3",
        "bash exit 4",
        "unknown",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 4.", ()),),
    ),
    Written(
        "exit-4",
        "bash exit 124",
        "timeout",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 124.", ()),),
    ),
    Written(
        "exit-5",
        "bash exit 143",
        "killed",
        (("AirflowException", "Bash command failed. The command returned a non-zero exit code 143.", ()),),
    ),
    Written(
        "image-1",
        "no image etl:1.4",
        "infrastructure",
        (
            (
                "AirflowException",
                "Pod orders-load-7xk2p9qz returned a failure.\nremote_pod: 'reason': 'ImagePullBackOff', 'message': 'Back-off pulling image \"registry.acme.example/etl:1.4\"'",
                (),
            ),
        ),
    ),
    Written(
        "image-2",
        "no image etl:1.4",
        "infrastructure",
        (
            (
                "AirflowException",
                "Pod clicks-load-q81mzc4d returned a failure.\nremote_pod: 'reason': 'ImagePullBackOff', 'message': 'Back-off pulling image \"registry.acme.example/etl:1.4\"'",
                (),
            ),
        ),
    ),
    Written(
        "image-3",
        "no image ml:1.4",
        "infrastructure",
        (
            (
                "AirflowException",
                "Pod orders-load-7xk2p9qz returned a failure.\nremote_pod: 'reason': 'ImagePullBackOff', 'message': 'Back-off pulling image \"registry.acme.example/ml:1.4\"'",
                (),
            ),
        ),
    ),
    Written(
        "pod-start-1",
        "pod not started",
        "timeout",
        (
            (
                "PodLaunchFailedException",
                "Pod took too long to be scheduled on the cluster, giving up. More than 120s. Check the pod events in kubernetes.",
                ((f"{PACKAGES}/airflow/providers/cncf/kubernetes/utils/pod_manager.py", "await_pod_start"),),
            ),
        ),
    ),
    Written(
        "pod-start-2",
        "pod not started",
        "timeout",
        (
            (
                "PodLaunchFailedException",
                "Pod took too long to be scheduled on the cluster, giving up. More than 300s. Check the pod events in kubernetes.",
                ((f"{PACKAGES}/airflow/providers/cncf/kubernetes/utils/pod_manager.py", "await_pod_start"),),
            ),
        ),
    ),
    Written(
        "evicted-1",
        "pod evicted",
        "killed",
        (
            (
                "AirflowException",
                "Pod orders-load-7xk2p9qz returned a failure.\nremote_pod: 'reason': 'Evicted', 'message': 'The node was low on resource: memory. Container base was using 3148Mi'",
                (),
            ),
        ),
    ),
    Written(
        "evicted-2",
        "pod evicted",
        "killed",
        (
            (
                "AirflowException",
                "Pod orders-load-m2k8x0aa returned a failure.\nremote_pod: 'reason': 'Evicted', 'message': 'The node was low on resource: memory. Container base was using 4012Mi'",
                (),
            ),
        ),
    ),
    output(
        "spark-table-1",
        "spark no table raw.orders",
        "data",
        "Cannot execute: spark-submit --master yarn daily.py. Error code is: 1.",
        "pyspark.errors.exceptions.captured.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `raw`.`orders_20261101` cannot be found. SQLSTATE: 42P01; line 1 pos 14",
    ),
    output(
        "spark-table-2",
        "spark no table raw.orders",
        "data",
        "Cannot execute: spark-submit --master yarn daily.py. Error code is: 1.",
        "pyspark.errors.exceptions.captured.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `raw`.`orders_20261102` cannot be found. SQLSTATE: 42P01; line 1 pos 41",
    ),
    output(
        "spark-class-1",
        "spark no class Loader",
        "dependency",
        "Cannot execute: spark-submit --class example.acme.Loader app.jar. Error code is: 101.",
        "java.lang.ClassNotFoundException: example.acme.Loader",
    ),
    output(
        "spark-heap-1",
        "spark heap",
        "killed",
        "Cannot execute: spark-submit --master yarn daily.py. Error code is: 1.",
        "java.lang.OutOfMemoryError: Java heap space",
    ),
    output(
        "spark-yarn-1",
        "yarn refused",
        "infrastructure",
        "Cannot execute: spark-submit --master yarn daily.py. Error code is: 1.",
        "java.net.ConnectException: Call From node-17/10.0.4.17 to yarn-rm.acme.example:8032 failed on connection exception: java.net.ConnectException: Connection refused",
    ),
    output(
        "spark-yarn-2",
        "yarn refused",
        "infrastructure",
        "Cannot execute: spark-submit --master yarn daily.py. Error code is: 1.",
        "java.net.ConnectException: Call From node-22/10.0.4.22 to yarn-rm.acme.example:8032 failed on connection exception: java.net.ConnectException: Connection refused",
    ),
    output(
        "ssh-1",
        "ssh disk full",
        "infrastructure",
        "SSH operator error: exit status = 1",
        "tar: /backup/orders.tar: Wrote only 4096 of 10240 bytes: No space left on device",
    ),
    # an end without an exception
    Written("signal-1", "SIGTERM", "killed", line="Process terminated by signal. (SIGTERM)"),
    Written("signal-2", "SIGSEGV", "killed", line="Process terminated by signal. (SIGSEGV)"),
    Written("signal-3", "SIGSEGV", "killed", line="Process terminated by signal. (SIGSEGV)"),
    # no log
    recorded(
        "lost-1",
        "heartbeat lost",
        "killed",
        state="failed",
        run_state="running",
        started=True,
        hostname="worker-1",
        events=[{"event": "heartbeat timeout", "extra": TOO_LATE}],
    ),
    recorded(
        "mismatch-1",
        "executor says failed",
        "unknown",
        state="failed",
        run_state="running",
        started=False,
        events=[{"event": "state mismatch", "extra": MISMATCH.format("orders", "01")}],
    ),
    recorded(
        "mismatch-2",
        "executor says failed",
        "unknown",
        state="failed",
        run_state="failed",
        started=False,
        events=[{"event": "state mismatch", "extra": MISMATCH.format("clicks", "04")}],
    ),
    recorded(
        "upstream-1",
        "",
        "unknown",
        state="upstream_failed",
        run_state="failed",
        started=False,
        failed_upstream=["load"],
    ),
    recorded(
        "skipped-1",
        "",
        "unknown",
        state="skipped",
        run_state="success",
        started=False,
        trigger_rule="all_success",
    ),
    recorded(
        "import-1",
        "no module geoip2",
        "dependency",
        state="failed",
        run_state="running",
        started=False,
        import_error="Traceback (most recent call last):\n  File \"/opt/airflow/dags/geo.py\", line 3, in <module>\n    import geoip2\nModuleNotFoundError: No module named 'geoip2'\n",
    ),
    recorded(
        "run-timeout-1",
        "run timed out",
        "timeout",
        run_state="failed",
        run_level=True,
        run_duration_s=7204.0,
        dagrun_timeout_s=7200.0,
        unfinished_tasks=3,
    ),
    recorded(
        "run-timeout-2",
        "run timed out",
        "timeout",
        run_state="failed",
        run_level=True,
        run_duration_s=7261.5,
        dagrun_timeout_s=7200.0,
        unfinished_tasks=1,
    ),
    recorded(
        "run-deadlock-1",
        "run deadlocked",
        "code",
        run_state="failed",
        run_level=True,
        run_duration_s=35.0,
        unfinished_tasks=2,
    ),
    recorded(
        "run-marked-1",
        "",
        "unknown",
        run_state="failed",
        run_level=True,
        run_duration_s=35.0,
        events=[{"event": "patch_dag_run", "owner": "anna", "extra": '{"state": "failed"}'}],
    ),
    recorded(
        "fail-fast-1",
        "",
        "unknown",
        state="failed",
        run_state="failed",
        started=True,
        events=[{"event": "fail task", "extra": "Forcing task to fail due to dag's `fail_fast` setting."}],
    ),
    recorded("never-1", "never started", "unknown", state="failed", run_state="failed", started=False),
    recorded("never-2", "never started", "unknown", state="failed", run_state="running", started=False),
    recorded(
        "gone-1",
        "ended without a word",
        "unknown",
        state="failed",
        run_state="running",
        started=True,
        hostname="worker-3",
    ),
    # drivers that are not installed here, as they word things
    user(
        "plain-1",
        "plain dwh-1:5439",
        "infrastructure",
        PLAIN.format("load"),
        "a.py",
        host="dwh-1.internal",
        port=5439,
    ),
    user(
        "plain-2",
        "plain dwh-1:5439",
        "infrastructure",
        PLAIN.format("export"),
        "b.py",
        host="dwh-1.internal",
        port=5439,
    ),
    user(
        "plain-3",
        "plain dwh-1:5440",
        "infrastructure",
        PLAIN.format("load"),
        "a.py",
        host="dwh-1.internal",
        port=5440,
    ),
    user(
        "plain-4",
        "plain dwh-2:5439",
        "infrastructure",
        PLAIN.format("load"),
        "a.py",
        host="dwh-2.internal",
        port=5439,
    ),
    user(
        "plain-5",
        "plain 10.20.0.5:5439",
        "infrastructure",
        PLAIN.format("load"),
        "a.py",
        host="10.20.0.5",
        port=5439,
    ),
    user(
        "plain-6",
        "plain 10.20.0.6:5439",
        "infrastructure",
        PLAIN.format("load"),
        "a.py",
        host="10.20.0.6",
        port=5439,
    ),
    user(
        "local-1",
        "localhost:5439 refused",
        "infrastructure",
        PG3.format("snapshot"),
        "marts/snapshot.py",
        host="localhost",
    ),
    user(
        "local-2",
        "localhost:5439 refused",
        "infrastructure",
        PG3.format("vacuum"),
        "marts/vacuum.py",
        host="localhost",
    ),
    Written(
        "mongo-1",
        "mongo-1 refused",
        "infrastructure",
        (
            (
                "ServerSelectionTimeoutError",
                "mongo-1.acme.example:27017: [Errno 111] Connection refused, Timeout: 30s, Topology Description: <TopologyDescription id: 65a1b2c3d4e5f60718293a4b, topology_type: Unknown>",
                ((f"{DAGS}/m.py", "read"),),
            ),
        ),
    ),
    Written(
        "mongo-2",
        "mongo-1 refused",
        "infrastructure",
        (
            (
                "ServerSelectionTimeoutError",
                "mongo-1.acme.example:27017: [Errno 111] Connection refused, Timeout: 30s, Topology Description: <TopologyDescription id: 65a1b9990aaabbb718293f01, topology_type: Unknown>",
                ((f"{DAGS}/n.py", "copy"),),
            ),
        ),
    ),
    Written(
        "mongo-3",
        "mongo-2 refused",
        "infrastructure",
        (
            (
                "ServerSelectionTimeoutError",
                "mongo-2.acme.example:27017: [Errno 111] Connection refused, Timeout: 30s, Topology Description: <TopologyDescription id: 65a1b9990aaabbb718293f01, topology_type: Unknown>",
                ((f"{DAGS}/n.py", "copy"),),
            ),
        ),
    ),
    Written(
        "mysql-full-1",
        "mysql too many connections",
        "infrastructure",
        (("OperationalError", "(1040, 'Too many connections')", ((f"{DAGS}/shop.py", "count"),)),),
    ),
    Written(
        "mysql-full-2",
        "mysql too many connections",
        "infrastructure",
        (("OperationalError", "(1040, 'Too many connections')", ((f"{DAGS}/totals.py", "sum_up"),)),),
    ),
    Written(
        "mysql-lost-1",
        "mysql connection lost",
        "infrastructure",
        (
            (
                "OperationalError",
                "(2013, 'Lost connection to MySQL server during query')",
                ((f"{DAGS}/shop.py", "count"),),
            ),
        ),
    ),
    Written(
        "oracle-1",
        "oracle no listener",
        "infrastructure",
        (("DatabaseError", "ORA-12541: TNS:no listener", ((f"{DAGS}/erp.py", "invoices"),)),),
    ),
    Written(
        "oracle-2",
        "oracle login",
        "infrastructure",
        (
            (
                "DatabaseError",
                "ORA-01017: invalid username/password; logon denied",
                ((f"{DAGS}/erp.py", "invoices"),),
            ),
        ),
    ),
    Written(
        "odbc-1",
        "sync_stock: no object",
        "data",
        (
            (
                "ProgrammingError",
                "('42S02', \"[42S02] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Invalid object name 'dbo.stock_20261101'. (208) (SQLExecDirectW)\")",
                ((f"{DAGS}/stock.py", "sync_stock"),),
            ),
        ),
    ),
    Written(
        "odbc-2",
        "sync_stock: no object",
        "data",
        (
            (
                "ProgrammingError",
                "('42S02', \"[42S02] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Invalid object name 'dbo.stock_20261102'. (208) (SQLExecDirectW)\")",
                ((f"{DAGS}/stock.py", "sync_stock"),),
            ),
        ),
    ),
    Written(
        "iam-1",
        "aws key unknown",
        "infrastructure",
        (
            (
                "ClientError",
                "An error occurred (InvalidClientTokenId) when calling the AssumeRole operation: The security token included in the request is invalid.",
                ((f"{DAGS}/lake.py", "assume"),),
            ),
        ),
    ),
    Written(
        "rows-3",
        "load_nothing: no rows",
        "data",
        (("AirflowFailException", "no rows for 2026-11-01", ((f"{DAGS}/checks.py", "load_nothing"),)),),
    ),
    Written(
        "rows-4",
        "load_nothing: no rows",
        "data",
        (("AirflowFailException", "no rows for 2026-11-02", ((f"{DAGS}/checks.py", "load_nothing"),)),),
    ),
    Written(
        "worker-1",
        "task got SIGTERM",
        "killed",
        (("AirflowTaskTerminated", "Task received SIGTERM signal", ((f"{DAGS}/a.py", "load"),)),),
    ),
    Written(
        "worker-2",
        "task got SIGTERM",
        "killed",
        (("AirflowTaskTerminated", "Task received SIGTERM signal", ((f"{DAGS}/b.py", "copy"),)),),
    ),
]
