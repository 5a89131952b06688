"""Where one can go in the console, and who may: a page is offered to those who may read it, and to nobody else."""

from dataclasses import dataclass

from assigner.console.language import N_
from assigner.service.actor import Actor, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page of the navigation. Whoever has one of the permissions may go there."""

    path: str
    label: str
    permissions: tuple[Permission, ...]


PLACES: tuple[Place, ...] = (
    Place(path="/desk", label=N_("Desk"), permissions=(Permission.CONTACTS_OWN,)),
    Place(path="/online", label=N_("Who's Online"), permissions=(Permission.PRESENCE_READ,)),
    Place(path="/queues", label=N_("Queues"), permissions=(Permission.CONTACTS_TAKE,)),
    Place(path="/rules", label=N_("Rules"), permissions=(Permission.RULES_MANAGE,)),
    Place(path="/reports", label=N_("Reports"), permissions=(Permission.REPORTS_READ,)),
    Place(path="/settings", label=N_("Settings"), permissions=(Permission.PRESENCE_READ,)),
)
"""In the order in which they are shown."""

SETTINGS: tuple[Place, ...] = (
    Place(path="/settings/presence", label=N_("Status"), permissions=(Permission.PRESENCE_MANAGE,)),
    Place(path="/settings/assignment", label=N_("Automatic assignment"), permissions=tuple(Permission)),
    Place(path="/settings/agents", label=N_("Agents"), permissions=(Permission.PRESENCE_READ,)),
    Place(path="/settings/offices", label=N_("Offices"), permissions=(Permission.PRESENCE_READ,)),
    Place(path="/settings/roles", label=N_("Roles"), permissions=(Permission.ROLES_MANAGE, Permission.AGENTS_MANAGE)),
    Place(path="/settings/keys", label=N_("API keys"), permissions=(Permission.KEYS_MANAGE,)),
    Place(path="/settings/webhooks", label=N_("Webhooks"), permissions=(Permission.WEBHOOKS_MANAGE,)),
    Place(path="/settings/audit", label=N_("Audit"), permissions=(Permission.AUDIT_READ,)),
)
"""The pages of the settings, in the order in which they are shown beside each."""


def places_for(actor: Actor, places: tuple[Place, ...] = PLACES) -> tuple[Place, ...]:
    """Where somebody may go, of some places."""
    return tuple(place for place in places if any(actor.may(permission) for permission in place.permissions))
