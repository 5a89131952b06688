"""The two settings documents of a workspace: when a status changes by itself, and how contacts are assigned.

A document that is saved replaces the one before; a field that is left out takes the preset's value, else the
default."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assigner.core.changes import (
    AssignmentSettings,
    FloodLimit,
    OfflineReturns,
    OnOffline,
    OnResumeFull,
    SettingsSaved,
)
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
from rules.model import OfferTerms
from rules.parse_queues import read_offer

PRESENCE, ASSIGNMENT = "presence", "assignment"
KIND = "settings.changed"


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
    return {**settings, "version": workspace.settings_version}


def save_assignment(
    unit: Unit, actor: Actor, asked: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Other assignment settings come into force (R8). Raises Invalid."""
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
    fields = entry.fields(
        "enabled", "default_capacity", "flood_limit", "wrap_up", "offer", "on_offline", "on_resume_full"
    )
    return AssignmentSettings(
        enabled=fields.read("enabled", Entry.yes_or_no, True),
        default_capacity=fields.read("default_capacity", Entry.count, None),
        flood_limit=fields.read("flood_limit", _flood_limit, None),
        wrap_up=fields.read("wrap_up", Entry.count, 0),
        offer=fields.read("offer", _offer, None),
        on_offline=fields.read("on_offline", _on_offline, OnOffline()),
        on_resume_full=fields.choice("on_resume_full", OnResumeFull.KEEP),
    )


def _offer(entry: Entry) -> OfferTerms:
    """How contacts are offered: a workspace leaves nothing open."""
    terms = read_offer(entry)
    return replace(terms, decline_pause=terms.decline_pause or 0)


def _on_offline(entry: Entry) -> OnOffline:
    fields = entry.fields("contacts", "grace")
    return OnOffline(
        contacts=fields.choice("contacts", OfflineReturns.NONE), grace=fields.read("grace", Entry.count, 0)
    )


def _flood_limit(entry: Entry) -> FloodLimit:
    fields = entry.fields("contacts", "per", needed=("contacts", "per"))
    at_least_one = {name: fields.read(name, lambda each: each.whole(1), 1) for name in ("contacts", "per")}
    return FloodLimit(**at_least_one)
