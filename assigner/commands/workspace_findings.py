"""What `assigner doctor` finds of one workspace: whether what is stored agrees with itself, and what waits outside.

A log that was pruned is followed from where it begins."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from assigner.commands.findings import Finding, failed, fine, warned
from assigner.service.checkup import Disagreement, check_journal, check_loads
from assigner.store.conditions import newest_line_at
from assigner.store.webhooks import State, count_deliveries, load_webhooks

SHOWN = 3
"""How many of several disagreements are told."""
STEPPED_BACK = 2.0
"""Seconds that the newest change may seem to be ahead."""
REPORT = (
    "keep a backup and `assigner export`, then report it with both: this is a defect, or somebody wrote into the tables"
)


def of_workspace(
    connection: Connection, workspace: tuple[str, int], *, now: datetime, quick: bool
) -> Iterator[Finding]:
    """The checks of one workspace (its id and number), all of one moment."""
    name, number = workspace
    newest = newest_line_at(connection, number)
    if newest is not None and (ahead := (newest - now).total_seconds()) > STEPPED_BACK:
        told = f"the newest change of {name} was made {ahead:.0f} s from now: the clock has been set back"
        yield warned("clock", told, "let the machine follow a time server; until then timers run late")
    loads = check_loads(connection, number, now=now)
    yield _agreement("loads", f"{name}: the board counts as many contacts as the table", loads, ("board", "table"))
    if not quick and not loads:
        journal = check_journal(connection, number, now=now)
        yield _agreement("log", f"{name}: the log comes to what the tables hold", journal, ("log", "tables"))
    yield from _webhooks(connection, name, number)


def _agreement(about: str, well: str, found: list[Disagreement], sides: tuple[str, str]) -> Finding:
    if not found:
        return fine(about, well)
    one, other = sides
    told = [f"{each.about}: {one} {_short(each.one)}, {other} {_short(each.other)}" for each in found[:SHOWN]]
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return failed(about, f"not so: {well}. {'; '.join(told)}{more}", REPORT)


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _webhooks(connection: Connection, name: str, number: int) -> Iterator[Finding]:
    counts = count_deliveries(connection, number)
    for webhook in load_webhooks(connection, number).values():
        dead, retried = counts.get((webhook.id, State.DEAD), 0), counts.get((webhook.id, State.RETRYING), 0)
        if webhook.definition.stopped_because is not None:
            told = f"{name}: nothing is sent to webhook {webhook.id} any more: {webhook.definition.stopped_because}"
            yield warned("webhooks", told, "put its receiver in order and switch it on again, or delete it")
        elif dead or retried:
            told = f"{name}: events that webhook {webhook.id} has not taken: {retried} tried again, {dead} dead"
            yield warned("webhooks", told, f"GET /v1/webhooks/{webhook.id} tells why; dead events can be sent again")
        else:
            yield fine("webhooks", f"{name}: webhook {webhook.id} takes what it is sent")
