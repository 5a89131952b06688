"""Reading of a contact as it stands in an example of a rule set: the fields with which contacts come in."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from rules.entry import Entry
from rules.model import NO_SKILLS, Contact

_TEXTS = ("id", "channel", "language", "office", "customer_id", "preferred_agent_id")


def read_contact(entry: Entry, *, default_id: str, arrived_at: datetime) -> Contact:
    """The contact that these fields describe."""
    fields = entry.fields(*_TEXTS, "skills", "priority", "attributes", "exclude_agents")
    texts = {name: fields[name].text() for name in _TEXTS if name in fields}
    return Contact(
        id=texts.get("id", default_id),
        arrived_at=arrived_at,
        channel=texts.get("channel", "chat"),
        customer_id=texts.get("customer_id"),
        office=texts.get("office"),
        skills=fields.read("skills", Entry.skills, NO_SKILLS),
        language=texts.get("language"),
        priority=fields.read("priority", Entry.priority, None),
        attributes=fields.read("attributes", _attributes, MappingProxyType({})),
        preferred_agent_id=texts.get("preferred_agent_id"),
        exclude_agents=frozenset(fields.read("exclude_agents", Entry.texts, ())),
    )


def _attributes(entry: Entry) -> Mapping[str, Any]:
    """Attributes may be anything that a document can say; lists become tuples, so that nobody changes them."""
    return {name: _frozen(attribute.value) for name, attribute in entry.named_entries().items()}


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    if isinstance(value, dict):
        return {name: _frozen(each) for name, each in value.items()}
    return value
