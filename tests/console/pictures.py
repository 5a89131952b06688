"""Pictures of the console, taken from the living organisation of `./dev demo`.

`python -m tests.console.pictures` takes the four of the README anew; with `--all FOLDER`, every page in light and dark,
wide and narrow, to be looked at. It needs Chromium, and a minute and a half for the organisation to come to life."""

import base64
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from assigner.console.navigation import PLACES, SETTINGS
from tests.browser.browsing import chromium

PICTURES = Path(__file__).resolve().parents[2] / "assigner" / "console" / "pictures"
SECONDS_OF_LIFE = 90
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
QUALITY = 82
README = (
    ("online", "/online", "", "light"),
    ("queues", "/queues", "", "dark"),
    ("contact", "/queues", ".waiting .id", "light"),
    ("rules", "/rules", "", "light"),
)
"""Name, page, what is clicked there, and light of each picture in the README."""
DEEPER = (
    *("/rules/edit", "/rules/versions", "/rules/versions/1", "/queues/madrid"),
    *("/reports/waits", "/reports/agents", "/reports/fairness"),
    *("/settings/agents/one?id=ana", "/settings/offices/one?id=madrid", "/sign-in"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The demo at work: where, and with which password."""

    address: str
    password: str

    def sign_in(self, browser: Browser, name: str, *, scheme: str, size: dict[str, int]) -> Page:
        """Somebody who has signed in as a newcomer does."""
        context = browser.new_context(
            base_url=self.address,
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport=size,  # type: ignore[arg-type]
            locale="en-GB",
            timezone_id="Europe/Madrid",
        )
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("Email").fill(f"{name}@brisa.example")
        page.get_by_label("Password").fill(self.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("#own-status")
        return page


def main() -> None:
    """Let the demo live for a while, then take the pictures."""
    with demo() as at_work, chromium() as browser:
        time.sleep(SECONDS_OF_LIFE)
        if sys.argv[1:2] == ["--all"]:
            take_all(at_work, browser, Path(sys.argv[2]))
        else:
            PICTURES.mkdir(exist_ok=True)
            for name, path, clicked, scheme in README:
                page = at_work.sign_in(browser, "ada", scheme=scheme, size=WIDE)
                page.goto(path)
                if clicked:
                    page.locator(clicked).first.click()
                take(page, PICTURES / f"{name}.webp")


@contextmanager
def demo() -> Iterator[Demo]:
    """The demo in a process of its own, ended on leaving."""
    command = [str(Path(sys.executable).with_name("assigner")), "demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        try:
            for line in process.stdout:
                said += line
                if "Ctrl-C" in line:
                    break
            [address], [password] = re.findall(r"Look at it: (\S+)", said), re.findall(r"password +(\S+)", said)
            yield Demo(address=address, password=password)
        finally:
            process.terminate()


def take_all(at_work: Demo, browser: Browser, folder: Path) -> None:
    """Every page that an administrator sees, and the desk of an agent."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [place.path for place in (*PLACES, *SETTINGS)]
    for scheme in ("light", "dark"):
        for width, size in (("wide", WIDE), ("narrow", NARROW)):
            ada = at_work.sign_in(browser, "ada", scheme=scheme, size=size)
            for path in (*paths, *DEEPER):
                ada.goto(path)
                name = path.partition("?")[0].strip("/").replace("/", "-")
                ada.screenshot(path=folder / f"{name}.{scheme}.{width}.png", full_page=True)
            ada.goto("/queues")
            ada.locator(".waiting .id").first.click()
            ada.wait_for_url("**/contacts/*")
            ada.screenshot(path=folder / f"contact.{scheme}.{width}.png", full_page=True)
            ana = at_work.sign_in(browser, "ana", scheme=scheme, size=size)
            ana.screenshot(path=folder / f"desk-of-ana.{scheme}.{width}.png", full_page=True)


def take(page: Page, path: Path) -> None:
    """What is to be seen of a page, as a small file."""
    page.wait_for_timeout(500)
    options = {"format": "webp", "quality": QUALITY}
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", options)
    path.write_bytes(base64.b64decode(taken["data"]))


if __name__ == "__main__":
    main()
