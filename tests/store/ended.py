"""Many contacts that have ended with others, copied from one: what hot statements must not read."""

from assigner.store.database import Database

GROWING = ("contact", "contact_data", "ended_with", "change")
"""The tables that hold what has ended. Who held the last contact of each customer is known in memory as well, so that
is read whole when the product starts."""
COPIES = 3000
CONTACT = """
INSERT INTO contact
SELECT workspace, 'old-' || n, version, 1000000 + n, state, 'agent-' || n / 30, queue, office, closed_at, closed_by,
       outcome, body_hash, place
FROM contact, numbers WHERE id = 'ended'"""
WITH_WHOM = """
INSERT INTO ended_with
SELECT workspace, 'agent-' || n / 30, 1000000 + n, 'old-' || n FROM contact, numbers WHERE id = 'ended'"""
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


def fill(database: Database) -> None:
    """Let many contacts have ended, where one with the id "ended" has."""
    with database.writing() as connection:
        numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %d) "
        for statement in (CONTACT, WITH_WHOM, TOLD, HOLDER, LINES):
            into, _, rows = statement.partition("SELECT")
            copied = connection.exec_driver_sql(f"{into} {numbers % COPIES} SELECT {rows}").rowcount
            assert copied in (0, COPIES) if statement is HOLDER else copied == COPIES
