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
)
"""In the order in which they are shown."""


def places_for(actor: Actor) -> tuple[Place, ...]:
    """Where somebody may go."""
    return tuple(place for place in PLACES if any(actor.may(permission) for permission in place.permissions))
