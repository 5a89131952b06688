"""The sample day: how `sample_data/contacts.csv` and `agents.csv` are made, from a seed and the sample organisation.

A Monday of a holiday home agency, as it went before it had this product: every office for itself, each contact to the
first of the office who has a free place. Write the files anew with `python -m assigner.simulator.sample_day`."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import exp, log
from random import Random
from statistics import NormalDist
from typing import TypeVar
from zoneinfo import ZoneInfo

from assigner.samples import sample_file
from assigner.simulator.duty import Stretch, in_order
from assigner.simulator.duty_file import CAN
from assigner.simulator.ledger import Span
from assigner.simulator.record import REQUIRED, UNKNOWN_CUSTOMER
from presence.model import Status
from rules.organisation import Agent, Organisation
from rules.parse import parse_organisation

SEED = 20260105
DAY = date(2026, 1, 5)
ZONE = ZoneInfo("Europe/Madrid")
DAY_BEGINS = datetime.combine(DAY, time.min, ZONE)
NEVER = DAY_BEGINS + timedelta(days=365)
CONTACTS = 720

PER_HOUR = {8: 2, 9: 7, 10: 11, 11: 12, 12: 10, 13: 7, 14: 4, 15: 5, 16: 9, 17: 10, 18: 7, 19: 4}
"""How busy each hour of Madrid is, compared with the others: people write before lunch and after it."""

SERVICES = {"": 55, "billing": 25, "tech": 20}
LANGUAGES = {"es": 55, "pt": 30, "en": 15}
CHANNELS = {"chat": 70, "voice": 15, "email": 15}
"""Percent of all contacts. Those without a service ask for anything else."""

HOME = {"es": {"madrid": 2, "sevilla": 1}, "pt": {"lisbon": 1}, "en": {"lisbon": 1, "madrid": 1}}
"""Which offices customers of a language turn to, and how often."""

HANDLING_MINUTES = {"": 17, "billing": 22, "tech": 27}
"""The median of each service; an agent handles several at once."""

NAMES_AN_OFFICE = 0.6
KNOWN_CUSTOMER = 0.9
URGENT = 0.05
PATIENCE_MINUTES = 6
HANDLING_SPREAD = 0.6
CUSTOMERS = 460
PLACES = 4
"""How many contacts an agent handles at once who has no capacity of the own."""

Choice = TypeVar("Choice")

SHIFTS: dict[str, tuple[str, ...]] = {
    "ana": ("09:00-14:00", "15:00-19:00", "busy 11:00-11:20"),
    "bruno": ("09:00-14:00", "15:00-18:00", "busy 10:30-10:45"),
    "carla": ("09:00-14:00", "15:00-19:00", "busy 12:00-12:20", "busy 16:30-16:45"),
    "diego": ("10:00-14:00", "15:00-19:00", "away sevilla 10:00-12:30", "busy 17:00-17:15"),
    "elena": ("09:00-14:00", "busy 11:30-11:45"),
    "fatima": ("08:30-14:30", "17:00-20:00", "busy 10:00-10:20"),
    "gonzalo": ("08:00-14:00", "busy 11:15-11:35"),
    "helena": ("08:30-14:30", "17:00-20:00", "busy 12:30-12:45"),
    "ivan": ("10:00-14:30", "17:00-20:00"),
    "joana": ("10:00-19:00", "busy 14:00-14:45"),
    "luis": ("10:00-18:00", "busy 13:15-14:00"),
    "marta": ("11:00-19:00", "away 12:30-12:50", "busy 15:00-15:45"),
    "nuno": ("10:00-15:00", "16:00-19:00", "busy 11:45-12:00"),
}
"""Duty and breaks of every agent on the clocks of Madrid, which are an hour ahead of Lisbon's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDay:
    """The texts of the two files."""

    contacts: str
    agents: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A customer who turns to an office, waits at most for `patience` and takes an agent for `handling`."""

    arrived_at: datetime
    customer_id: str
    office: str
    names_office: bool
    language: str
    service: str
    channel: str
    priority: str
    patience: timedelta
    handling: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a request: an agent after some time, or nobody and the customer gave up."""

    agent: str
    waited: timedelta


def sample_day(organisation: Organisation) -> SampleDay:
    """Make the day. The same organisation and seed give the same bytes, on every machine and Python."""
    stretches = in_order(_stretch(agent_id, words) for agent_id, shifts in SHIFTS.items() for words in shifts)
    requests = _requests(Random(SEED))
    answers = _answers(requests, organisation, stretches)
    contact_rows = (_contact_row(number, *each) for number, each in enumerate(zip(requests, answers, strict=True), 1))
    return SampleDay(
        contacts=_csv((*REQUIRED, "channel", "office", "language"), contact_rows),
        agents=_csv(("agent", "from", "to", "status", *CAN), _agent_rows(stretches, organisation)),
    )


def _requests(random: Random) -> list[Request]:
    """Everybody who turns to the agency on that day, in order of arrival.

    Only `random()` is drawn from, because Python promises to keep nothing else of a seeded generator the same."""
    arrivals = sorted(3600 * _drawn(random, PER_HOUR) + int(3600 * random.random()) for _ in range(CONTACTS))
    return [_request(random, DAY_BEGINS + timedelta(seconds=second)) for second in arrivals]


def _request(random: Random, arrived_at: datetime) -> Request:
    language, service = _drawn(random, LANGUAGES), _drawn(random, SERVICES)
    minutes = HANDLING_MINUTES[service]
    return Request(
        arrived_at=arrived_at,
        customer_id=f"c{int(CUSTOMERS * random.random()) + 1}"
        if random.random() < KNOWN_CUSTOMER
        else UNKNOWN_CUSTOMER,
        office=_drawn(random, HOME[language]),
        names_office=random.random() < NAMES_AN_OFFICE,
        language=language,
        service=service,
        channel=_drawn(random, CHANNELS),
        priority="10" if random.random() < URGENT else "",
        patience=_seconds(-60 * PATIENCE_MINUTES * log(1 - random.random())),
        handling=_seconds(60 * minutes * exp(HANDLING_SPREAD * NormalDist().inv_cdf(random.random() or 0.5))),
    )


def _answers(requests: Iterable[Request], organisation: Organisation, stretches: Iterable[Stretch]) -> Iterator[Answer]:
    """The old days: whoever of the office knows the matter and has a free place first, if patience lasts until then."""
    there = _time_there(stretches)
    places = [
        (agent, place)
        for agent in organisation.agents.values()
        if agent.id in SHIFTS
        for place in range(agent.capacity.total if agent.capacity and agent.capacity.total else PLACES)
    ]
    free_since = dict.fromkeys(((agent.id, place) for agent, place in places), DAY_BEGINS)
    for request in requests:
        offers = [
            (begin, free_since[agent.id, place], agent.id, place)
            for agent, place in places
            if request.office in agent.offices and _knows(agent, request)
            for begin in _begins(there[agent.id], max(request.arrived_at, free_since[agent.id, place]))
        ]
        begin, _, agent_id, place = min(offers, default=(NEVER, NEVER, "", 0))
        if begin - request.arrived_at > request.patience:
            yield Answer(agent="", waited=request.patience)
        else:
            free_since[agent_id, place] = begin + request.handling
            yield Answer(agent=agent_id, waited=begin - request.arrived_at)


def _knows(agent: Agent, request: Request) -> bool:
    return request.language in agent.skills and (not request.service or request.service in agent.skills)


def _begins(there: Iterable[Span], earliest: datetime) -> Iterator[datetime]:
    """The first instant from `earliest` on at which somebody is there, if any."""
    return (max(start, earliest) for start, end in there if earliest < end)


def _time_there(stretches: Iterable[Stretch]) -> dict[str, list[Span]]:
    """When each agent is there and has no break."""
    there: dict[str, list[Span]] = defaultdict(list)
    for stretch in stretches:
        if stretch.status is Status.ONLINE:
            there[stretch.agent_id].append((stretch.start, stretch.end))
        elif not stretch.offices:
            there[stretch.agent_id] = [
                part
                for start, end in there[stretch.agent_id]
                for part in ((start, min(end, stretch.start)), (max(start, stretch.end), end))
                if part[0] < part[1]
            ]
    return there


def _stretch(agent_id: str, words: str) -> Stretch:
    """A shift such as "09:00-14:00", "busy 11:00-11:20" or "away sevilla 10:00-12:30"."""
    *status, hours = words.split()
    start, end = (datetime.combine(DAY, time.fromisoformat(hour), ZONE) for hour in hours.split("-"))
    word = status[0] if status else Status.ONLINE
    return Stretch(agent_id=agent_id, start=start, end=end, status=Status(word), offices=tuple(status[1:]))


def _contact_row(number: int, request: Request, answer: Answer) -> tuple[str, ...]:
    return (
        f"k{number:03}",
        request.customer_id,
        request.arrived_at.isoformat(),
        request.service,
        request.priority,
        "answered" if answer.agent else "abandoned",
        f"{answer.waited.total_seconds():.0f}",
        f"{request.handling.total_seconds():.0f}" if answer.agent else "",
        answer.agent,
        request.channel,
        request.office if request.names_office else "",
        request.language,
    )


def _agent_rows(stretches: Iterable[Stretch], organisation: Organisation) -> Iterator[tuple[str, ...]]:
    """One row for each stretch; what an agent can do stands on the first one."""
    seen: set[str] = set()
    for stretch in stretches:
        agent = organisation.agents[stretch.agent_id]
        can = ("", " ".join(stretch.offices), "")
        if agent.id not in seen:
            seen.add(agent.id)
            skills = " ".join(f"{skill}:{level}" for skill, level in agent.skills.items())
            total = agent.capacity.total if agent.capacity else None
            can = (skills, " ".join(agent.offices), "" if total is None else str(total))
        yield agent.id, stretch.start.isoformat(), stretch.end.isoformat(), stretch.status.value, *can


def _drawn(random: Random, weights: Mapping[Choice, int]) -> Choice:
    """One of the choices, each as often as its weight says."""
    cards = [choice for choice, weight in weights.items() for _ in range(weight)]
    return cards[int(len(cards) * random.random())]


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=max(1, round(number)))


def _csv(columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    table.writerows(rows)
    return text.getvalue()


def main() -> None:
    """Write the files into `sample_data/`, where the organisation is read from."""
    organisation = parse_organisation(sample_file("organisation.yaml").read_bytes(), source="organisation.yaml")
    day = sample_day(organisation)
    sample_file("contacts.csv").write_text(day.contacts, encoding="utf-8")
    sample_file("agents.csv").write_text(day.agents, encoding="utf-8")


if __name__ == "__main__":
    main()
