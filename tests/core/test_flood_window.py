"""What is counted for the flood limit does not grow with time."""

from assigner.core.changes import FloodLimit
from tests.core.builders import a_board, a_contact, an_agent, arrives, at, given, saved, settle


def test_assignments_that_no_longer_count_are_forgotten() -> None:
    board = a_board(an_agent("ana"))
    board.apply([saved(flood_limit=FloodLimit(contacts=2, per=60))])
    for number in range(50):
        board.apply([arrives(a_contact(f"c{number}", arrived=40 * number))])

        assert given(settle(board, 40 * number)) == {f"c{number}": "ana"}

    assert list(board.floor.seat("ana").given) == [at(40 * 48), at(40 * 49)]


def test_what_was_too_old_to_count_does_not_count_again_when_the_clock_steps_back() -> None:
    board = a_board(an_agent("ana"))
    board.apply([saved(flood_limit=FloodLimit(contacts=2, per=10))])

    found = []
    for number, second in enumerate([0, 10, 9]):
        board.apply([arrives(a_contact(f"c{number}", arrived=second))])
        found.append(given(settle(board, second)))

    assert found == [{"c0": "ana"}, {"c1": "ana"}, {"c2": "ana"}]
