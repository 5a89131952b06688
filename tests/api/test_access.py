"""Who may ask what: every documented call, asked by everybody there is, answers as the table of needs says."""

from pathlib import Path

import pytest

from assigner.api import access
from assigner.api.access import NEEDS
from assigner.service.actor import Permission
from assigner.testing import Client, Workbench
from tests.api.walking import BODIES, WHO, Who, a_world, ask, calls

README = Path(access.__file__).with_name("README.md")
ABOUT_A_CONTACT = ("contact_id}", "queues/{name}")
OTHERS = frozenset({Permission.CONTACTS_WRITE})
ALSO = {
    "POST /v1/contacts/{contact_id}/transfer": frozenset({Permission.CONTACTS_ASSIGN}),
}
"""What it takes to see or handle a contact that is not one's own, beyond the need of the call."""
METRICS = "GET /metrics"
"""Needs no credential, but one that is shown must count: it tells of its workspace only."""


def expected(call: str, who: Who) -> str:
    """How a call ends for somebody."""
    need = NEEDS[call]
    if need is None and not (call == METRICS and who.shows_something and who.permissions is None):
        return "let in"
    if need is None or who.permissions is None:
        return "401 signed_out"
    is_ana = who.agent_id == "ana"
    if who.permissions.isdisjoint(need.any_of) and need.any_of and not (need.oneself and is_ana):
        return "403 forbidden"
    if any(part in call for part in ABOUT_A_CONTACT) and not is_ana:
        return "let in" if who.permissions & (OTHERS | ALSO.get(call, frozenset())) else "403 forbidden"
    return "let in"


def outcome(bench: Workbench, client: Client, call: str) -> str:
    """How a call did end."""
    answer = ask(bench, client, call)
    if call == "POST /v1/sessions":
        return "let in"  # it refuses a wrong password, not whoever sends it
    return f"{answer.status_code} {answer.json()['code']}" if answer.status_code in (401, 403) else "let in"


@pytest.mark.parametrize("name", WHO)
@pytest.mark.timeout(180)
def test_every_call_answers_everybody_as_the_table_says(name: str) -> None:
    who = WHO[name]
    with a_world() as bench:
        client = who.client(bench)
        found = {}
        for call in calls():
            found[call] = outcome(bench, client, call)
            client = who.client(bench) if who.agent_id else client  # some calls end the session in which they are asked

    print(f"{name}: {len(found)} of {len(WHO) * len(NEEDS)} combinations")
    assert found == {call: expected(call, who) for call in calls()}


def test_the_table_names_every_call_that_is_documented_and_no_other() -> None:
    with Workbench() as bench:
        paths = bench.client().get("/openapi.json").json()["paths"]

    assert set(NEEDS) == {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert set(BODIES) <= set(NEEDS)


def test_the_table_in_the_readme_is_that_of_the_code() -> None:
    assert access.table() in README.read_text(), "put what `assigner.api.access.table()` says into the README"


def test_every_call_tells_in_its_documentation_what_it_needs() -> None:
    with Workbench() as bench:
        paths = bench.client().get("/openapi.json").json()["paths"]

    told = {call: paths[call.split()[1]][call.split()[0].lower()]["description"] for call in NEEDS}
    assert [call for call, text in told.items() if not text.endswith(f"Needs {access.in_words(call)}.")] == []
