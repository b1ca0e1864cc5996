"""The entry of the bundle: one request and one evaluation per page load, whatever chunks come after it."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.e2e.airflow_server import AirflowServer
from tests.e2e.destinations import FailedTask, destinations
from tests.e2e.visitor import WINDSOCK, visitor

# Each evaluation of the entry leaves its component in `windsockExposed`, the first one by making it.
_COUNT_EVALUATIONS = """
globalThis.evaluationsOfWindsock = 0;
let exposed;
Object.defineProperty(globalThis, "windsockExposed", {
  configurable: true,
  get: () => exposed,
  set: (first) => {
    globalThis.evaluationsOfWindsock += 1;
    exposed = new Proxy(first, {
      set: (target, key, value) => {
        globalThis.evaluationsOfWindsock += key === "component" ? 1 : 0;
        return Reflect.set(target, key, value);
      },
    });
  },
});
"""


def test_entry_is_evaluated_once_even_after_lazy_chunks(
    browser: Browser, airflow: AirflowServer, failed_task: FailedTask
) -> None:
    with visitor(browser, airflow) as somebody:
        somebody.context.add_init_script(_COUNT_EVALUATIONS)
        scripts: list[str] = []
        somebody.page.on("request", lambda request: scripts.append(request.url))

        # From place to place by Airflow's own router, as a person goes: each brings a chunk of its own.
        page = somebody.open("/")
        expect(page.locator(WINDSOCK)).to_be_visible()
        for place in destinations(failed_task):
            page.evaluate(
                "to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate', { state: {} })); }",
                place.path,
            )
            expect(page.locator(WINDSOCK)).to_be_visible()
            somebody.settle()

        ours = [url for url in scripts if "/windsock/static/assets/" in url]
        entries = [url for url in ours if urlsplit(url).path.split("/")[-1].startswith("main-")]
        assert len(entries) == 1, entries
        assert urlsplit(entries[0]).query == ""
        assert len(set(ours)) > 6, "each place has a chunk of its own"
        assert page.evaluate("globalThis.evaluationsOfWindsock") == 1
