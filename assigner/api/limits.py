"""How often somebody may ask: sign-ins that fail, and contacts that are taken in.

Failed sign-ins are counted in the database, so the limit holds however many nodes there are; contacts are counted in
memory, per node. Whoever asks too often is told when to come back (429, `Retry-After`)."""

import hashlib
from datetime import datetime, timedelta

from assigner.product import Product
from assigner.service.actor import Actor
from assigner.store.attempts import count_attempts, take_back
from presence.errors import TooMany

WINDOW = timedelta(minutes=15)
"""How long failed sign-ins are counted, from the first."""
WIDER = 10
"""How many times more attempts an email or an address alone may have than the two together: many people share an
address, and somebody who guesses from many addresses must not lock out the owner of an email for long."""
MINUTE = timedelta(minutes=1)


class SignIns:
    """The limit of failed sign-ins: `limit` for an email from one address, ten times that for each alone."""

    def __init__(self, product: Product, limit: int) -> None:
        self._product = product
        self._limit = limit

    def begin(self, email: str, address: str) -> None:
        """Count an attempt as failed, before anybody looks at the password. Raises TooMany."""
        limits, now = self._limits(email, address), self._product.clock()
        with self._product.database.writing() as connection:
            counted = count_attempts(connection, list(limits), now=now, window=WINDOW)
        ends = [began_at + WINDOW for key, count, began_at in counted if count > limits[key]]
        if ends:
            message = "too many sign-ins have failed; wait, or ask an administrator for a link to choose a password"
            raise TooMany(message, retry_after=_seconds(max(ends) - now))

    def succeeded(self, email: str, address: str) -> None:
        """The attempt that was counted did not fail."""
        with self._product.database.writing() as connection:
            take_back(connection, list(self._limits(email, address)))

    def _limits(self, email: str, address: str) -> dict[bytes, int]:
        """What is counted, and how far."""
        wider = self._limit * WIDER
        told = {f"{email}\n{address}": self._limit, f"email\n{email}": wider, f"address\n{address}": wider}
        return {hashlib.sha256(each.encode()).digest(): limit for each, limit in told.items()}


class Intake:
    """The limit of contacts that one credential may send to this node: so many in a minute."""

    def __init__(self, product: Product, limit: int) -> None:
        self._product = product
        self._limit = limit
        self._began_at: datetime | None = None
        self._counts: dict[tuple[int, str], int] = {}

    def take(self, actor: Actor, contacts: int = 1) -> None:
        """Count contacts that are sent. Raises TooMany, and then none of them counts."""
        now = self._product.clock()
        if self._began_at is None or not self._began_at <= now < self._began_at + MINUTE:
            self._began_at = now
            self._counts.clear()
        key = actor.workspace, actor.name
        count = self._counts.get(key, 0) + contacts
        if count > self._limit:
            message = f"more than {self._limit} contacts in a minute; send the rest later"
            raise TooMany(message, retry_after=_seconds(self._began_at + MINUTE - now))
        self._counts[key] = count


def _seconds(time: timedelta) -> int:
    """Whole seconds, at least one, and not too few."""
    return max(1, -int(-time.total_seconds() // 1))
