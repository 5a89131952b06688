"""Writing rules: the document as text, what lint has to say about it while it is written, and publishing it.

What somebody has written is never lost: where it is refused, the page comes back with the text, the note and why."""

import asyncio
from dataclasses import dataclass, replace
from functools import partial

from fastapi import Request, Response

from assigner.console.forms import DONE, do, field_of, fields_of, go_to, text_of
from assigner.console.frame import frame_of
from assigner.console.language import N_
from assigner.console.notices import Notice, say
from assigner.console.pages.rules import published_version
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service import rules
from assigner.service.actor import Permission
from assigner.service.rules import Draft, Published, errors_of, lint_here, read_draft
from presence.errors import NotFound, Refused
from rules.findings import Finding, RulesInvalid

router = pages()

LONGEST_NOTE = 1000
STARTER = """\
rules:
- name: spanish
  when: {field: language, equals: es}
  then: {queue: spanish}

queues:
  spanish:
    skills: [es]
    overflow:
    - {after: 120, to: everybody}
"""
"""What the editor begins with where there are no rules yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A document that somebody is writing. `version` is the one in force when it was begun, 0 before the first;
    `overtaken_by` is the one that somebody else has published meanwhile."""

    text: str
    version: int
    note: str = ""
    findings: tuple[Finding, ...] = ()
    overtaken_by: int | None = None

    @property
    def lines(self) -> list[str]:
        """The text by lines."""
        return self.text.splitlines()

    @property
    def errors(self) -> int:
        """How many of the findings refuse it."""
        return len(errors_of(self.findings))


@router.get("/rules/edit")
def editor(visit: Visiting, version: int | None = None) -> Response:
    """The document in force, or another version of it, to be changed."""
    visit.actor.need(Permission.RULES_MANAGE)
    with visit.reading() as workspace:
        text, in_force = workspace.rules_text, workspace.floor.rule_set_version
    if version is not None:
        text = need_text(visit, version)
    writing = Writing(text=text or STARTER, version=in_force)
    return _editor(visit, replace(writing, findings=_findings(visit, writing.text)))


@router.post("/rules/check")
async def check(request: Request, visit: Visiting) -> Response:
    """What lint has to say about a document: that alone to an editor that asks while somebody types, else the page."""
    visit.actor.need(Permission.RULES_MANAGE)
    writing = await _written(request)
    found = replace(writing, findings=await asyncio.to_thread(_findings, visit, writing.text))
    return await asyncio.to_thread(_editor, visit, found, only_findings="hx-request" in request.headers)


@router.post("/rules/publish")
async def publish(request: Request, visit: Visiting) -> Response:
    """Put a document in force. Where it is refused, or somebody else was quicker, it is there to be changed."""
    visit.actor.need(Permission.RULES_MANAGE)
    writing = await _written(request)
    try:
        draft = await asyncio.to_thread(read_draft, writing.text.encode())
        published = await visit.ask(_publish(visit, draft, writing))
    except RulesInvalid:
        found = replace(writing, findings=await asyncio.to_thread(_findings, visit, writing.text))
        return await asyncio.to_thread(_editor, visit, found, status_code=422)
    except Refused as refused:
        if refused.code != "precondition_failed":
            raise
        return await asyncio.to_thread(_overtaken, visit, writing)
    response = go_to("/rules")
    is_new = published.version != writing.version
    said = N_("The rules are in force.") if is_new else N_("Nothing is different from the rules in force.")
    say(response, Notice(code="", text=said))
    return response


@router.post("/rules/versions/{version}/restore")
async def restore(request: Request, visit: Visiting, version: int) -> Response:
    """Put an older version in force again, under a new number."""
    visit.actor.need(Permission.RULES_MANAGE)
    fields, note = await fields_of(request, ("back",)), await field_of(request, "note")
    text = await asyncio.to_thread(need_text, visit, version)
    draft = await asyncio.to_thread(read_draft, text.encode())
    because = (note or f"version {version} restored")[:LONGEST_NOTE]
    ask = partial(rules.publish, actor=visit.actor, draft=draft, note=because)
    return await do(visit, ask, back=fields["back"], done=replace(DONE, text=N_("The rules are in force.")))


def need_text(visit: Visit, version: int) -> str:
    """What a version says. Raises NotFound."""
    found = published_version(visit, version)
    if found is None:
        raise NotFound("not_found", f"version {version} was never published")
    return found.text


async def _written(request: Request) -> Writing:
    version, note = await field_of(request, "version") or "0", await field_of(request, "note") or ""
    text = await text_of(request, "text")
    return Writing(text=text, version=int(version) if version.isdecimal() else 0, note=note[:LONGEST_NOTE])


def _publish(visit: Visit, draft: Draft, writing: Writing) -> partial[Published]:
    note = writing.note or None
    return partial(rules.publish, actor=visit.actor, draft=draft, note=note, expected=writing.version)


def _overtaken(visit: Visit, writing: Writing) -> Response:
    with visit.reading() as workspace:
        in_force = workspace.floor.rule_set_version
    findings = _findings(visit, writing.text)
    return _editor(visit, replace(writing, version=in_force, overtaken_by=in_force, findings=findings), status_code=409)


def _findings(visit: Visit, text: str) -> tuple[Finding, ...]:
    try:
        draft = read_draft(text.encode())
    except RulesInvalid as refused:
        return refused.findings
    with visit.reading() as workspace:
        return lint_here(workspace, draft.parsed)


def _editor(visit: Visit, writing: Writing, *, status_code: int = 200, only_findings: bool = False) -> Response:
    with visit.reading() as workspace:
        frame = frame_of(visit, workspace)
    template = "rules/findings.html" if only_findings else "rule_text.html"
    return frame.page(template, status_code=status_code, writing=writing)
