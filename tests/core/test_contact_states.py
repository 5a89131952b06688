"""The life of a contact as a table: what is not in it is refused and changes nothing.

What else the core refuses is here too, and that its table of changes is complete and its values are frozen."""

import pkgutil
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any, get_args

import pytest

import assigner.core
from assigner.core import changes as happened
from assigner.core.apply import APPLY
from assigner.core.board import Board
from assigner.core.changes import Change, ContactChange
from assigner.core.contact_states import NEXT_STATE, next_state
from assigner.core.model import ContactState
from presence.errors import Conflict, NotFound, Refused
from presence.model import Status
from rules.model import OfferTerms
from tests.core.builders import a_board, a_contact, a_queue, an_agent, arrives, at, saved, settle
from tests.core.twins import state

QUEUED, OFFERED, ASSIGNED, CLOSED, ABANDONED = ContactState
OPEN = {QUEUED, OFFERED, ASSIGNED}
OF_A_CONTACT = [kind for kind in get_args(ContactChange) if kind is not happened.ContactArrived]

OF: dict[type[Any], Callable[[], Any]] = {
    happened.ContactAmended: lambda: happened.ContactAmended(at=at(1), contact=a_contact(priority=1)),
    happened.StopEntered: lambda: happened.StopEntered(at=at(1), contact_id="c1", queue="night"),
    happened.ContactAssigned: lambda: happened.ContactAssigned(
        at=at(1), contact_id="c1", agent_id="ana", queue="everybody"
    ),
    happened.ContactOffered: lambda: happened.ContactOffered(
        at=at(1), contact_id="c1", agent_id="ana", queue="everybody", expires_at=at(21)
    ),
    happened.OfferAccepted: lambda: happened.OfferAccepted(at=at(1), contact_id="c1"),
    happened.OfferEnded: lambda: happened.OfferEnded(at=at(1), contact_id="c1", because=happened.OfferEnd.DECLINED),
    happened.ContactAnswered: lambda: happened.ContactAnswered(at=at(1), contact_id="c1"),
    happened.ContactTaken: lambda: happened.ContactTaken(at=at(1), contact_id="c1", agent_id="bea"),
    happened.ContactMoved: lambda: happened.ContactMoved(at=at(1), contact_id="c1", queue="night"),
    happened.ContactReturned: lambda: happened.ContactReturned(at=at(1), contact_id="c1"),
    happened.ContactHeld: lambda: happened.ContactHeld(at=at(1), contact_id="c1"),
    happened.ContactResumed: lambda: happened.ContactResumed(at=at(1), contact_id="c1"),
    happened.ContactClosed: lambda: happened.ContactClosed(at=at(1), contact_id="c1"),
    happened.ContactAbandoned: lambda: happened.ContactAbandoned(at=at(1), contact_id="c1"),
}


def a_board_with(state_of_c1: ContactState) -> Board:
    """A board on which c1 is in this state."""
    board = a_board(an_agent("ana"), an_agent("bea"), queues=[a_queue("night")], contacts=[a_contact()])
    if state_of_c1 is ASSIGNED:
        settle(board)
    elif state_of_c1 is OFFERED:
        board.apply([saved(offer=OfferTerms(timeout=20))])
        settle(board)
    elif state_of_c1 is CLOSED:
        board.apply([happened.ContactClosed(at=at(0), contact_id="c1")])
    elif state_of_c1 is ABANDONED:
        board.apply([happened.ContactAbandoned(at=at(0), contact_id="c1")])
    return board


def the_state_of_c1(board: Board) -> ContactState | None:
    """The state of c1, None once it has ended."""
    contact = board.floor.contacts.get("c1")
    return contact.state if contact else None


@pytest.mark.parametrize("change", OF_A_CONTACT)
@pytest.mark.parametrize("before", ContactState)
def test_a_change_is_possible_in_its_states_and_else_refused(before: ContactState, change: type[Any]) -> None:
    board = a_board_with(before)
    known = state(board)

    if (before, change) in NEXT_STATE:
        after = NEXT_STATE[before, change]
        board.apply([OF[change]()])
        assert the_state_of_c1(board) is (after if after in OPEN else None)
    else:
        with pytest.raises(Conflict if before in OPEN else NotFound):
            board.apply([OF[change]()])
        assert state(board) == known


@pytest.mark.parametrize("change", OF_A_CONTACT)
@pytest.mark.parametrize("before", ContactState)
def test_every_pair_that_is_not_in_the_table_is_a_conflict(before: ContactState, change: type[Any]) -> None:
    if (before, change) in NEXT_STATE:
        assert next_state("c1", before, change) is NEXT_STATE[before, change]
    else:
        with pytest.raises(Conflict) as refused:
            next_state("c1", before, change)
        assert str(refused.value) == (
            f"contact 'c1' is {before}: {change.__name__} is not possible; read the contact again"
        )


@pytest.mark.parametrize("before", [CLOSED, ABANDONED])
def test_nothing_leads_out_of_an_end(before: ContactState) -> None:
    assert not [pair for pair in NEXT_STATE if pair[0] is before]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(arrives(a_contact()), id="arrives-again"),
        pytest.param(happened.StopEntered(at=at(1), contact_id="c1", queue="everybody"), id="a-queue-entered-twice"),
        pytest.param(happened.ContactMoved(at=at(1), contact_id="c1", queue="atlantis"), id="an-unknown-queue"),
        pytest.param(happened.ContactTaken(at=at(1), contact_id="c1", agent_id="zoe"), id="an-unknown-agent"),
        pytest.param(
            happened.ContactAssigned(at=at(1), contact_id="c1", agent_id="zoe", queue="everybody"),
            id="a-removed-winner",
        ),
        pytest.param(happened.ContactClosed(at=at(1), contact_id="c9"), id="an-unknown-contact"),
        pytest.param(happened.AgentRemoved(at=at(1), agent_id="zoe"), id="an-unknown-agent-removed"),
        pytest.param(happened.OfficeRemoved(at=at(1), office_id="atlantis"), id="an-unknown-office-removed"),
        pytest.param(
            happened.PresenceChanged(at=at(1), agent_id="zoe", status=Status.ONLINE, switched_on=frozenset()),
            id="the-presence-of-an-unknown-agent",
        ),
    ],
)
def test_what_is_not_possible_is_refused_and_changes_nothing(change: Change) -> None:
    board = a_board_with(QUEUED)
    known = state(board)

    with pytest.raises(Refused):
        board.apply([change])
    assert state(board) == known


def test_an_agent_who_holds_a_contact_cannot_be_removed() -> None:
    board = a_board_with(ASSIGNED)
    known = state(board)

    with pytest.raises(Conflict) as refused:
        board.apply([happened.AgentRemoved(at=at(1), agent_id="ana")])
    assert refused.value.code == "in_use"
    assert state(board) == known


def test_there_is_a_function_for_every_kind_of_change() -> None:
    assert set(APPLY) == set(get_args(Change))


def values() -> list[type[Any]]:
    """Every dataclass of the core."""
    names = [module.name for module in pkgutil.iter_modules(assigner.core.__path__)]
    modules = [import_module(f"assigner.core.{name}") for name in names]
    found = {
        each for module in modules for each in vars(module).values() if isinstance(each, type) and is_dataclass(each)
    }
    return sorted(
        (each for each in found if each.__module__.startswith("assigner.core")), key=lambda each: each.__name__
    )


@pytest.mark.parametrize("value", values())
def test_every_value_of_the_core_is_frozen(value: type[Any]) -> None:
    options = value.__dataclass_params__
    assert options.frozen
    assert hasattr(value, "__slots__")
    assert all(field.kw_only for field in fields(value))
