"""Lives of contacts, as they happen all the time, beside many contacts that have ended."""

from assigner.store.database import Database
from assigner.testing import Client

GROWING = ("contact", "contact_data", "change")
"""The tables that hold what has ended. Who held the last contact of each customer is known in memory as well, so that
is read whole when the product starts."""
COPIES = 3000
CONTACT = """
INSERT INTO contact
SELECT workspace, 'old-' || n, version, number + n, state, agent_id, queue, office, closed_at, closed_by, outcome,
       body_hash, place
FROM contact, numbers WHERE id = 'ended'"""
TOLD = """
INSERT INTO contact_data
SELECT workspace, 'old-' || n, customer_id, attributes FROM contact_data, numbers WHERE contact_id = 'ended'"""
HOLDER = """
INSERT INTO holder
SELECT workspace, 'customer-' || n, agent_id FROM holder, numbers WHERE customer_id = 'anna'"""
LINES = """
INSERT INTO change
SELECT workspace, -n, ordinal, at, by, kind, 'old-' || n, data, change
FROM (SELECT * FROM change WHERE subject = 'ended' ORDER BY change_no, ordinal LIMIT 1) AS line, numbers"""


def live(admin: Client, session: Client, contact_id: str) -> None:
    """All that happens to contacts and agents all the time."""
    body = {"id": contact_id, "channel": "chat", "customer_id": "anna"}
    admin.post("/v1/contacts", json=body).raise_for_status()
    admin.post("/v1/contacts", json=body).raise_for_status()
    for what in ("hold", "resume", "return"):
        admin.post(f"/v1/contacts/{contact_id}/{what}", json={}).raise_for_status()
    session.activity().raise_for_status()
    admin.get("/v1/contacts?state=queued").raise_for_status()
    for who, path in (
        (admin, "?agent=ana"),
        (admin, "?agent=ana&state=closed"),
        (session, ""),
        (session, "?state=closed"),
    ):
        who.get(f"/v1/contacts{path}").raise_for_status()
    admin.post(f"/v1/contacts/{contact_id}/close", json={}).raise_for_status()


def fill(database: Database) -> None:
    """Let many contacts have ended."""
    with database.writing() as connection:
        numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %d) "
        for statement in (CONTACT, TOLD, HOLDER, LINES):
            into, _, rows = statement.partition("SELECT")
            copied = connection.exec_driver_sql(f"{into} {numbers % COPIES} SELECT {rows}").rowcount
            assert copied in (0, COPIES) if statement is HOLDER else copied == COPIES
