"""Reading of the queues of a rule set: members, needs, strategy, limits, relaxation and overflow.

Every field has a default, which stands in `rules.model.Queue`."""

from presence.wording import sentence
from rules.entry import Entry, Fields
from rules.findings import Code
from rules.model import NO_SKILLS, OfferTerms, Overflow, OverflowWhen, Preferred, Queue, Relax, Strategy, Takes

_FIELDS = ("offices", "skills", "strategy", "takes", "capacity", "priority", "ageing", "preferred", "relax", "overflow")


def read_queue(entry: Entry, *, name: str) -> Queue:
    """One queue; every field has a default."""
    fields = entry.fields(*_FIELDS, "target", "offer", "wrap_up")
    return Queue(
        name=name,
        offices=fields.read("offices", Entry.texts, ()),
        skills=fields.read("skills", Entry.skills, NO_SKILLS),
        strategy=fields.choice("strategy", Strategy.ROUND_ROBIN),
        takes=fields.choice("takes", Takes.ONLINE),
        capacity=fields.read("capacity", Entry.count, None),
        priority=fields.read("priority", Entry.priority, 0),
        ageing=fields.read("ageing", Entry.count, 0),
        preferred=fields.read("preferred", _preferred, None),
        relax=tuple(_relax(item) for item in fields["relax"].items()),
        overflow=tuple(_overflow(item) for item in fields["overflow"].items()),
        target=fields.read("target", Entry.count, None),
        offer=_offer(entry),
        wrap_up=fields.read("wrap_up", Entry.count, None),
    )


def read_offer(entry: Entry) -> OfferTerms:
    """How contacts are offered, of a queue or of a workspace."""
    fields = entry.fields("timeout", "decline_pause", "missed_limit", needed=("timeout",))
    return OfferTerms(
        timeout=fields.read("timeout", _at_least_one, 1),
        decline_pause=fields.read("decline_pause", Entry.count, None),
        missed_limit=fields.read("missed_limit", _at_least_one, None),
    )


def _offer(entry: Entry) -> OfferTerms | None:
    """Left out, it is as the workspace has it; null assigns at once."""
    offer = entry.named_entries().get("offer")
    if offer is None:
        return None
    return OfferTerms() if offer.value is None else read_offer(offer)


def _at_least_one(entry: Entry) -> int:
    return entry.whole(1)


def _preferred(entry: Entry) -> Preferred:
    fields = entry.fields("agent", "for")
    fields.read("agent", lambda agent: agent.one_of(["previous"]), None)
    return Preferred(hold=fields.read("for", Entry.count, 0))


def _relax(entry: Entry) -> Relax:
    fields = entry.fields("after", "drop_skills", "skills", needed=("after",))
    return Relax(
        after=fields.read("after", Entry.count, 0),
        drop_skills=frozenset(fields.read("drop_skills", Entry.texts, ())),
        skills=fields.read("skills", Entry.skills, NO_SKILLS),
    )


def _overflow(entry: Entry) -> Overflow:
    """A step is `after` some seconds, or `when` something is so; `length` belongs to `longer_than` alone."""
    fields = entry.fields("when", "to", "length", "after", "leave", needed=("to",))
    when = _overflow_when(entry, fields)
    if (when is OverflowWhen.LONGER_THAN) is not ("length" in fields):
        message = sentence("longer_than needs a length, and nothing else has one")
        entry.refuse(Code.MISSING_FIELD, message, sentence("write {when: longer_than, length: 20, to: ...}"))
    return Overflow(
        when=when,
        to=fields.read("to", Entry.text, ""),
        length=fields.read("length", Entry.count, None),
        after=fields.read("after", Entry.count, None),
        leave=fields.read("leave", Entry.yes_or_no, False),
    )


def _overflow_when(entry: Entry, fields: Fields) -> OverflowWhen:
    if "when" not in fields and "after" not in fields:
        message = sentence("the overflow does not say when: it lacks both when and after")
        entry.refuse(
            Code.MISSING_FIELD, message, sentence("write when: closed, nobody_there or longer_than, or after: 120")
        )
        return OverflowWhen.AFTER
    when = fields.choice("when", OverflowWhen.AFTER)
    if (when is OverflowWhen.AFTER) is not ("after" in fields):
        message = sentence("an overflow has either after or another when, not both")
        entry.refuse(Code.WRONG_TYPE, message, sentence("write two steps, one with after: ..., one with when: ..."))
    return when
