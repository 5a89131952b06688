"""What the statuses are called, and what each one means, in English, German and Spanish (R9, R22, R56).

The meaning of a status is one everywhere; the words follow the product that a preset stands for."""

from collections.abc import Mapping
from types import MappingProxyType

from presence.errors import Invalid
from presence.model import Status

LANGUAGES = ("en", "de", "es")

Wording = Mapping[tuple[str, Status], str]
"""By language and status."""

LABELS: Wording = MappingProxyType(
    {
        ("en", Status.ONLINE): "Online",
        ("en", Status.BUSY): "Busy",
        ("en", Status.AWAY): "Away",
        ("en", Status.OFFLINE): "Offline",
        ("de", Status.ONLINE): "Online",
        ("de", Status.BUSY): "Besetzt",
        ("de", Status.AWAY): "Abwesend",
        ("de", Status.OFFLINE): "Offline",
        ("es", Status.ONLINE): "En línea",
        ("es", Status.BUSY): "Ocupado",
        ("es", Status.AWAY): "Ausente",
        ("es", Status.OFFLINE): "Desconectado",
    }
)

PRESET_LABELS: Mapping[str, Wording] = MappingProxyType(
    {
        "ocelot": MappingProxyType(
            {
                ("en", Status.ONLINE): "Available",
                ("de", Status.ONLINE): "Verfügbar",
                ("es", Status.ONLINE): "Disponible",
            }
        ),
    }
)
"""Where a product calls a status by another name than the rest."""

SENTENCES: Wording = MappingProxyType(
    {
        ("en", Status.ONLINE): "You are available to answer messages, and contacts are assigned to you automatically.",
        ("en", Status.BUSY): "You can go on working, but no contacts are assigned to you automatically.",
        ("en", Status.AWAY): "You are away for a while, and no contacts are assigned to you automatically.",
        ("en", Status.OFFLINE): "You are signed out or were inactive for too long; nobody can choose this status.",
        ("de", Status.ONLINE): "Sie können Nachrichten beantworten und bekommen Kontakte automatisch zugewiesen.",
        ("de", Status.BUSY): "Sie können weiterarbeiten, bekommen aber keine Kontakte automatisch zugewiesen.",
        ("de", Status.AWAY): "Sie sind eine Weile nicht da und bekommen keine Kontakte automatisch zugewiesen.",
        ("de", Status.OFFLINE): "Sie sind abgemeldet oder waren zu lange untätig; dieser Status ist nicht wählbar.",
        ("es", Status.ONLINE): "Está disponible para responder mensajes y se le asignan contactos automáticamente.",
        ("es", Status.BUSY): "Puede seguir trabajando, pero no se le asignan contactos automáticamente.",
        ("es", Status.AWAY): "Está ausente por un momento y no se le asignan contactos automáticamente.",
        ("es", Status.OFFLINE): "Ha cerrado la sesión o estuvo inactivo demasiado tiempo; no se puede elegir.",
    }
)

PRESET_SENTENCES: Mapping[str, Wording] = MappingProxyType(
    {
        "ocelot": MappingProxyType(
            {
                ("en", Status.ONLINE): "Contacts of the offices you are switched on for are assigned to you.",
                ("en", Status.AWAY): "No contacts are assigned to you until you switch back to Available yourself.",
                ("de", Status.ONLINE): "Sie bekommen Kontakte der Standorte, für die Sie eingeschaltet sind.",
                ("de", Status.AWAY): "Sie bekommen keine Kontakte, bis Sie sich selbst wieder auf Verfügbar stellen.",
                ("es", Status.ONLINE): "Se le asignan contactos de las oficinas para las que está activado.",
                ("es", Status.AWAY): "No se le asignan contactos hasta que vuelva a ponerse como Disponible.",
            }
        ),
    }
)
"""Where a status works differently for the agent under a preset."""


def label(status: Status, *, language: str, preset: str | None = None) -> str:
    """What a status is called. Raises Invalid `unknown_value` for another language than LANGUAGES."""
    return _worded(LABELS, PRESET_LABELS, status, language, preset)


def sentence(status: Status, *, language: str, preset: str | None = None) -> str:
    """What a status means, said to the agent in one sentence. Raises Invalid `unknown_value` like `label`."""
    return _worded(SENTENCES, PRESET_SENTENCES, status, language, preset)


def accepted_language(accept_language: str) -> str:
    """The language of ours that the header likes best; English where it names none (RFC 9110, 12.5.4)."""
    wishes: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        name, _, weight = part.partition(";")
        language = name.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            wishes.append((_weight(weight), language))
    best = max(wishes, key=lambda wish: wish[0], default=(0.0, ""))
    return best[1] if best[0] > 0 else LANGUAGES[0]


def _worded(
    everywhere: Wording, by_preset: Mapping[str, Wording], status: Status, language: str, preset: str | None
) -> str:
    if language not in LANGUAGES:
        message = f'there are no words for language "{language}"; the languages are: {", ".join(LANGUAGES)}'
        raise Invalid("unknown_value", message, field="language")
    own = by_preset.get(preset, {}) if preset is not None else {}
    return own.get((language, status), everywhere[language, status])


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=")) if parameter.strip() else 1.0
    except ValueError:
        return 0.0
