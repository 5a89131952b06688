"""The two settings documents of a workspace: when a status changes by itself, and how contacts are assigned.

A document that is saved replaces the one before; a field that is left out takes the preset's value, else the
default."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assigner.core.changes import AssignmentSettings, FloodLimit, OnResumeFull, SettingsSaved
from assigner.service.actor import Actor, Permission
from assigner.service.asked import need_version, read_asked
from assigner.service.log import edited
from assigner.service.presence import follow_policy
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from assigner.store.documents import to_plain
from assigner.store.rows import setting_row
from presence.model import PresencePolicy
from presence.presets import policy_document, policy_from_document
from rules.entry import Entry
from rules.findings import Code

PRESENCE, ASSIGNMENT = "presence", "assignment"
KIND = "settings.changed"
LATER: Mapping[str, Any] = {"wrap_up": 0, "offer": None, "on_offline": {"contacts": "none", "grace": 0}}
"""Fields of the document that cannot be set to anything but their default yet."""


def presence_document(workspace: Workspace) -> dict[str, Any]:
    """The presence settings as they can be sent again."""
    return {**policy_document(workspace.policy), "version": workspace.policy_version}


def save_presence(unit: Unit, actor: Actor, asked: Mapping[str, Any], *, expected: int | None = None) -> dict[str, Any]:
    """Another presence policy comes into force, for everybody at once (R23, R35, R36).

    Raises Invalid: `unknown_field`, `unknown_value`, `out_of_range`, `offline_not_after_away`."""
    actor.need(Permission.PRESENCE_MANAGE)
    workspace = unit.workspace
    need_version("the presence settings", found=workspace.policy_version, expected=expected)
    fields = {name: value for name, value in asked.items() if name != "version"}
    old, policy = workspace.policy, policy_from_document(fields, saved_at=unit.now)
    if _periods(old) == _periods(policy):
        policy = replace(policy, saved_at=old.saved_at)
    if policy != old:
        workspace.policy, workspace.policy_version = policy, unit.change_no
        unit.put(setting_row(workspace.number, PRESENCE, unit.change_no, policy))
        after = policy_document(policy)
        unit.record(KIND, PRESENCE, by=actor.name, data={**after, **edited(policy_document(old), after)})
        follow_policy(unit, old, by=actor.name)
    return presence_document(workspace)


def assignment_document(workspace: Workspace) -> dict[str, Any]:
    """The assignment settings as they can be sent again."""
    settings: dict[str, Any] = to_plain(workspace.floor.roster.settings)
    return {**settings, **LATER, "version": workspace.settings_version}


def save_assignment(
    unit: Unit, actor: Actor, asked: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Other assignment settings come into force (R8). Raises Invalid, with `not_yet` for what cannot be set yet."""
    actor.need(Permission.ASSIGNMENT_MANAGE)
    workspace = unit.workspace
    need_version("the assignment settings", found=workspace.settings_version, expected=expected)
    settings = read_asked({name: value for name, value in asked.items() if name != "version"}, _assignment)
    if settings != workspace.floor.roster.settings:
        workspace.settings_version = unit.change_no
        unit.put(setting_row(workspace.number, ASSIGNMENT, unit.change_no, settings))
        after = to_plain(settings)
        told = {**after, **edited(to_plain(workspace.floor.roster.settings), after)}
        unit.record(KIND, ASSIGNMENT, by=actor.name, data=told, change=SettingsSaved(at=unit.now, settings=settings))
    return assignment_document(workspace)


def _periods(policy: PresencePolicy) -> tuple[int | None, ...]:
    return policy.away_after, policy.offline_after, policy.lease_after


def _assignment(entry: Entry) -> AssignmentSettings:
    fields = entry.fields("enabled", "default_capacity", "flood_limit", "on_resume_full", *LATER)
    for name, default in LATER.items():
        if name in fields and not _is_default(fields[name].value, default):
            fields[name].refuse(
                Code.NOT_YET, f"{name} cannot be set yet", f"leave it out, or write {json.dumps(default)}"
            )
    return AssignmentSettings(
        enabled=fields.read("enabled", Entry.yes_or_no, True),
        default_capacity=fields.read("default_capacity", Entry.count, None),
        flood_limit=fields.read("flood_limit", _flood_limit, None),
        on_resume_full=fields.choice("on_resume_full", OnResumeFull.KEEP),
    )


def _is_default(value: Any, default: Any) -> bool:
    """Whether a value says no more than the default; of a mapping, parts may be left out."""
    return bool(
        value == default or (isinstance(value, dict) and isinstance(default, dict) and default | value == default)
    )


def _flood_limit(entry: Entry) -> FloodLimit:
    fields = entry.fields("contacts", "per", needed=("contacts", "per"))
    at_least_one = {name: fields.read(name, lambda each: each.whole(1), 1) for name in ("contacts", "per")}
    return FloodLimit(**at_least_one)
