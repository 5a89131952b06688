"""Reading of the conditions under `when`: `all`, `any`, `not`, `arrived`, and a field with one operator.

`rules.match` applies what is read here."""

from typing import Any

from presence.wording import between, sentence
from rules.entry import Entry, Fields
from rules.findings import Code, one_of
from rules.match import ATTRIBUTES
from rules.model import AllOf, AnyOf, ArrivedCondition, Condition, FieldCondition, Not, Operator
from rules.parse_times import read_clock, read_time_zone, read_weekdays

_OPERATORS = tuple(operator.value for operator in Operator)
_TEXT_FIELDS = frozenset({"channel", "language", "office", "customer_id", "skills"})
_FIELDS = (*sorted(_TEXT_FIELDS), "priority")
_KINDS = ("all", "any", "not", "arrived", "field")
_NOTHING = AllOf(conditions=())
_END_OF_DAY = 24 * 60


def read_condition(entry: Entry) -> Condition:
    """One condition with all that is nested in it. `{}` is one that always holds; lint warns of it."""
    fields = entry.fields(*_KINDS, *_OPERATORS)
    kinds = [kind for kind in _KINDS if kind in fields]
    if not fields.present:
        return _NOTHING
    if len(kinds) != 1 or (kinds[0] != "field" and len(fields.present) > 1):
        message = sentence(
            "a condition is exactly one of %(known)s, not %(found)s",
            known=one_of(_KINDS),
            found=between(fields.present, sentence(" with ")),
        )
        entry.refuse(Code.WRONG_TYPE, message, sentence("write several conditions as a list under all: or any:"))
        return _NOTHING
    inner = fields[kinds[0]]
    match kinds[0]:
        case "all":
            return AllOf(conditions=tuple(read_condition(item) for item in inner.items()))
        case "any":
            return AnyOf(conditions=tuple(read_condition(item) for item in inner.items()))
        case "not":
            return Not(condition=read_condition(inner))
        case "arrived":
            return _arrived(inner)
        case _:
            return _field(entry, fields)


def _arrived(entry: Entry) -> ArrivedCondition:
    fields = entry.fields("days", "from", "to", "time_zone")
    return ArrivedCondition(
        days=fields.read("days", read_weekdays, tuple(range(7))),
        start=fields.read("from", read_clock, 0),
        end=fields.read("to", read_clock, _END_OF_DAY),
        time_zone=fields.read("time_zone", read_time_zone, "UTC"),
    )


def _field(entry: Entry, fields: Fields) -> Condition:
    field = fields["field"].text()
    if field and field not in _FIELDS and not (field.startswith(ATTRIBUTES) and field != ATTRIBUTES):
        known = (*_FIELDS, "attributes.<name>")
        message = sentence('a contact has no field "%(field)s"', field=field)
        fields["field"].refuse(
            Code.UNKNOWN_VALUE, message, sentence("use one of %(known)s", known=one_of(known)), guess=(field, known)
        )
    operators = [operator for operator in _OPERATORS if operator in fields]
    if len(operators) != 1:
        message = (
            sentence(
                "the condition on %(field)s has %(count)s operators, but needs exactly one",
                field=field,
                count=len(operators),
            )
            if operators
            else sentence("the condition on %(field)s lacks an operator, but needs exactly one", field=field)
        )
        entry.refuse(Code.MISSING_FIELD, message, sentence("use one of %(known)s", known=one_of(_OPERATORS)))
        return _NOTHING
    operator = Operator(operators[0])
    return FieldCondition(field=field, operator=operator, value=_operand(fields[operator], operator, field))


def _operand(entry: Entry, operator: Operator, field: str) -> Any:
    """What the operator compares with: text where the field is always text, since else the two would never be equal."""
    match operator:
        case Operator.EXISTS:
            return entry.yes_or_no()
        case Operator.MATCHES:
            return entry.text()
        case Operator.GREATER | Operator.LESS:
            return entry.number()
        case Operator.IN:
            return tuple(_single(item, field) for item in entry.items())
        case _:
            return _single(entry, field)


def _single(entry: Entry, field: str) -> Any:
    return entry.text() if field in _TEXT_FIELDS else entry.scalar()
