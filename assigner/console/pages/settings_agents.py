"""The agents in the settings: the list of users, with the status of each (R3), live; and one agent, made, changed,
deactivated or deleted by who may manage agents."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response

from assigner.console.doors import Doors
from assigner.console.filled import Filled, filled_in, ticked
from assigner.console.forms import do, save
from assigner.console.frame import Frame, frame_of
from assigner.console.language import N_
from assigner.console.live import Batch, Shown, live
from assigner.console.notices import Notice
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service import agents, passwords
from assigner.service.actor import Permission
from assigner.service.presence_rows import PresenceRow, presence_row
from assigner.service.roles import roles_of
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from presence.errors import Invalid, Refused
from presence.wording import sentence

router = pages()

LIST, ONE = "/settings/agents", "/settings/agents/one"
SAVED, GONE = Notice(code="", text=N_("The agent is saved.")), Notice(code="", text=N_("The agent is deleted."))
NEW_PASSWORD = Notice(code="", text=N_("The new password counts from now on."))
WITHOUT_ID = sentence("an agent needs an id, which stays for good; give one such as ana")
AS_THE_ROLE = "as_the_role"
NUMBERED = re.compile(r"(?P<name>.+?)(?:[\s:=]+(?P<number>\d{1,9}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the list."""

    row: PresenceRow
    role: str
    email: str | None
    active: bool
    offices: tuple[str, ...]
    skills: str


@router.get(LIST)
def agents_page(visit: Visiting) -> Response:
    """Everybody, by name."""
    visit.actor.need(Permission.PRESENCE_READ)
    with visit.reading() as workspace:
        frame = frame_of(visit, workspace)
        listed = [_listed(visit, workspace, agent_id) for agent_id in workspace.agents]
    return frame.page("settings/agents.html", listed=sorted(listed, key=lambda each: each.row.name.casefold()))


@router.get(f"{LIST}/live")
async def agents_live(visit: Visiting) -> Response:
    """The lines that have changed."""
    visit.actor.need(Permission.PRESENCE_READ)
    return live(visit, _changed)


@router.get(ONE)
def agent_page(visit: Visiting, id: str = "") -> Response:  # noqa: A002 - as the address says it
    """One agent to change; without an id, a new one."""
    visit.actor.need(Permission.AGENTS_MANAGE)
    with visit.reading() as workspace:
        frame, beside = frame_of(visit, workspace), _beside(workspace, id)
        filled = _filled(agents.agent_document(workspace, id)) if id else _new()
    return frame.page("settings/agent.html", filled=filled, **beside)


@router.post(ONE)
async def save_agent(request: Request, visit: Visiting, id: str = "") -> Response:  # noqa: A002
    """An agent comes to be, or becomes another."""
    visit.actor.need(Permission.AGENTS_MANAGE)
    filled = await filled_in(request)
    with visit.reading() as workspace:
        frame, beside = frame_of(visit, workspace), _beside(workspace, id)

    def ask(unit: Unit) -> object:
        agent_id = id or filled.needed("id", WITHOUT_ID)
        return agents.put_agent(unit, visit.actor, agent_id, _asked(filled), expected=filled.whole("version"))

    def again(refused: Refused) -> Response:
        return frame.again("settings/agent.html", refused, filled=filled, **beside)

    return await save(visit, ask, back=LIST, done=SAVED, again=again)


@router.post(f"{ONE}/password")
async def set_password(request: Request, visit: Visiting, id: str) -> Response:  # noqa: A002
    """The agent signs in with another password from now on."""
    password = "".join((await filled_in(request)).many("password"))
    agents.need_own_or_manage(visit.actor, id)
    agents.check_password(password)
    password_hash = await passwords.hashed(password)
    ask = partial(agents.set_password, actor=visit.actor, agent_id=id, password_hash=password_hash)
    return await do(visit, ask, back=_address(id), done=NEW_PASSWORD)


@router.post(f"{ONE}/invitation")
async def invite(request: Request, visit: Visiting, id: str) -> Response:  # noqa: A002
    """A link with which the agent chooses a password. The answer is the page itself, for the link is in no other."""
    doors: Doors = request.app.state.doors
    visit.actor.need(Permission.AGENTS_MANAGE)
    refused, link = None, ""
    try:
        link = await doors.invite(request, visit.actor, id)
    except Refused as why:
        visit.note(why)
        refused = why
    with visit.reading() as workspace:
        frame, beside = frame_of(visit, workspace), _beside(workspace, id) | {"link": link}
        filled = _filled(agents.agent_document(workspace, id))
    if refused is not None:
        return frame.again("settings/agent.html", refused, filled=filled, **beside)
    return frame.page("settings/agent.html", filled=filled, **beside)


@router.post(f"{ONE}/delete")
async def delete_agent(request: Request, visit: Visiting, id: str) -> Response:  # noqa: A002
    """The agent is gone; whose contacts are to wait again, that is said."""
    filled = await filled_in(request)
    ask = partial(agents.delete_agent, actor=visit.actor, agent_id=id, reassign=filled.has("reassign"))

    def again(refused: Refused) -> Response:
        with visit.reading() as workspace:
            frame, beside = frame_of(visit, workspace), _beside(workspace, id)
            filled = _filled(agents.agent_document(workspace, id))
        return frame.again("settings/agent.html", refused, filled=filled, **beside)

    return await save(visit, ask, back=LIST, done=GONE, again=again)


def _address(agent_id: str) -> str:
    return f"{ONE}?id={quote(agent_id, safe='')}"


def _listed(visit: Visit, workspace: Workspace, agent_id: str) -> Listed:
    agent, names = workspace.agent(agent_id).seat.agent, workspace.floor.offices
    return Listed(
        row=presence_row(workspace, agent_id, now=visit.now),
        role=workspace.agent(agent_id).role,
        email=workspace.agent(agent_id).email,
        active=agent.active,
        offices=tuple(names[office].name or office if office in names else office for office in agent.offices),
        skills=_numbers(agent.skills, unless=1),
    )


def _changed(visit: Visit, workspace: Workspace, batch: Batch) -> Shown | None:
    if batch.everything:
        changed = set(workspace.agents)
    else:
        changed = {entry.subject for entry in batch.about("agent.")} & workspace.agents.keys()
    listed = [_listed(visit, workspace, agent_id) for agent_id in changed]
    return partial(_rows, listed=listed) if listed else None


def _rows(frame: Frame, *, listed: list[Listed]) -> str:
    return frame.part("settings/agents_changed.html", listed=listed)


def _beside(workspace: Workspace, agent_id: str) -> dict[str, Any]:
    """What stands on the page beside the fields. Raises NotFound."""
    name = workspace.agent(agent_id).seat.agent.name or agent_id if agent_id else ""
    offices = [(each.id, each.name or each.id) for each in workspace.floor.offices.values()]
    return {"agent_id": agent_id, "name": name, "offices": offices, "roles": roles_of(workspace), "link": ""}


def _new() -> Filled:
    fields = {"role": ("agent",), "takes_contacts": (AS_THE_ROLE,), "active": ticked(True), "version": ("0",)}
    return Filled(fields=fields)


def _filled(document: dict[str, Any]) -> Filled:
    capacity = document["capacity"]
    channels = capacity["channels"] if isinstance(capacity, dict) else {}
    total = capacity["total"] if isinstance(capacity, dict) else capacity
    fields = {
        "name": (document["name"],),
        "email": (document["email"] or "",),
        "role": (document["role"],),
        "takes_contacts": ("yes" if document["takes_contacts"] else "no",),
        "active": ticked(document["active"]),
        "offices": tuple(document["offices"]),
        "skills": (_numbers(document["skills"]),),
        "capacity.total": ("" if total is None else str(total),),
        "capacity.channels": (_numbers(channels),),
        "weight": (str(document["weight"]),),
        "wrap_up": ("" if document["wrap_up"] is None else str(document["wrap_up"]),),
        "version": (str(document["version"]),),
    }
    return Filled(fields=fields)


def _asked(filled: Filled) -> dict[str, Any]:
    """The document of the agent that the form asks for."""
    total, channels = filled.whole("capacity.total"), _read_numbers(filled, "capacity.channels", unless=None)
    weight, takes = filled.whole("weight"), filled.text("takes_contacts")
    return {
        "name": filled.text("name") or None,
        "email": filled.text("email") or None,
        "role": filled.text("role"),
        "takes_contacts": None if takes == AS_THE_ROLE else takes == "yes",
        "active": filled.has("active"),
        "offices": list(filled.many("offices")),
        "skills": _read_numbers(filled, "skills", unless=1),
        "capacity": {"total": total, "channels": channels} if channels else total,
        "weight": 1 if weight is None else weight,
        "wrap_up": filled.whole("wrap_up"),
    }


def _numbers(numbers: Any, *, unless: int | None = None) -> str:
    """Names with numbers as people write them: `es 3, en`."""
    return ", ".join(name if number == unless else f"{name} {number}" for name, number in numbers.items())


def _read_numbers(filled: Filled, name: str, *, unless: int | None) -> dict[str, int]:
    """The names with numbers in a field; `unless` is the number that need not be written. Raises Invalid."""
    found: dict[str, int] = {}
    for part in filter(None, (each.strip() for each in filled.text(name).split(","))):
        match = NUMBERED.fullmatch(part)
        if match is None or (match["number"] is None and unless is None):
            example = "es 3, en" if unless is not None else "chat 3, email 10"
            message = sentence("“%(part)s” cannot be read; write it as in: %(example)s", part=part, example=example)
            raise Invalid("invalid", message, field=name)
        found[match["name"]] = unless if match["number"] is None and unless is not None else int(match["number"])
    return found
