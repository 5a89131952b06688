"""The versions of the rules: who published what, when and why, how one differs from another, and bringing one back.

Differences are reckoned from what the documents mean, not from their lines; bringing one back publishes it anew."""

from dataclasses import dataclass

from fastapi import Response

from assigner.console.frame import frame_of
from assigner.console.language import translations
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service.actor import Permission
from assigner.service.people import person
from assigner.store.rows import PublishedRules
from assigner.store.rule_versions import find_version, versions_before
from presence.errors import NotFound
from rules.findings import RulesInvalid
from rules.parse import parse_rules
from rules.versions import differences

router = pages()

SHOWN = 50
"""How many versions one page lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How one version became another, in sentences; None where one of them cannot be read any more."""

    old: int
    new: int
    sentences: tuple[str, ...] | None


@router.get("/rules/versions")
def versions_page(visit: Visiting, before: int | None = None) -> Response:
    """The versions, the newest first."""
    visit.actor.need(Permission.RULES_MANAGE)
    with visit.product.database.reading() as connection:
        found = versions_before(connection, visit.actor.workspace, before, limit=SHOWN + 1)
    with visit.reading() as workspace:
        frame, in_force = frame_of(visit, workspace), workspace.floor.rule_set_version
        rows = [(each, person(workspace, each.by)) for each in found[:SHOWN]]
    more = found[SHOWN - 1].version if len(found) > SHOWN else None
    return frame.page("rule_versions.html", rows=rows, in_force=in_force, more=more)


@router.get("/rules/versions/{version}")
def version_page(visit: Visiting, version: int, against: int | None = None) -> Response:
    """One version as it was written, what it changed, and what bringing it back would change."""
    visit.actor.need(Permission.RULES_MANAGE)
    with visit.reading() as workspace:
        frame, in_force = frame_of(visit, workspace), workspace.floor.rule_set_version
    with visit.product.database.reading() as connection:
        others = versions_before(connection, visit.actor.workspace, None, limit=SHOWN)
    shown = _need_version(visit, version)
    with visit.reading() as workspace:
        by = person(workspace, shown.by)
    changed = _compared(visit, against or version - 1, version) if version > 1 or against else None
    back = _compared(visit, in_force, version) if version != in_force else None
    numbers = [each.version for each in others if each.version != version]
    return frame.page(
        "rule_version.html", shown=shown, by=by, in_force=in_force, changed=changed, back=back, numbers=numbers
    )


def _compared(visit: Visit, old: int, new: int) -> Compared:
    """Raises NotFound."""
    try:
        before, after = (parse_rules(_need_version(visit, each).text).rule_set for each in (old, new))
    except RulesInvalid:
        return Compared(old=old, new=new, sentences=None)
    say = translations(visit.looks.language)
    sentences = tuple(each.said(say.gettext(each.wording)) for each in differences(before, after))
    return Compared(old=old, new=new, sentences=sentences)


def _need_version(visit: Visit, version: int) -> PublishedRules:
    with visit.product.database.reading() as connection:
        found = find_version(connection, visit.actor.workspace, version)
    if found is None:
        raise NotFound("not_found", f"version {version} was never published")
    return found
