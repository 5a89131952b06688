"""The published versions of the rules, the newest first, each as it was written."""

from typing import Any

from sqlalchemy import Connection, select

from assigner.store.load import RULE_SET
from assigner.store.rows import PublishedRules
from presence.errors import NotFound
from rules.model import RuleSet
from rules.parse import parse_rules


def versions_before(connection: Connection, workspace: int, before: int | None, *, limit: int) -> list[PublishedRules]:
    """The versions older than one, or the newest ones: at most `limit`."""
    query = select(RULE_SET).where(RULE_SET.c.workspace == workspace)
    if before is not None:
        query = query.where(RULE_SET.c.version < before)
    return [published(row) for row in connection.execute(query.order_by(RULE_SET.c.version.desc()).limit(limit))]


def find_version(connection: Connection, workspace: int, version: int) -> PublishedRules | None:
    """One version; None where it was never published."""
    query = select(RULE_SET).where(RULE_SET.c.workspace == workspace, RULE_SET.c.version == version)
    row = connection.execute(query).one_or_none()
    return None if row is None else published(row)


def read_rule_set(connection: Connection, workspace: int, version: int) -> RuleSet:
    """The rule set of a version. Raises NotFound."""
    found = find_version(connection, workspace, version)
    if found is None:
        raise NotFound("not_found", f"version {version} of the rules is not stored")
    return parse_rules(found.text).rule_set


def published(row: Any) -> PublishedRules:
    """The version of a row."""
    return PublishedRules(
        version=row.version,
        at=row.at,
        by=row.by,
        note=row.note,
        content_hash=row.content_hash,
        text=row.text,
    )
