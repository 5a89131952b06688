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
