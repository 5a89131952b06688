"""What the console says, in English, German and Spanish: catalogs that are read from `locale/*.po` as they are.

English is the language of the templates. A test compares the catalogs with what templates and modules say."""

import gettext
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from presence.errors import Refused
from presence.model import Status, StatusReason
from presence.wording import Say, said


def N_(message: str) -> str:  # noqa: N802 - the name by which catalogs are made of what is said
    """Marks a message that is translated where it is shown."""
    return message


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalog of a language; of English, the messages themselves."""
    if language == "en":
        return gettext.NullTranslations()
    source = files("assigner.console") / "locale" / f"{language}.po"
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


REASONS: dict[StatusReason, str] = {
    StatusReason.CHOSEN: N_("chosen"),
    StatusReason.SIGNED_IN: N_("since signing in"),
    StatusReason.SIGNED_OUT: N_("signed out"),
    StatusReason.REVOKED: N_("access was withdrawn"),
    StatusReason.EXPIRED: N_("the session ran out"),
    StatusReason.IDLE: N_("no input"),
    StatusReason.LOST: N_("connection lost"),
    StatusReason.RETURNED: N_("active again"),
    StatusReason.OFFICE: N_("switched at an office"),
    StatusReason.MISSED_OFFERS: N_("missed offers"),
}
"""Why somebody has a status, beside the status."""

STATUSES: tuple[Status, ...] = tuple(Status)

REFUSALS: dict[str, str] = {
    "signed_out": N_("You are not signed in, or email or password is wrong."),
    "forbidden": N_("You may not do this; ask an administrator."),
    "not_found": N_("This does not exist, or exists no more."),
    "already_assigned": N_("Somebody else has this contact already."),
    "no_offer": N_("This offer is over; nothing was changed."),
    "already_closed": N_("This contact has ended already; nothing was changed."),
    "takes_no_contacts": N_("This agent takes no contacts; choose another agent."),
    "status_not_selectable": N_("This status cannot be chosen."),
    "locked_by_administrator": N_(
        "An administrator switched you off for this office, and only an administrator can undo it."
    ),
    "precondition_failed": N_("Somebody changed this meanwhile. What stands now is shown; look at it and save again."),
    "offline_not_after_away": N_("Offline must come later than Away, because both are counted from the last input."),
    "store_unavailable": N_("The database cannot be written now; nothing was changed. Try again in a moment."),
}
"""What people are told of a refusal, by its code; of any other, they are told its own sentence."""


def told(refused: Refused, say: Say) -> str:
    """A refusal as it is said to people: by its code, else its own sentence, in another language if it knows its
    wording."""
    return say(REFUSALS[refused.code]) if refused.code in REFUSALS else said(refused.message, say)
