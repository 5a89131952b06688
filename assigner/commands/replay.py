"""`assigner replay`: a record of contacts goes through the engine, and its figures stand beside those of the record.

This is the command line alone, so that `assigner --help` answers at once; `replay_run` does the work. Exit code 0 when
it ran, 1 where a file cannot be used or the whole product assigned differently, 2 where the command line is wrong."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from rules.model import Strategy


def time_zone(name: str) -> ZoneInfo:
    """The time zone of a name such as Europe/Madrid."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(f'"{name}" is not a time zone; write one such as Europe/Madrid') from None


def replay(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Recorded contacts: CSV, plain or gzip.")
    ],
    agents: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Duty times; else inferred from the record."),
    ] = None,
    organisation: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Offices with hours, agents with skills."),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="The rule set; else one queue for everybody."),
    ] = None,
    strategy: Annotated[Strategy | None, typer.Option(help="Used in every queue, in place of its own.")] = None,
    capacity: Annotated[
        int | None,
        typer.Option(
            min=0, metavar="N", help="Contacts at once, for agents without a limit; else the organisation's, or 1."
        ),
    ] = None,
    zone: Annotated[
        ZoneInfo,
        typer.Option(
            "--time-zone", metavar="ZONE", parser=time_zone, help="Of instants without an offset, and charts."
        ),
    ] = "UTC",  # type: ignore[assignment] # Typer gives the default to the parser as well
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Draw arrivals, waiting and agents Online.")
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out bad lines of the record, name them.")] = False,
    missed: Annotated[
        int,
        typer.Option(
            min=0, max=100, metavar="PERCENT", help="Offer each contact for 20 s, and let so many offers be missed."
        ),
    ] = 0,
    vanished: Annotated[
        int, typer.Option(min=0, metavar="N", help="Let so many agents walk away at midday without a word.")
    ] = 0,
    through_http: Annotated[
        bool,
        typer.Option("--through-http", help="Drive the whole product as well, and compare every assignment; slower."),
    ] = False,
) -> None:
    """Replay recorded contacts through the engine and compare.

    The contacts arrive when they did, every agent on duty handles what the engine gives out for as long as was
    recorded, and customers who gave up give up after the same time, unless somebody is found before. It ends with the
    waits, the service level and the load of every agent, beside what the record itself achieved.

    \b
    Examples:
      assigner replay calls.csv.gz --strategy least_loaded
      assigner replay contacts.csv --agents agents.csv --organisation organisation.yaml --rules rules.yaml --svg day.svg
      assigner replay calls.csv.gz --missed 10 --vanished 2

    \b
    The record needs the columns
      contact_id, customer_id, arrived_at, service, priority, outcome, waited_s, handle_s, agent
    and may have channel, office, language and skills. The service is a skill that the agent must have. A bad line stops
    the replay before it starts, unless --skip-bad is given. sample_data/README.md explains every column.

    --missed and --vanished make it a bad day: contacts are offered, some offers are missed, and who walked away is
    taken for Offline after three minutes and gives everything back a minute later. It ends with the ten longest waits
    and what each of them was for.
    """
    from assigner.commands.replay_run import ReplayOptions, run

    if through_http and (missed or vanished):
        message = "the whole product is compared on days on which all goes well; leave out --missed and --vanished"
        raise typer.BadParameter(message, param_hint="--through-http")

    run(
        ReplayOptions(
            file=file,
            agents=agents,
            organisation=organisation,
            rules=rules,
            strategy=strategy,
            capacity=capacity,
            zone=zone,
            as_json=as_json,
            svg=svg,
            skip_bad=skip_bad,
            missed=missed,
            vanished=vanished,
            through_http=through_http,
        )
    )
