"""Pages are closed to everything foreign, to who is not signed in, and to addresses that lead elsewhere."""

import pytest

from assigner.console.navigation import PLACES, SETTINGS
from assigner.testing import Client, Workbench
from tests.console.reading_pages import Elements, page

DEEPER = ("/queues/lisbon", "/rules/edit", "/rules/versions", "/rules/versions/1", "/reports/agents")
PATHS = ("/sign-in", *(place.path for place in (*PLACES, *SETTINGS)), *DEEPER)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_loads_only_from_here_and_carries_out_nothing_inline(path: str) -> None:
    with Workbench(sample=True) as bench:
        bench.client().patch("/v1/agents/ana", json={"role": "admin"}).raise_for_status()
        client = bench.sign_in("ana")
        answer = client.get(path)
        shown = Elements(answer.text)
        loaded = [each["href"] for each in shown.named("link")] + [each["src"] for each in shown.named("script")]
        found = {address: client.get(str(address)).status_code for address in loaded}

    assert answer.status_code == 200
    assert "script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert shown.inline.strip() == ""
    assert [name for _, each in shown.found for name in each if name == "style" or name.startswith("on")] == []
    assert set(found.values()) == {200}
    assert "://" not in "".join(map(str, loaded))


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/sign-in"])
def test_who_is_not_signed_in_signs_in_first_and_comes_back(path: str) -> None:
    with Workbench(sample=True) as bench:
        answer = stranger(bench).get(f"{path}?x=1", follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={path.replace('/', '%2F')}%3Fx%3D1"


@pytest.mark.parametrize("path", ["/settings/agents/ana", "/nowhere"])
def test_at_an_address_where_nothing_is_a_visitor_reads_a_page_and_a_program_a_problem(path: str) -> None:
    with Workbench() as bench:
        page = stranger(bench).get(path, headers={"accept": "text/html,*/*;q=0.8", "accept-language": "de"})
        problem = bench.client().get(path)

    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Das gibt es nicht oder nicht mehr." in page.text
    assert path in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert (problem.status_code, problem.json()["code"]) == (404, "not_found")


def test_a_program_with_a_key_is_no_visitor() -> None:
    with Workbench() as bench:
        answer = bench.client().get("/online", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fonline")


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "desk", ""])
def test_the_sign_in_leads_nowhere_else(wanted: str) -> None:
    with Workbench(sample=True) as bench:
        shown = Elements(stranger(bench).get("/sign-in", params={"next": wanted}).text)

    assert [each["value"] for each in shown.named("input") if each["name"] == "next"] == ["/"]


def test_a_wrong_password_is_said_and_the_email_stays() -> None:
    with Workbench(sample=True) as bench:
        form = {"email": "ana@example.org", "password": "wrong", "next": "/desk"}
        answer = stranger(bench).post("/sign-in", data=form, headers={"accept-language": "de"})
        shown = Elements(answer.text)

    assert answer.status_code == 422
    assert "E-Mail oder Passwort ist falsch." in shown.text
    assert [each["value"] for each in shown.named("input") if each["name"] == "email"] == ["ana@example.org"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        pytest.param("en", "You are available to answer messages", id="English"),
        pytest.param("de", "Sie können Nachrichten beantworten", id="German"),
        pytest.param("es", "Está disponible para responder mensajes", id="Spanish"),
    ],
)
def test_the_own_status_explains_itself_on_a_page_in_each_language(language: str, sentence: str) -> None:
    with Workbench(sample=True) as bench:
        shown = page(bench.sign_in("ana"), "/settings/assignment", **{"accept-language": language})

    assert shown.named("html")[0]["lang"] == language
    assert sentence in shown.text


def test_a_form_works_without_scripts_and_says_once_why_it_was_refused() -> None:
    with Workbench(sample=True) as bench:
        ana = bench.sign_in("ana")
        chosen = ana.post("/status", data={"status": "busy", "back": "/settings/assignment"}, follow_redirects=False)
        refused = ana.post("/status", data={"status": "offline", "back": "/settings/assignment"})
        again = ana.get("/settings/assignment")

    assert (chosen.status_code, chosen.headers["location"]) == (303, "/settings/assignment")
    assert "This status cannot be chosen." in refused.text
    assert "This status cannot be chosen." not in again.text


def test_what_may_not_be_done_is_refused_whoever_sends_the_form() -> None:
    with Workbench(sample=True) as bench:
        answer = bench.sign_in("ana").post("/settings/assignment/enabled", data={"enabled": "off"})
        enabled = bench.client().get("/v1/settings/assignment").json()["enabled"]

    assert "You may not do this" in answer.text
    assert enabled is True


def test_what_is_not_there_is_a_page_too() -> None:
    with Workbench(sample=True) as bench:
        answer = bench.sign_in("ana").post("/status", data={"status": "busy"})

    assert answer.status_code == 422
    assert "the form has no field" in answer.text


def stranger(bench: Workbench) -> Client:
    client = bench.client()
    del client.headers["authorization"]
    return client
