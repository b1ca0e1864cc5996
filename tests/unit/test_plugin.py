"""What Airflow is told of Windsock, with a bundle and without one, at the root of a host and under a path."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from windsock import bundle
from windsock.plugin import NAME, URL_ROUTES, WindsockPlugin
from windsock.settings import DEV_URL_VARIABLE, SettingError, Settings, dev_url, get_settings

NAMES = Path(__file__).parents[2] / "frontend" / "src" / "host" / "names.ts"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    bundle.bundle_url.cache_clear()
    get_settings.cache_clear()
    yield
    bundle.bundle_url.cache_clear()
    get_settings.cache_clear()


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A static folder with a bundle."""
    (tmp_path / ".vite").mkdir()
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main-abc123.js").write_text("")
    manifest = {bundle.ENTRY: {"file": "assets/main-abc123.js", "isEntry": True}}
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setattr(bundle.entry_file, "__defaults__", (tmp_path,))
    return tmp_path


def test_every_destination_has_the_bundle_under_the_path_of_the_deployment(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://data.example.com/airflow/")
    apps = WindsockPlugin().react_apps
    assert {app["destination"]: app["url_route"] for app in apps} == URL_ROUTES
    assert {app["bundle_url"] for app in apps} == {"/airflow/windsock/static/assets/main-abc123.js"}
    assert {app["name"] for app in apps} == {NAME}
    routes = [app["url_route"] for app in apps]
    assert len(set(routes)) == len(routes)
    assert all(route == route.lower() for route in routes)
    assert all(app["icon"].startswith("/airflow/windsock/static/windsock.svg") for app in apps)


def test_the_bundle_exposes_itself_under_the_names_that_are_registered() -> None:
    in_the_bundle = set(re.findall(r'"(Windsock[^"]*)"', NAMES.read_text()))
    assert NAME in in_the_bundle


def test_the_destinations_are_ones_that_this_airflow_validates(built: Path) -> None:
    from airflow.api_fastapi.core_api.datamodels.plugins import ReactAppResponse

    for app in WindsockPlugin().react_apps:
        assert ReactAppResponse.model_validate(app).destination == app["destination"]


def test_without_a_bundle_the_log_says_what_to_run_and_no_page_is_registered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bundle.entry_file, "__defaults__", (tmp_path,))
    with caplog.at_level(logging.ERROR):
        assert WindsockPlugin().react_apps == []
    assert "make bundle" in caplog.text
    assert WindsockPlugin().fastapi_apps[0]["url_prefix"] == "/windsock"


def test_what_is_not_built_is_not_found(tmp_path: Path) -> None:
    client = TestClient(Starlette(routes=[Mount("/static", bundle.BundleFiles(tmp_path / "nowhere"))]))
    assert client.get("/static/assets/main.js").status_code == 404
    assert client.get("/static/.vite/manifest.json").status_code == 404


def test_hashed_files_are_kept_for_ever_and_others_asked_for_again(built: Path) -> None:
    (built / "windsock.svg").write_text("<svg/>")
    client = TestClient(Starlette(routes=[Mount("/static", bundle.BundleFiles(built))]))
    assert "immutable" in client.get("/static/assets/main-abc123.js").headers["cache-control"]
    assert client.get("/static/windsock.svg").headers["cache-control"] == "no-cache"
    assert client.get("/static/.vite/manifest.json").status_code == 404


@pytest.mark.parametrize(
    "broken", ["", "[]", "{}", '{"src/main.tsx": {}}', '{"src/main.tsx": {"file": "gone.js"}}']
)
def test_a_broken_manifest_counts_as_no_bundle(built: Path, broken: str) -> None:
    (built / ".vite" / "manifest.json").write_text(broken)
    assert bundle.entry_file(built) is None


def test_an_app_that_cannot_be_made_leaves_airflow_running(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import windsock.app

    def fail() -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(windsock.app, "create_app", fail)
    with caplog.at_level(logging.ERROR):
        assert WindsockPlugin().fastapi_apps == []
    assert "switched off" in caplog.text


def test_importing_the_plugin_loads_nothing_heavy() -> None:
    """Scheduler, Dag processor and workers import it too."""
    program = (
        "import sys, airflow.plugins_manager\n"
        "before = set(sys.modules)\n"
        "import windsock.plugin\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new & {'fastapi', 'starlette', 'httpx', 'airflow_client', 'pydantic', 'sqlalchemy', 're2'}))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5173", "http://localhost:5173/", "http://[::1]:5173", "https://127.0.0.2:1"]
)
def test_a_loopback_address_is_taken_for_the_ui_in_development(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dev_url({DEV_URL_VARIABLE: url}) == url.rstrip("/")
    monkeypatch.setenv(DEV_URL_VARIABLE, url)
    assert bundle.bundle_url("/windsock") == f"{url.rstrip('/')}/{bundle.ENTRY}"


@pytest.mark.parametrize(
    "url",
    ["http://example.com", "http://10.0.0.1:5173", "http://127.0.0.1.example.com", "ftp://127.0.0.1", "//127.0.0.1",
     "http://[", "http://user@example.com@127.0.0.1.nip.io", "javascript:alert(1)"],
)  # fmt: skip
def test_any_other_address_is_refused_and_said_so(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert dev_url({DEV_URL_VARIABLE: url}) is None
    assert DEV_URL_VARIABLE in caplog.text


def test_settings_have_defaults_and_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert get_settings() == Settings()
    get_settings.cache_clear()
    monkeypatch.setenv("AIRFLOW__WINDSOCK__OWN_PACKAGES", "acme, acme_pipelines ,")
    monkeypatch.setenv("AIRFLOW__WINDSOCK__LOG_READ_TIMEOUT", "12.5")
    assert get_settings().own_packages == ("acme", "acme_pipelines")
    assert get_settings().log_read_timeout_s == 12.5


@pytest.mark.parametrize("value", ["soon", "-1", "0", "nan"])
def test_a_setting_that_cannot_be_used_is_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__WINDSOCK__STATEMENT_TIMEOUT", value)
    with pytest.raises(SettingError, match=r"\[windsock\] statement_timeout"):
        get_settings()
