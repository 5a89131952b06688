"""The settings as a whole, and the presence policy: when a status changes by itself (R33 to R36, R44), and what people
may choose. Nothing takes effect before it is saved."""

from typing import Any

from fastapi import Request, Response

from assigner.console.filled import Filled, filled_in, period, ticked
from assigner.console.forms import do, go_to, save
from assigner.console.frame import Frame, frame_of
from assigner.console.language import N_
from assigner.console.navigation import SETTINGS, places_for
from assigner.console.notices import Notice
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service.actor import Permission
from assigner.service.settings import presence_document, save_presence
from assigner.service.unit import Unit
from presence.errors import Invalid, Refused
from presence.wording import sentence

router = pages()

PAGE, NEEDED = "/settings/presence", Permission.PRESENCE_MANAGE
SAVED = Notice(code="", text=N_("Saved. It is in force for everybody now."))
NO_PRESET = "none"

PRODUCTS: dict[str, tuple[str, str]] = {
    NO_PRESET: ("", N_("None of them: what is set above, and our own words.")),
    "respond_io": ("respond.io", N_("Online and Busy. Offline after 10 minutes without input; 1 to 60 can be set.")),
    "1980tic": ("1980TIC Cloud", N_("Online and Away. Offline after 10 minutes without input; 1 to 60 can be set.")),
    "emplifi_care": ("Emplifi Care", N_("Online and Away. No status changes by itself until you set it so.")),
    "ocelot": (
        "Ocelot",
        N_("Available and Away. Away after 60 minutes without input; who signs in or comes back switches by hand."),
    ),
}
"""What each preset is called, and what it sets, in a sentence."""


@router.get("/settings")
def settings(visit: Visiting) -> Response:
    """On to the first page of the settings that the visitor may see."""
    return go_to(places_for(visit.actor, SETTINGS)[0].path)


@router.get(PAGE)
def presence_page(visit: Visiting) -> Response:
    """The presence policy in force."""
    visit.actor.need(NEEDED)
    frame, document = _read(visit)
    return _page(frame, document, _filled(document))


@router.post(PAGE)
async def save_policy(request: Request, visit: Visiting) -> Response:
    """Another policy comes into force, for everybody at once (R35)."""
    visit.actor.need(NEEDED)
    filled = await filled_in(request)
    frame, there = _read(visit)

    def ask(unit: Unit) -> object:
        asked = {"preset": there["preset"], **_asked(filled)}
        return save_presence(unit, visit.actor, asked, expected=filled.whole("version"))

    def again(refused: Refused) -> Response:
        return frame.again("settings/presence.html", refused, filled=filled, **_beside(there))

    return await save(visit, ask, back=PAGE, done=SAVED, again=again)


@router.post("/settings/preset")
async def choose_preset(request: Request, visit: Visiting) -> Response:
    """Behave like a product; or like none any more, and all else stays as it is set."""
    name = (await filled_in(request)).text("preset")

    def ask(unit: Unit) -> object:
        asked: dict[str, Any] = {"preset": name}
        if name == NO_PRESET:
            asked = {**presence_document(unit.workspace), "preset": None}
        return save_presence(unit, visit.actor, asked)

    return await do(visit, ask, back=PAGE, done=SAVED)


def _read(visit: Visit) -> tuple[Frame, dict[str, Any]]:
    with visit.reading() as workspace:
        return frame_of(visit, workspace), presence_document(workspace)


def _page(frame: Frame, document: dict[str, Any], filled: Filled) -> Response:
    return frame.page("settings/presence.html", filled=filled, **_beside(document))


def _beside(document: dict[str, Any]) -> dict[str, Any]:
    """What stands on the page beside the fields of the form."""
    return {"products": PRODUCTS, "preset": document["preset"] or NO_PRESET}


def _filled(document: dict[str, Any]) -> Filled:
    away, offline = document["away_after"], document["offline_after"]
    fields = {
        "version": (str(document["version"]),),
        "automated": ticked(away is not None or offline is not None),
        "with_offline": ticked(offline is not None),
        "selectable": tuple(document["selectable"]),
        "on_sign_in": (document["on_sign_in"],),
        "on_return": (document["on_return"],),
        "lock_office_away": ticked(document["lock_office_away"]),
    }
    for name in ("away_after", "offline_after", "lease_after"):
        fields |= period(name, document[name])
    return Filled(fields=fields)


def _asked(filled: Filled) -> dict[str, Any]:
    """The settings document that the form asks for; what the toggle or the plus hides counts as not set (R34, R36)."""
    away = filled.seconds("away_after") if filled.has("automated") else None
    offline = filled.seconds("offline_after") if filled.has("automated") and filled.has("with_offline") else None
    if filled.has("automated") and away is None and offline is None:
        message = sentence("the automated status switch is on, but has no period; set one, or turn it off")
        raise Invalid("no_period", message, field="away_after")
    return {
        "away_after": away,
        "offline_after": offline,
        "lease_after": filled.seconds("lease_after"),
        "selectable": ["online", *filled.many("selectable")],
        "on_sign_in": filled.text("on_sign_in"),
        "on_return": filled.text("on_return"),
        "lock_office_away": filled.has("lock_office_away"),
    }
