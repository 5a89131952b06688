"""Importing what was sent: check everything, tell what it would change, and then change it, all of it or nothing.

Every thing is checked and saved by the functions that serve the single calls; there is no second path. Nothing is ever
deleted by an import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assigner.service.actor import Actor, Permission
from assigner.service.agents import Account, account_of, check_agent, document_of_account, need_reach, save_agent
from assigner.service.asked import Malformed
from assigner.service.imports.sent import ImportInvalid, Item, Kind
from assigner.service.offices import check_office, document_of_office, save_office
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from presence.errors import Conflict, Forbidden, Refused
from rules.findings import START, Code, Finding, Severity
from rules.organisation import Office

MOST_ITEMS = 2_000
"""All of them are one commit, and decisions wait for it: 2,000 new agents take somewhat less than a second."""
NEEDS = {Kind.OFFICE: Permission.OFFICES_MANAGE, Kind.AGENT: Permission.AGENTS_MANAGE}
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field that becomes another; `before` is null for what is new."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """What an import does to one thing, also as a sentence."""

    kind: Kind
    id: str
    is_new: bool
    fields: tuple[FieldChange, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import changes, or with `dry_run` would: `unchanged` counts what is as it was sent already."""

    dry_run: bool
    new: int
    changed: int
    unchanged: int
    changes: tuple[ItemChange, ...]


def rehearse(workspace: Workspace, actor: Actor, items: Sequence[Item]) -> Imported:
    """What an import would change. Raises ImportInvalid with every error, and Forbidden."""
    return _account_of(items, _checked(workspace, actor, items), dry_run=True)


def take_over(unit: Unit, actor: Actor, items: Sequence[Item]) -> Imported:
    """Import all of it, or nothing. Raises ImportInvalid with every error, and Forbidden."""
    checked = _checked(unit.workspace, actor, items)
    for change, thing in checked:
        if change is None:
            continue
        if isinstance(thing, Office):
            save_office(unit, actor, thing)
        else:
            save_agent(unit, actor, thing)
    return _account_of(items, checked, dry_run=False)


Checked = list[tuple[ItemChange | None, Office | Account]]
"""Everything to save, with what that changes; None where it changes nothing."""


def _checked(workspace: Workspace, actor: Actor, items: Sequence[Item]) -> Checked:
    for kind in {item.kind for item in items}:
        actor.need(NEEDS[kind])
    if len(items) > MOST_ITEMS:
        raise ImportInvalid([_too_many(len(items))])
    findings: list[Finding] = []
    checked: Checked = []
    offices = {*workspace.floor.offices, *(item.id for item in items if item.kind is Kind.OFFICE)}
    emails: dict[str, str] = {}
    for item in sorted(items, key=lambda item: item.kind is Kind.AGENT):
        try:
            if item.kind is Kind.OFFICE:
                checked.append(_checked_office(workspace, item))
            else:
                change, account = _checked_agent(workspace, item, offices, emails)
                need_reach(workspace, actor, account)
                checked.append((change, account))
        except Forbidden:
            raise
        except Malformed as malformed:
            findings += (item.error(each.code, each.path, each.message, each.fix) for each in malformed.found)
        except Refused as refused:
            findings.append(item.error(refused.code, refused.field or "", refused.message, "correct it"))
    if findings:
        raise ImportInvalid(findings)
    return checked


def _checked_office(workspace: Workspace, item: Item) -> tuple[ItemChange | None, Office]:
    known = workspace.floor.offices.get(item.id)
    before = None if known is None else document_of_office(known)
    office = check_office(item.id, {**(before or {}), **item.fields})
    return _change(item, before, document_of_office(office)), office


def _checked_agent(
    workspace: Workspace, item: Item, offices: set[str], emails: dict[str, str]
) -> tuple[ItemChange | None, Account]:
    known = workspace.agents.get(item.id)
    before = None
    if known is not None:
        before = document_of_account(account_of(known))
    account = check_agent(workspace, item.id, {**(before or {}), **item.fields}, offices=offices)
    if account.email is not None and emails.setdefault(account.email, item.id) != item.id:
        message = f"agent {emails[account.email]!r} is to have the email {account.email!r} as well"
        raise Conflict("conflict", message, field="email")
    return _change(item, before, document_of_account(account)), account


def _change(item: Item, before: Document | None, after: Document) -> ItemChange | None:
    was = before or {}
    fields = tuple(
        FieldChange(name=name, before=was.get(name), after=value)
        for name, value in after.items()
        if was.get(name) != value
    )
    if before is not None and not fields:
        return None
    if before is None:
        sentence = f"new {item.kind} {item.id}"
    else:
        said = ", ".join(f"{each.name} {_said(each.before)} → {_said(each.after)}" for each in fields)
        sentence = f"{item.id}: {said}"
    return ItemChange(kind=item.kind, id=item.id, is_new=before is None, fields=fields, sentence=sentence)


def _said(value: Any) -> str:
    """A value as people say it."""
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, Mapping):
        return " ".join(f"{name}:{_said(each)}" for name, each in value.items())
    if isinstance(value, list):
        return " ".join(map(_said, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _account_of(items: Sequence[Item], checked: Checked, *, dry_run: bool) -> Imported:
    changes = tuple(change for change, _ in checked if change is not None)
    new = sum(change.is_new for change in changes)
    return Imported(
        dry_run=dry_run,
        new=new,
        changed=len(changes) - new,
        unchanged=len(items) - len(changes),
        changes=changes,
    )


def _too_many(count: int) -> Finding:
    message = f"the file has {count:,} things, and at most {MOST_ITEMS:,} are imported at once"
    fix = "divide it; what is imported twice does no harm"
    return Finding(code=Code.TOO_LARGE, severity=Severity.ERROR, place=START, path="", message=message, fix=fix)
