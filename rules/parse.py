"""Rule set documents, YAML or JSON, as a RuleSet; the document is explained field by field in the documentation.

Text becomes plain values with places (document.py), these become entries that check themselves (entry.py), and the
functions here and in the other parse_ modules turn entries into the values of model.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from presence.wording import sentence
from rules.document import Document, read_document
from rules.entry import Entry, read_all
from rules.findings import Code, Path, Place
from rules.model import NO_SKILLS, Example, Exclusion, Rule, RuleSet
from rules.parse_conditions import read_condition
from rules.parse_contact import read_contact
from rules.parse_organisation import parse_organisation
from rules.parse_queues import read_queue
from rules.parse_times import read_instant

__all__ = ["ParsedRules", "default_rule_name", "parse_organisation", "parse_rules"]

A_MONDAY_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""When the contact of an example arrives that does not say `at`: a working hour in most offices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRules:
    """A rule set and where each part of it stands in the document, so that lint can point at it."""

    rule_set: RuleSet
    source: str = "rules"
    document: Document = field(default_factory=Document)

    @property
    def places(self) -> Mapping[Path, Place]:
        """The place of everything in the document, by path."""
        return self.document.places


def parse_rules(text: str | bytes, *, source: str = "rules") -> ParsedRules:
    """Read a rule set; `source` is what messages call the document. Raises RulesInvalid with every error in it."""
    document = read_document(text)
    return ParsedRules(rule_set=read_all(document, source, _rule_set), source=source, document=document)


def default_rule_name(index: int) -> str:
    """What decision records call a rule without a name, by its position counted from 0."""
    return f"rule {index + 1}"


def _rule_set(entry: Entry) -> RuleSet:
    fields = entry.fields("name", "rules", "queues", "exclusions", "examples")
    rules = fields["rules"].items()
    queues = fields["queues"].named_entries()
    exclusions = fields["exclusions"].items()
    examples = fields["examples"].items()
    return RuleSet(
        name=fields.read("name", Entry.text, "default"),
        rules=tuple(_rule(item, index) for index, item in enumerate(rules)),
        queues={name: read_queue(queue, name=name) for name, queue in queues.items()},
        exclusions=tuple(_exclusion(item) for item in exclusions),
        examples=tuple(_example(item, index) for index, item in enumerate(examples)),
    )


def _rule(entry: Entry, index: int) -> Rule:
    fields = entry.fields("name", "when", "then")
    then = fields["then"].fields("queue", "priority", "skills", "hold")
    return Rule(
        name=fields.read("name", Entry.text, default_rule_name(index)),
        when=fields.read("when", read_condition, None),
        queue=then.read("queue", Entry.text, None),
        priority=then.read("priority", Entry.priority, None),
        skills=then.read("skills", Entry.skills, NO_SKILLS),
        hold=then.read("hold", Entry.yes_or_no, False),
    )


def _exclusion(entry: Entry) -> Exclusion:
    fields = entry.fields("customer_id", "agent", needed=("customer_id", "agent"))
    return Exclusion(
        customer_id=fields.read("customer_id", Entry.text, ""),
        agent=fields.read("agent", Entry.text, ""),
    )


def _example(entry: Entry, index: int) -> Example:
    fields = entry.fields("contact", "at", "expect", needed=("expect",))
    at = fields.read("at", read_instant, A_MONDAY_NOON)
    expect = fields["expect"].fields("queue", "rule")
    if fields["expect"].value == {}:
        fix = sentence("write expect: {queue: ...}, expect: {rule: ...} or both")
        fields["expect"].refuse(Code.MISSING_FIELD, sentence("the example expects nothing"), fix)
    return Example(
        contact=read_contact(fields["contact"], default_id=f"example {index + 1}", arrived_at=at),
        queue=expect.read("queue", Entry.text, None),
        rule=expect.read("rule", Entry.text, None),
    )
