"""What a served product tells its operators: a line for a request and one for its commit, found by their ids."""

import json
import subprocess
from typing import Any

import httpx2

from tests.faults.served import ASSIGNER, a_key, address_of


def test_a_request_and_its_commit_are_found_by_their_ids(database_url: str) -> None:
    key = a_key(database_url)
    lines = served_lines(database_url, key, level="debug")

    intake = next(line for line in lines if line.get("request_id") == "mine" and line["event"] == "request")
    commit = next(line for line in lines if line["event"] == "commit" and line["change_no"] == intake["change_no"])
    assert (intake["method"], intake["path"], intake["status"], intake["workspace"]) == ("POST", "/v1/contacts", 201, 1)
    assert intake["by"].startswith("key:")
    assert (commit["workspace"], commit["requests"], commit["decisions"]) == (1, 1, 0)
    assert all(line["ms"] > 0 for line in (intake, commit))


def test_by_default_refusals_are_told_and_what_comes_all_the_time_is_not(database_url: str) -> None:
    key = a_key(database_url)
    lines = served_lines(database_url, key, level="info")

    told = [(line["method"], line["path"], line["status"]) for line in lines if line["event"] == "request"]
    assert told == [("POST", "/v1/contacts", 422), ("GET", "/v1/contacts/c1", 200), ("GET", "/invitation/...", 404)]


def served_lines(database: str, key: str, *, level: str) -> list[dict[str, Any]]:
    """What a server writes while some calls are made; none of it names a secret, or what a customer wrote."""
    command = [*ASSIGNER, "serve", "--database", database, "--port", "0"]
    environment = {"ASSIGNER_LOG_LEVEL": level}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            with httpx2.Client(base_url=address_of(process), headers={"authorization": f"Bearer {key}"}) as client:
                body = {"id": "c1", "customer_id": "anna@example.org", "attributes": {"topic": "a private matter"}}
                client.post("/v1/contacts", json=body, headers={"x-request-id": "mine"}).raise_for_status()
                client.post("/v1/contacts", json={"office": "a private matter"})
                client.get("/v1/contacts/c1?note=a private matter")
                client.get("/invitation/very-secret")
        finally:
            process.terminate()
            _, written = process.communicate(timeout=10)
    assert all(secret not in written for secret in (key, "anna@example.org", "private", "very-secret"))
    return [json.loads(line) for line in written.splitlines()]
