"""The first page: complete in itself, closed to everything foreign, and served to whoever asks."""

import re
from html.parser import HTMLParser

import pytest

from assigner.testing import Workbench

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text inside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inline = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser gives it
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style"):
            self.inline += data


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        pytest.param("/", "text/html; charset=utf-8", id="page"),
        pytest.param("/console/page.js", "text/javascript; charset=utf-8", id="script"),
        pytest.param("/console/page.css", "text/css; charset=utf-8", id="style"),
        pytest.param("/console/icon.svg", "image/svg+xml", id="icon"),
    ],
)
def test_each_file_is_served_without_a_credential_and_forbids_everything_foreign(path: str, media_type: str) -> None:
    with Workbench() as bench:
        client = bench.client()
        del client.headers["authorization"]
        answer = client.get(path)

    told = {
        name: answer.headers[name] for name in ("content-type", "content-security-policy", "x-content-type-options")
    }
    assert (answer.status_code, told) == (
        200,
        {"content-type": media_type, "content-security-policy": POLICY, "x-content-type-options": "nosniff"},
    )


def test_nothing_is_inline_and_everything_the_page_loads_is_there() -> None:
    with Workbench() as bench:
        client = bench.client()
        page = Elements(client.get("/").text)
        loaded = [attributes.get("src") or attributes.get("href") for _, attributes in page.found]
        answers = {path: client.get(path).status_code for path in loaded if path}

    assert page.inline.strip() == ""
    assert [
        name for _, attributes in page.found for name in attributes if name == "style" or name.startswith("on")
    ] == []
    assert answers == {"/console/icon.svg": 200, "/console/page.css": 200, "/console/page.js": 200}


def test_the_script_asks_for_nothing_that_is_not_served_here() -> None:
    with Workbench() as bench:
        client = bench.client()
        script, described = client.get("/console/page.js").text, client.get("/openapi.json").json()["paths"]

    asked = {re.sub(r"\$\{[^}]*\}", "{}", path) for path in re.findall(r"[\"`](/v1/[^\"`?]*)", script)}
    assert asked - {re.sub(r"\{[^}]*\}", "{}", path) for path in described} == set()
    assert "://" not in script


def test_the_page_listens_to_every_type_of_event_that_is_told() -> None:
    with Workbench(sample=True) as bench:
        script = bench.client().get("/console/page.js").text
        bench.sign_in("joana")
        bench.client().post("/v1/contacts", json={"id": "c1", "office": "lisbon"})
        bench.settle()
        told = {event["type"] for event in bench.events()}

    assert "contact.assigned" in told
    assert told - set(re.findall(r'"(\w+\.\w+)"', script)) == set()
