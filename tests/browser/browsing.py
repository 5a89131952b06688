"""People at their browsers, for tests: the product on a virtual clock, served over real HTTP, and Chromium to look.

`tests.browser.conftest` gives each module one browser; a test opens a `Site` and lets people sign in there."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from assigner.api.credentials import COOKIE
from assigner.testing import Workbench
from tests.lacking import lacks

QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-dev-shm-usage",
)
PASSWORD = "correct horse battery"
PATIENCE = 20_000
"""Milliseconds that something may take before it counts as not happening, also where others use the machine."""
MISSING = "no Chromium: install chromium and libatomic1, or set ASSIGNER_CHROMIUM to one"


def chromium_path() -> str:
    """Where the system's Chromium is. Skips the test, or fails it where ASSIGNER_REQUIRE names the browser."""
    found = os.environ.get("ASSIGNER_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        lacks("browser", MISSING)
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. It is closed on leaving, for its loop would stop every other test that runs a loop of its own."""
    path = chromium_path()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


class Site:
    """The sample organisation, served. `bench` moves its clock and speaks its HTTP interface, `admin` with a key;
    whoever has an `account` signs in with PASSWORD."""

    def __init__(self, browser: Browser, *, start: str = "2026-01-07T10:00:00Z", sample: bool = True) -> None:
        self.bench = Workbench(sample=sample, start=start)
        self.admin = self.bench.client(role="admin")
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._server = uvicorn.Server(
            uvicorn.Config(self.bench, host="127.0.0.1", port=0, log_level="error", lifespan="off")
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        [port] = {each.getsockname()[1] for server in self._server.servers for each in server.sockets}
        self.address = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for context in self._contexts:
            context.close()
        self.bench.product.close_streams()
        self._server.should_exit = True
        self._thread.join()
        self.bench.close()

    def account(self, agent_id: str, role: str) -> None:
        """Let there be an agent with a role who signs in with PASSWORD and an email at example.org."""
        known = self.admin.get(f"/v1/agents/{agent_id}").json()
        document = {"name": known.get("name", agent_id.title()), "role": role, "email": f"{agent_id}@example.org"}
        if "id" in known:
            self.admin.patch(f"/v1/agents/{agent_id}", json=document).raise_for_status()
        else:
            self.admin.put(f"/v1/agents/{agent_id}", json=document).raise_for_status()
        self.admin.put(f"/v1/agents/{agent_id}/password", json={"password": PASSWORD}).raise_for_status()

    def person(self, **options: Any) -> Page:
        """Somebody with a browser of the own, who has not signed in."""
        context = self._browser.new_context(base_url=self.address, **{"locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        return context.new_page()

    def sign_in(self, agent_id: str, *, at: str = "/", role: str = "agent", **options: Any) -> Page:
        """Somebody who has signed in, and looks at a page now. Only the tests of signing in fill in its form."""
        known = self.admin.get(f"/v1/agents/{agent_id}").json()
        if "id" not in known:
            self.admin.put(f"/v1/agents/{agent_id}", json={"name": agent_id.title(), "role": role}).raise_for_status()
        elif known["role"] != role:
            self.admin.patch(f"/v1/agents/{agent_id}", json={"role": role}).raise_for_status()
        token = self.bench.sign_in(agent_id).headers["authorization"].removeprefix("Bearer ")
        page = self.person(**options)
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])
        page.goto(at)
        return page


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page: the rule, and where. Of letters in the colour of what is behind them it is not
    sure; here they are wrong."""
    answer = Axe().run(page).response
    found = [f"{each['id']}: {node['target']} {node['failureSummary']}" for each, node in _nodes(answer["violations"])]
    return found + [f"unreadable: {node['target']}" for _, node in _nodes(answer["incomplete"]) if _is_unreadable(node)]


def _nodes(rules: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(rule, node) for rule in rules for node in rule["nodes"]]


def _is_unreadable(node: dict[str, Any]) -> bool:
    return any(
        (check["data"] or {}).get("messageKey") == "equalRatio"
        for check in node["any"]
        if check["id"] == "color-contrast"
    )
