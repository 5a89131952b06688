"""How many tabs of one session are open, as far as their reports tell: a hint for who should use one (R52).

Nobody says reliably that a tab was closed, so one that has reported nothing for five minutes counts no more. Known to
this node only, and not for longer than it runs."""

from datetime import datetime, timedelta

OPEN_FOR = timedelta(minutes=5)
MOST = 100
"""How many tabs of one session are told apart."""
REMEMBERED = 1000


class Tabs:
    """When each tab of each session last reported."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, str], dict[str, datetime]] = {}
        self._at_most = REMEMBERED

    def report(self, session: tuple[int, str], tab_id: str, *, now: datetime) -> int:
        """A tab of a session is there. How many are, with it."""
        tabs = {tab: at for tab, at in self._seen.get(session, {}).items() if at > now - OPEN_FOR}
        if len(tabs) < MOST:
            tabs[tab_id] = now
        self._seen[session] = tabs
        if len(self._seen) > self._at_most:
            self._forget(now)
        return len(tabs)

    def _forget(self, now: datetime) -> None:
        """Drop the sessions of which nobody has reported anything for a while."""
        late = now - OPEN_FOR
        self._seen = {each: tabs for each, tabs in self._seen.items() if max(tabs.values(), default=late) > late}
        self._at_most = 2 * len(self._seen) + REMEMBERED
