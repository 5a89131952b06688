"""Where a customer stands in the tables, and how to be rid of it: what contacts say, who held them, what rules name.

The log names no customers, so it stays as it is."""

import re

from sqlalchemy import Connection, select

from assigner.store.load import CONTACT, CONTACT_DATA, HOLDER, RULE_SET
from assigner.store.rows import PublishedRules
from assigner.store.rule_versions import published
from assigner.store.to_write import Changed, Gone, Writing

PLAIN = re.compile(r"[A-Za-z0-9_.:@+-]+")
"""What is written in YAML and JSON as it is; anything else may stand there with escapes."""


def contacts_of_customer(connection: Connection, workspace: int, customer_id: str) -> list[str]:
    """The ids of all contacts that a customer ever had."""
    query = select(CONTACT_DATA.c.contact_id).where(
        CONTACT_DATA.c.workspace == workspace, CONTACT_DATA.c.customer_id == customer_id
    )
    return list(connection.execute(query).scalars())


def versions_that_mention(connection: Connection, workspace: int, word: str) -> list[PublishedRules]:
    """The versions of the rules in whose text a word may stand, perhaps as a part of another."""
    query = select(RULE_SET).where(RULE_SET.c.workspace == workspace)
    if PLAIN.fullmatch(word):
        query = query.where(RULE_SET.c.text.contains(word, autoescape=True))
    return [published(row) for row in connection.execute(query)]


def customer_gone(workspace: int, customer_id: str, contact_ids: list[str]) -> list[Writing]:
    """What is to be deleted with a customer. The hash of what was sent goes too: who guesses right would know it."""
    own = {"workspace": workspace, "customer_id": customer_id}
    hashes = (Changed(CONTACT, {"workspace": workspace, "id": each}, {"body_hash": None}) for each in contact_ids)
    return [Gone(CONTACT_DATA, own), Gone(HOLDER, own), *hashes]


def version_reworded(workspace: int, version: PublishedRules) -> Changed:
    """A version of the rules in other words."""
    values = {"text": version.text, "content_hash": version.content_hash}
    return Changed(RULE_SET, {"workspace": workspace, "version": version.version}, values)
