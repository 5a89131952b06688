"""What stands around every page: who is signed in and with which status, where one can go, language and light.

`frame_of` takes it from the workspace while a page reads there; `Frame.page` and `Frame.part` make HTML of it and of
what the page has read, when nobody is kept waiting any more."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.filters import do_mark_safe

from assigner.console.assets import asset
from assigner.console.delivery_words import why_not_taken
from assigner.console.filled import UNITS, Filled
from assigner.console.language import REASONS, REFUSALS, translations
from assigner.console.looks import LIGHTS, NAMES, Looks
from assigner.console.navigation import SETTINGS, Place, places_for
from assigner.console.notices import Notice, notice_of, of_refusal, taken
from assigner.console.report_words import GROUPS, REPORTS
from assigner.console.rule_words import FINDINGS, IS_MISSING, OPERATORS, STRATEGY_SENTENCES, TAKES, duration, weekdays
from assigner.console.visit import Visit
from assigner.console.words import AGAINST, ALARMS, FATES, PERMISSIONS, RETURNS, ROLE_NAMES, STATES, STRATEGIES
from assigner.service.presence_rows import PresenceRow, presence_row
from assigner.service.workspace import Workspace
from presence.errors import Refused
from presence.labels import label, sentence
from presence.model import Status, StatusReason
from presence.wording import said

SWAPPED_IN = do_mark_safe(' hx-swap-oob="outerMorph"')
"""What the root of a part says in the stream: take the place of the element with this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The surroundings of one page, or of a part of it that is sent later. `change_no` is the last change that it has
    seen."""

    visit: Visit
    own: PresenceRow
    role: str
    preset: str | None
    selectable: tuple[Status, ...]
    change_no: int
    now: datetime
    notice: Notice | None = None

    @property
    def looks(self) -> Looks:
        """Language and light."""
        return self.visit.looks

    @property
    def path(self) -> str:
        """The page that the visitor looks at, to come back to after a form; of a stream, the page that opened it."""
        request = self.visit.request
        shown = (
            urlsplit(request.headers.get("hx-current-url", "")) if request.url.path.endswith("/live") else request.url
        )
        return shown.path + (f"?{shown.query}" if shown.query else "")

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the visitor may go."""
        return places_for(self.visit.actor)

    @property
    def settings(self) -> tuple[Place, ...]:
        """Which pages of the settings the visitor may see."""
        return places_for(self.visit.actor, SETTINGS)

    def label(self, status: str) -> str:
        """What a status is called here."""
        return label(Status(status), language=self.looks.language, preset=self.preset)

    def sentence(self, status: str) -> str:
        """What a status means here."""
        return sentence(Status(status), language=self.looks.language, preset=self.preset)

    def reason(self, reason: str) -> str:
        """Why somebody has a status, in words."""
        return translations(self.looks.language).gettext(REASONS[StatusReason(reason)])

    def page(self, template: str, *, status_code: int = 200, **values: Any) -> Response:
        """A whole page."""
        text = _render(self.looks.language, template, {"frame": self, "looks": self.looks, "live": "", **values})
        response = HTMLResponse(text, status_code)
        if self.notice is not None:
            taken(response)
        return response

    def again(self, template: str, refused: Refused, *, filled: Filled, **values: Any) -> Response:
        """A page whose form was refused: it says why, at the field where there is one, and shows what was filled in."""
        filled = filled.refused(refused, translations(self.looks.language).gettext)
        told = replace(self, notice=of_refusal(refused, self.looks.language))
        return told.page(template, status_code=422, filled=filled, **values)

    def part(self, template: str, **values: Any) -> str:
        """A part of a page for the live stream: its elements replace those with the same ids."""
        return _render(
            self.looks.language,
            template,
            {"frame": self, "looks": self.looks, "live": SWAPPED_IN, **values},
        )


def frame_of(visit: Visit, workspace: Workspace) -> Frame:
    """What surrounds a page that is read from this workspace now. Raises NotFound where the visitor is an agent no
    more."""
    now = visit.now
    return Frame(
        visit=visit,
        own=presence_row(workspace, visit.agent_id, now=now),
        role=workspace.agent(visit.agent_id).role,
        preset=workspace.policy.preset,
        selectable=workspace.policy.selectable,
        change_no=workspace.board.change_no,
        now=now,
        notice=notice_of(visit.request),
    )


def outside_page(looks: Looks, template: str, *, status_code: int = 200, **values: Any) -> Response:
    """A page for somebody who is not signed in, or about whom nothing could be found out."""
    text = _render(looks.language, template, {"frame": None, "looks": looks, "live": "", **values})
    return HTMLResponse(text, status_code)


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()


def anchor(name: str) -> str:
    """A name as a part of an element's id, another one for each name: ids of agents may be any text."""
    return "".join(each if each.isascii() and each.isalnum() else f"_{ord(each):x}_" for each in name)


def _render(language: str, template: str, values: Mapping[str, Any]) -> str:
    return environment(language).get_template(template).render(values)


@cache
def environment(language: str) -> Environment:
    """The templates in one language."""
    made = Environment(
        loader=PackageLoader("assigner.console"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {"asset": asset, "language_names": NAMES, "lights": LIGHTS, "refusals": REFUSALS, "units": UNITS}
    made.globals |= {
        "states": STATES,
        "against": AGAINST,
        "alarms": ALARMS,
        "strategies": STRATEGIES,
        "returns": RETURNS,
    }
    made.globals |= {"operators": OPERATORS, "is_missing": IS_MISSING, "takes": TAKES, "finding_titles": FINDINGS}
    made.globals |= {"strategy_sentences": STRATEGY_SENTENCES}
    made.globals |= {"reports": REPORTS, "report_groups": GROUPS}
    made.filters |= {"duration": duration, "weekdays": weekdays}
    made.filters["why_not_taken"] = partial(why_not_taken, language=language)
    made.filters["said"] = partial(said, say=translations(language).gettext)
    made.globals |= {"fates": FATES, "role_names": ROLE_NAMES, "permission_groups": PERMISSIONS}
    made.filters |= {"initials": initials, "anchor": anchor}
    return made
