"""Workspaces are walls: what belongs to one does not exist for any credential of another, on any call."""

from typing import Any

import pytest

from assigner.store.export import rows_of
from assigner.store.workspaces import workspaces
from assigner.testing import Client, Workbench
from tests.api.walking import WEBHOOK, ask, calls, shows

THEIRS = {
    "contact_id": "brisa-contact",
    "agent_id": "brisa-agent",
    "office_id": "brisa-office",
    "name": "brisa-queue",
    "role_id": "brisa-role",
    "session_id": "brisa-session",
    "webhook_id": "brisa-webhook",
}
NOWHERE = {name: each.replace("brisa", "siena") for name, each in THEIRS.items()}


def with_theirs() -> Workbench:
    """A workspace whose every id begins with "brisa"."""
    bench = Workbench()
    admin = bench.client(role="admin")
    admin.put("/v1/offices/brisa-office", json={"name": "brisa-office"}).raise_for_status()
    admin.put("/v1/rules", json={"queues": {"brisa-queue": {"offices": ["brisa-office"]}}}).raise_for_status()
    admin.put("/v1/roles/brisa-role", json={"permissions": ["contacts.own"]}).raise_for_status()
    admin.put("/v1/agents/brisa-agent", json={"name": "brisa", "offices": ["brisa-office"]}).raise_for_status()
    admin.post("/v1/agents/brisa-agent/sessions", json={"id": "brisa-session"}).raise_for_status()
    admin.post("/v1/contacts", json={"id": "brisa-contact", "office": "brisa-office"}).raise_for_status()
    admin.post("/v1/webhooks", json={**WEBHOOK, "id": "brisa-webhook"}).raise_for_status()
    return bench


def visitor(bench: Workbench, other: Workbench) -> Client:
    """An administrator of the other workspace who asks this service."""
    return shows(bench, other.client(role="admin").headers["authorization"].removeprefix("Bearer "))


def stored(bench: Workbench) -> list[dict[str, Any]]:
    """All rows of a workspace."""
    with bench.product.database.reading() as connection:
        return list(rows_of(connection, workspaces(connection)[bench.workspace_id]))


@pytest.mark.timeout(180)
def test_an_id_of_another_workspace_is_answered_like_one_that_never_was() -> None:
    with with_theirs() as bench, Workbench(database=bench.url) as other:
        client, before = visitor(bench, other), stored(bench)
        answers = {}
        for call in calls():
            if "{" in call:
                theirs, nowhere = (ask(bench, client, call, **ids) for ids in (THEIRS, NOWHERE))
                answers[call] = (said(theirs), said(nowhere))
        after = stored(bench)

    assert {call: both for call, both in answers.items() if both[0] != both[1]} == {}
    assert len(answers) > 30
    assert after == before


@pytest.mark.timeout(120)
def test_nothing_that_is_read_tells_of_another_workspace() -> None:
    with with_theirs() as bench, Workbench(database=bench.url) as other:
        client = visitor(bench, other)
        texts = {call: ask(bench, client, call, **NOWHERE).text for call in calls() if call.startswith("GET")}

    assert [call for call, text in texts.items() if "brisa" in text] == []


def said(answer: Any) -> tuple[int, list[str], str | None]:
    """How a call was answered, whichever id it named and whatever had happened here before."""
    told = answer.json() if answer.content and answer.headers["content-type"].endswith("json") else {}
    return answer.status_code, sorted(told), told.get("code")
