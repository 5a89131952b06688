"""Importing what was sent: check everything, tell what it would change, and then change it, all of it or nothing.

Every thing is checked and saved by the functions that serve the single calls; there is no second path. Nothing is ever
deleted by an import."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from assigner.service.actor import Actor, Permission
from assigner.service.agents import Account, account_of, check_agent, document_of_account, need_reach, save_agent
from assigner.service.asked import Malformed
from assigner.service.imports.sent import ImportInvalid, Item, Kind
from assigner.service.offices import check_office, document_of_office, save_office
from assigner.service.roles import Role, check_made, record_of_role, save_role
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from presence.errors import Conflict, Forbidden, Refused
from rules.findings import START, Code, Finding, Severity
from rules.organisation import Office

MOST_ITEMS = 2_000
"""All of them are one commit, and decisions wait for it: 2,000 new agents take somewhat less than a second."""
NEEDS = {
    Kind.ROLE: Permission.ROLES_MANAGE,
    Kind.OFFICE: Permission.OFFICES_MANAGE,
    Kind.AGENT: Permission.AGENTS_MANAGE,
}
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
        match thing:
            case Role():
                save_role(unit, actor, thing)
            case Office():
                save_office(unit, actor, thing)
            case Account():
                save_agent(unit, actor, thing)
    return _account_of(items, checked, dry_run=False)


Thing = Role | Office | Account
Checked = list[tuple[ItemChange | None, Thing]]
"""Everything to save, with what that changes; None where it changes nothing."""


class _Check:
    """Checks things one after the other, each as if those before it were there already."""

    def __init__(self, workspace: Workspace, actor: Actor, items: Sequence[Item]) -> None:
        self._actor = actor
        self._workspace = copy(workspace)
        self._workspace.roles = dict(workspace.roles)
        self._offices = {*workspace.floor.offices, *(item.id for item in items if item.kind is Kind.OFFICE)}
        self._emails: dict[str, str] = {}

    def check(self, item: Item) -> tuple[ItemChange | None, Thing]:
        """What to save, and what that changes. Raises Refused."""
        match item.kind:
            case Kind.ROLE:
                return self._role(item)
            case Kind.OFFICE:
                return self._office(item)
            case Kind.AGENT:
                return self._agent(item)

    def _role(self, item: Item) -> tuple[ItemChange | None, Role]:
        known = self._workspace.roles.get(item.id)
        before = None if known is None else {"permissions": list(known.permissions)}
        role = check_made(self._workspace, self._actor, item.id, {**(before or {}), **item.fields})
        self._workspace.roles[role.id] = record_of_role(role, version=0)
        return _change(item, before, {"permissions": sorted(role.permissions)}), role

    def _office(self, item: Item) -> tuple[ItemChange | None, Office]:
        known = self._workspace.floor.offices.get(item.id)
        before = None if known is None else document_of_office(known)
        office = check_office(item.id, {**(before or {}), **item.fields})
        return _change(item, before, document_of_office(office)), office

    def _agent(self, item: Item) -> tuple[ItemChange | None, Account]:
        known = self._workspace.agents.get(item.id)
        before = None if known is None else document_of_account(account_of(known))
        fields = {**(before or {}), **item.fields}
        account = check_agent(self._workspace, item.id, fields, offices=self._offices)
        if account.email is not None and self._emails.setdefault(account.email, item.id) != item.id:
            message = f"agent {self._emails[account.email]!r} is to have the email {account.email!r} as well"
            raise Conflict("conflict", message, field="email")
        need_reach(self._workspace, self._actor, account)
        return _change(item, before, document_of_account(account)), account


def _checked(workspace: Workspace, actor: Actor, items: Sequence[Item]) -> Checked:
    for kind in {item.kind for item in items}:
        actor.need(NEEDS[kind])
    if len(items) > MOST_ITEMS:
        raise ImportInvalid([_too_many(len(items))])
    findings: list[Finding] = []
    checked: Checked = []
    check = _Check(workspace, actor, items)
    for item in sorted(items, key=lambda item: list(Kind).index(item.kind)):
        try:
            checked.append(check.check(item))
        except Forbidden:
            raise
        except Malformed as malformed:
            findings += (item.error(each.code, each.path, each.message, each.fix) for each in malformed.found)
        except Refused as refused:
            findings.append(item.error(refused.code, refused.field or "", refused.message, "correct it"))
    if findings:
        raise ImportInvalid(findings)
    return checked


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
