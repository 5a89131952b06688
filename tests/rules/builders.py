"""Values for the tests of rules, as short as a test needs them, and strategies that make any rule set."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from rules.findings import RulesInvalid
from rules.model import (
    AllOf,
    AnyOf,
    ArrivedCondition,
    Condition,
    Contact,
    Example,
    Exclusion,
    FieldCondition,
    Not,
    OfferTerms,
    Operator,
    Overflow,
    OverflowWhen,
    Preferred,
    Queue,
    Relax,
    Rule,
    RuleSet,
    Strategy,
    Takes,
)
from rules.parse import parse_rules

A_WEDNESDAY = datetime(2026, 1, 7, 10, tzinfo=UTC)


def a_contact(**fields: Any) -> Contact:
    defaults: dict[str, Any] = {"id": "k1", "arrived_at": A_WEDNESDAY}
    return Contact(**defaults | fields)


def a_field(field: str, operator: str, value: Any) -> FieldCondition:
    return FieldCondition(field=field, operator=Operator(operator), value=value)


def findings_in(text: str | bytes) -> list[tuple[str, int, int, str, str, str]]:
    """What reading says of a document that it refuses: code, line, column, path, message, fix."""
    try:
        parse_rules(text)
    except RulesInvalid as refusal:
        return [
            (each.code.value, each.place.line, each.place.column, each.path, each.message, each.fix)
            for each in refusal.findings
        ]
    return []


names = st.text("aeñ.[]\"': -+_#😀019", min_size=1, max_size=6).filter(str.strip)
seconds = st.integers(0, 2**31 - 1)
priorities = st.integers(-1000, 1000)
skills = st.dictionaries(names, st.integers(1, 9), max_size=3)
instants = st.integers(0, 10**9).map(lambda second: A_WEDNESDAY + timedelta(seconds=second))
numbers = st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9, allow_nan=False)
scalars = names | numbers | st.booleans()
texts_of = st.sampled_from(["channel", "language", "office", "customer_id", "skills"])
open_fields = st.just("priority") | names.map(lambda name: f"attributes.{name}")


def _fields_with(operators: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Condition]:
    return st.builds(a_field, texts_of | open_fields, st.sampled_from(operators), values)


leaves: st.SearchStrategy[Condition] = st.one_of(
    _fields_with(["equals", "contains", "matches"], names),
    _fields_with(["in"], st.lists(names, max_size=3).map(tuple)),
    _fields_with(["greater", "less"], numbers),
    _fields_with(["exists"], st.booleans()),
    st.builds(a_field, open_fields, st.sampled_from(["equals", "contains"]), scalars),
    st.builds(
        ArrivedCondition,
        days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        start=st.integers(0, 1440),
        end=st.integers(0, 1440),
        time_zone=st.sampled_from(["UTC", "Europe/Madrid", "America/New_York", "Asia/Kathmandu"]),
    ),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(AllOf, conditions=st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, conditions=st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, condition=inner),
    ),
    max_leaves=5,
)
rules = st.builds(
    Rule,
    name=names,
    when=st.none() | conditions,
    queue=st.none() | names,
    priority=st.none() | priorities,
    skills=skills,
    hold=st.booleans(),
)
overflows = st.one_of(
    st.builds(
        Overflow,
        when=st.sampled_from([OverflowWhen.CLOSED, OverflowWhen.NOBODY_THERE]),
        to=names,
        leave=st.booleans(),
    ),
    st.builds(Overflow, when=st.just(OverflowWhen.LONGER_THAN), to=names, length=seconds, leave=st.booleans()),
    st.builds(Overflow, when=st.just(OverflowWhen.AFTER), to=names, after=seconds, leave=st.booleans()),
)
offer_terms = st.builds(
    OfferTerms,
    timeout=st.integers(1, 600),
    decline_pause=st.none() | seconds,
    missed_limit=st.none() | st.integers(1, 9),
)
queues = st.builds(
    Queue,
    name=names,
    offices=st.lists(names, max_size=2).map(tuple),
    skills=skills,
    strategy=st.sampled_from(Strategy),
    takes=st.sampled_from(Takes),
    capacity=st.none() | st.integers(0, 9),
    priority=priorities,
    ageing=seconds,
    preferred=st.none() | st.builds(Preferred, hold=seconds),
    relax=st.lists(st.builds(Relax, after=seconds, drop_skills=st.frozensets(names, max_size=2), skills=skills)).map(
        tuple
    ),
    overflow=st.lists(overflows, max_size=3).map(tuple),
    target=st.none() | seconds,
    offer=st.none() | st.just(OfferTerms()) | offer_terms,
    wrap_up=st.none() | seconds,
)
attributes = st.dictionaries(
    names, st.recursive(st.none() | scalars, lambda inner: st.lists(inner, max_size=2).map(tuple)), max_size=2
)
contacts = st.builds(
    Contact,
    id=names,
    arrived_at=instants,
    channel=names,
    customer_id=st.none() | names,
    office=st.none() | names,
    skills=skills,
    language=st.none() | names,
    priority=st.none() | priorities,
    attributes=attributes,
    preferred_agent_id=st.none() | names,
    exclude_agents=st.frozensets(names, max_size=2),
)
rule_sets = st.builds(
    RuleSet,
    name=names,
    rules=st.lists(rules, max_size=4).map(tuple),
    queues=st.lists(queues, max_size=3, unique_by=lambda queue: queue.name).map(
        lambda many: {queue.name: queue for queue in many}
    ),
    exclusions=st.lists(st.builds(Exclusion, customer_id=names, agent=names), max_size=2).map(tuple),
    examples=st.lists(
        st.builds(Example, contact=contacts, queue=names, rule=st.none() | names),
        max_size=2,
    ).map(tuple),
)
