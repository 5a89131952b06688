"""While a process serves, garbage that has grown old waits for its turn, and what is new is collected as ever."""

import gc
from weakref import ref

from assigner.old_garbage import EVERY, old_garbage_waits


class Circle:
    """What only a collection can let go of."""

    def __init__(self) -> None:
        self.own = self


def test_garbage_that_grew_old_is_looked_at_once_in_a_while() -> None:
    now = 0.0
    old, young = Circle(), Circle()
    of_old, of_young = ref(old), ref(young)
    with old_garbage_waits(clock=lambda: now):
        del old  # it was there when the first collection found it in use
        found = [_collected(of_old)]
        now = EVERY - 1
        found.append(_collected(of_old))
        now = EVERY
        found.append(_collected(of_old))

    del young
    assert found == [False, False, True]
    assert _collected(of_young)
    assert gc.get_freeze_count() == 0


def test_new_garbage_is_collected_at_once() -> None:
    with old_garbage_waits():
        of_new = ref(Circle())

        assert _collected(of_new)


def _collected(circle: "ref[Circle]") -> bool:
    """Whether a collection lets go of it."""
    gc.collect()
    return circle() is None
