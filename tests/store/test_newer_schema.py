"""This version on tables that a later one has changed: it goes on where the later one only added, and refuses, with a
sentence, where something was taken away."""

from pathlib import Path

import pytest

from assigner.commands.doctor_run import examine
from assigner.commands.findings import Finding
from assigner.service.verify import verify
from assigner.store.database import Database
from assigner.store.load import find_workspace
from assigner.store.migrate import NewerSchema, migrate
from assigner.testing import Client, Workbench
from tests.faults.served import run
from tests.store.later_version import contracted, expanded

RULES = {"queues": {"all": {"strategy": "least_loaded"}}, "rules": [{"then": {"queue": "all"}}]}


def taken_by(code: Path, url: str) -> None:
    """Let another version bring the database up to what it expects."""
    made = run("workspace", "create", "sister", "--database", url, code=code)
    assert made.returncode == 0, made.stderr


def schema_found(url: str) -> Finding:
    return next(each for each in examine(url, address=None, quick=True, environment={}) if each.about == "schema")


def live(admin: Client) -> None:
    """Most of what writes."""
    admin.put("/v1/offices/madrid", json={"name": "Madrid"}).raise_for_status()
    admin.put("/v1/roles/lead", json={"permissions": ["presence.read"]}).raise_for_status()
    ana = {"name": "Ana", "email": "ana@example.org", "offices": ["madrid"], "capacity": 9}
    admin.put("/v1/agents/ana", json=ana).raise_for_status()
    admin.put("/v1/rules", json=RULES).raise_for_status()
    admin.put("/v1/settings/assignment", json={"enabled": True, "wrap_up": 5}).raise_for_status()
    admin.post("/v1/api-keys", json={"name": "shop", "role": "supervisor"}).raise_for_status()
    admin.post("/v1/webhooks", json={"url": "https://93.184.216.34/"}).raise_for_status()
    admin.post("/v1/agents/ana/invitation", json={}).raise_for_status()
    session = admin.post("/v1/agents/ana/sessions", json={}).raise_for_status().json()["id"]
    admin.post(f"/v1/sessions/{session}/activity", json={"age_ms": 0}).raise_for_status()
    admin.post("/v1/contacts", json={"id": "c1", "channel": "chat", "customer_id": "eva"}).raise_for_status()
    items = [{"id": f"b{each}", "channel": "chat"} for each in range(3)]
    admin.post("/v1/contacts/batch", json={"contacts": items}).raise_for_status()
    for what in ("hold", "resume", "return", "close"):
        admin.post(f"/v1/contacts/c1/{what}", json={}).raise_for_status()
    admin.post("/v1/customers/erase", json={"customer_id": "eva"}).raise_for_status()


def test_contacts_arrive_are_assigned_and_closed_on_tables_to_which_a_later_version_has_added(
    database_url: str, tmp_path: Path
) -> None:
    taken_by(expanded(tmp_path), database_url)

    with Workbench(database=database_url) as bench:
        admin = bench.client()
        live(admin)
        states = {each["id"]: each["state"] for each in admin.get("/v1/contacts").raise_for_status().json()["items"]}
        bench.restart()
        again = {each["id"]: each["state"] for each in admin.get("/v1/contacts").raise_for_status().json()["items"]}
        ready = admin.get("/readyz")
        found = schema_found(database_url)
        with bench.product.database.reading() as connection:
            number = find_workspace(connection, bench.workspace_id)
        verified = verify(bench.product.database, number or 0)

    assert states == {"c1": "closed", "b0": "assigned", "b1": "assigned", "b2": "assigned"}
    assert again == states
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})
    assert (found.state, found.told) == (
        "ok",
        "a newer version has changed it, and says that this one can still use it",
    )
    assert (verified.decisions > 0, verified.differences) == (True, ())


def test_tables_from_which_a_later_version_took_something_away_are_refused_with_what_to_do(
    database_url: str, tmp_path: Path
) -> None:
    with Workbench(database=database_url) as bench:
        admin = bench.client()
        assert admin.get("/readyz").status_code == 200
        later = expanded(tmp_path)
        taken_by(contracted(later, tmp_path), database_url)
        ready = admin.get("/readyz")
    found = schema_found(database_url)
    database = Database(database_url)
    with pytest.raises(NewerSchema) as refused:
        migrate(database)
    database.close()
    between = run("workspace", "list", "--database", database_url, code=later)

    told = "the database is at revision 'contracted', which this version does not know"
    assert (ready.status_code, ready.json()["code"]) == (503, "newer_schema")
    assert (found.state, found.told.startswith(told)) == ("FAILED", True)
    assert str(refused.value).startswith(told)
    assert "Install that version or a later one" in str(refused.value)
    assert (between.returncode, "sister" in between.stdout.splitlines()) == (0, True)
