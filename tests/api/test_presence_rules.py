"""The rule set over HTTP: publishing, lint against this organisation, versions and bringing one back."""

import httpx2
import pytest

from assigner.testing import Client, Workbench

GOOD = "name: everyday\nqueues:\n  madrid: {offices: [madrid]}  # all of Madrid\n"
BETTER = "name: everyday\nqueues:\n  madrid: {offices: [madrid], strategy: least_loaded}\n"
WRONG = "queues:\n  madrid: {offices: [madird]}\n"
YAML = {"Accept": "application/yaml"}


def with_madrid(bench: Workbench) -> Client:
    """A supervisor's client, of a workspace with one office and an agent Online there."""
    admin = bench.client(role="admin")
    admin.put("/v1/offices/madrid", json={}).raise_for_status()
    admin.put("/v1/agents/ana", json={"offices": ["madrid"]}).raise_for_status()
    bench.sign_in("ana")
    return bench.client(role="supervisor")


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """How a call was refused."""
    return answer.status_code, answer.json()["code"]


def test_without_a_rule_set_there_is_an_empty_document() -> None:
    with Workbench() as bench:
        supervisor = bench.client(role="supervisor")
        answer = supervisor.get("/v1/rules")
        assert (answer.json(), answer.headers["etag"]) == ({}, '"0"')
        assert supervisor.get("/v1/rules", headers=YAML).text == "{}\n"


def test_a_rule_set_is_published_numbered_and_read_as_it_was_written() -> None:
    with Workbench() as bench:
        supervisor, before = with_madrid(bench), len(bench.events())
        answer = supervisor.put("/v1/rules", content=GOOD, params={"note": "first"})
        assert (answer.status_code, answer.json()) == (200, {"version": 1, "findings": []})
        assert supervisor.get("/v1/rules", headers=YAML).text == GOOD
        read = supervisor.get("/v1/rules")
        assert read.json() == {"name": "everyday", "queues": {"madrid": {"offices": ["madrid"]}}}
        assert read.headers["etag"] == '"1"'
        assert supervisor.put("/v1/rules", content=GOOD).json()["version"] == 1
        assert [(event["type"], event["subject"]) for event in bench.events(after=before)] == [("rules.published", "1")]
        assert supervisor.put("/v1/rules", json=read.json()).json()["version"] == 2
        bench.restart()
        assert supervisor.get("/v1/rules").json() == read.json()


def test_errors_refuse_a_rule_set_with_their_places_and_lint_only_tells_them() -> None:
    with Workbench() as bench:
        supervisor = with_madrid(bench)
        refused = supervisor.put("/v1/rules", content=WRONG)
        assert refusal(refused) == (422, "rules_invalid")
        [finding] = [each for each in refused.json()["findings"] if each["severity"] == "error"]
        assert (finding["code"], finding["place"]) == ("unknown_office", {"line": 2, "column": 22})
        assert finding["path"] == "queues.madrid.offices[0]"
        linted = supervisor.post("/v1/rules/lint", content=WRONG)
        assert (linted.status_code, linted.json()["ok"]) == (200, False)
        assert finding in linted.json()["findings"]
        assert supervisor.post("/v1/rules/lint", content="rules: [").json()["findings"][0]["code"] == "syntax"
        assert supervisor.post("/v1/rules/lint", content=GOOD).json() == {"ok": True, "findings": []}
        assert supervisor.get("/v1/rules").headers["etag"] == '"0"'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"queues: {madrid: {offer: {timeout: 0}}}", id="out of range"),
        pytest.param(b"rules: [", id="no YAML"),
        pytest.param(b'{"rulez": []}', id="unknown field"),
        pytest.param(b"\xff\xfe", id="no text"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    with Workbench() as bench:
        supervisor, before = with_madrid(bench), len(bench.events())
        assert refusal(supervisor.put("/v1/rules", content=content)) == (422, "rules_invalid")
        assert len(bench.events()) == before


def test_versions_are_kept_and_one_can_be_brought_back() -> None:
    with Workbench() as bench:
        supervisor = with_madrid(bench)
        for text in (GOOD, BETTER):
            supervisor.put("/v1/rules", content=text).raise_for_status()
        assert supervisor.post("/v1/rules/versions/1/restore").json()["version"] == 3
        assert supervisor.get("/v1/rules", headers=YAML).text == GOOD
        first = supervisor.get("/v1/rules/versions", params={"limit": 2}).json()
        rest = supervisor.get("/v1/rules/versions", params={"cursor": first["next_cursor"]}).json()
        listed = [(each["version"], each["note"]) for each in first["items"] + rest["items"]]
        assert listed == [(3, "version 1 restored"), (2, None), (1, None)]
        assert supervisor.get("/v1/rules/versions/2").json()["text"] == BETTER
        assert first["items"][0]["content_hash"] == rest["items"][0]["content_hash"]
        assert refusal(supervisor.get("/v1/rules/versions/4")) == (404, "not_found")
        assert refusal(supervisor.post("/v1/rules/versions/4/restore")) == (404, "not_found")


def test_rules_need_permission_and_the_version_that_was_read() -> None:
    with Workbench() as bench:
        supervisor, agent = with_madrid(bench), bench.client(role="agent")
        for method, path in (("GET", ""), ("PUT", ""), ("POST", "/lint"), ("GET", "/versions"), ("GET", "/versions/1")):
            assert refusal(agent.request(method, f"/v1/rules{path}")) == (403, "forbidden")
        assert refusal(agent.post("/v1/rules/versions/1/restore")) == (403, "forbidden")
        stale = supervisor.put("/v1/rules", content=GOOD, headers={"If-Match": '"1"'})
        assert refusal(stale) == (412, "precondition_failed")
        assert supervisor.put("/v1/rules", content=GOOD, headers={"If-Match": '"0"'}).json()["version"] == 1


def test_published_rules_reach_waiting_contacts_at_once() -> None:
    with Workbench() as bench:
        supervisor = with_madrid(bench)
        hold = "rules: [{then: {hold: true}}]"
        supervisor.put("/v1/rules", content=hold).raise_for_status()
        supervisor.post("/v1/contacts", json={"id": "c1"}).raise_for_status()
        bench.settle()
        assert supervisor.get("/v1/contacts/c1").json()["state"] == "queued"
        supervisor.put("/v1/rules", content="rules: [{then: {queue: madrid}}]").raise_for_status()
        bench.settle()
        assert supervisor.get("/v1/contacts/c1").json()["agent_id"] == "ana"
