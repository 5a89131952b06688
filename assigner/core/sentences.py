"""Reasons in words, in English, German and Spanish: "12 in Madrid: 5 offline, 3 busy, 2 at capacity, 1 without skill
es".

Every reason has one wording per language, and the test of this module walks them all. Times are left to the caller, who
knows the reader's time zone."""

from collections.abc import Callable
from typing import NamedTuple

from assigner.core.explain import AgentExplanation, StopExplanation, WaitingExplanation
from assigner.core.model import Ranked, RankKey, Step
from assigner.core.reasons import Reason
from presence.labels import label


class Wording(NamedTuple):
    """How a reason is said: of `count` agents removed by a check, and of a contact that waits because of it."""

    removed: str
    waiting: str


WORDINGS: dict[str, dict[Reason, Wording]] = {
    "en": {
        Reason.NOT_IN_QUEUE: Wording("{count} not in {queue}", "Nobody belongs to {queue}"),
        Reason.NOT_ONLINE: Wording("{statuses}", "Nobody in {queue} is online"),
        Reason.AWAY_FOR_OFFICE: Wording("{count} away for this office", "Everybody in {queue} is away for this office"),
        Reason.OFFICE_CLOSED: Wording("{count} not asked while the office is closed", "The office is closed"),
        Reason.MISSING_SKILL: Wording("{count} without skill {skills}", "Nobody who is there has the skill {skills}"),
        Reason.EXCLUDED: Wording("{count} excluded from this contact", "Who is there is excluded from this contact"),
        Reason.DECLINED: Wording("{count} declined or missed it", "Who is there declined or missed it"),
        Reason.HELD_FOR_PREFERRED: Wording(
            "{count} not asked while {preferred} comes first", "It is held for {preferred}"
        ),
        Reason.FLOOD_LIMIT: Wording("{count} at the flood limit", "Everybody free is at the flood limit"),
        Reason.WRAP_UP: Wording("{count} in wrap-up", "Everybody free is in wrap-up"),
        Reason.AT_CAPACITY: Wording("{count} at capacity", "Everybody is at capacity"),
        Reason.AT_CHANNEL_CAPACITY: Wording(
            "{count} at the channel's capacity", "Everybody is at the channel's capacity"
        ),
        Reason.AT_QUEUE_CAPACITY: Wording("{count} at the queue's capacity", "Everybody is at the queue's capacity"),
        Reason.ASSIGNMENT_DISABLED: Wording("{count} not asked", "Automatic assignment is switched off"),
        Reason.HELD_BY_RULE: Wording("{count} not asked", 'Rule "{rule}" holds it for a person'),
        Reason.DEACTIVATED: Wording("{count} deactivated", "Everybody in {queue} is deactivated"),
    },
    "de": {
        Reason.NOT_IN_QUEUE: Wording("{count} nicht in {queue}", "Niemand gehört zu {queue}"),
        Reason.NOT_ONLINE: Wording("{statuses}", "Niemand in {queue} ist online"),
        Reason.AWAY_FOR_OFFICE: Wording(
            "{count} für diesen Standort abwesend", "In {queue} sind alle für diesen Standort abwesend"
        ),
        Reason.OFFICE_CLOSED: Wording("{count} nicht gefragt, solange geschlossen ist", "Der Standort ist geschlossen"),
        Reason.MISSING_SKILL: Wording(
            "{count} ohne Kenntnis {skills}", "Niemand, der da ist, hat die Kenntnis {skills}"
        ),
        Reason.EXCLUDED: Wording(
            "{count} von diesem Kontakt ausgeschlossen", "Wer da ist, ist von diesem Kontakt ausgeschlossen"
        ),
        Reason.DECLINED: Wording("{count} abgelehnt oder verpasst", "Wer da ist, hat ihn abgelehnt oder verpasst"),
        Reason.HELD_FOR_PREFERRED: Wording(
            "{count} nicht gefragt, weil {preferred} Vorrang hat", "Er wird für {preferred} zurückgehalten"
        ),
        Reason.FLOOD_LIMIT: Wording("{count} an der Flutgrenze", "Alle Freien sind an der Flutgrenze"),
        Reason.WRAP_UP: Wording("{count} in der Nachbearbeitung", "Alle Freien sind in der Nachbearbeitung"),
        Reason.AT_CAPACITY: Wording("{count} ausgelastet", "Alle sind ausgelastet"),
        Reason.AT_CHANNEL_CAPACITY: Wording(
            "{count} in diesem Kanal ausgelastet", "Alle sind in diesem Kanal ausgelastet"
        ),
        Reason.AT_QUEUE_CAPACITY: Wording(
            "{count} in dieser Warteschlange ausgelastet", "Alle sind in dieser Warteschlange ausgelastet"
        ),
        Reason.ASSIGNMENT_DISABLED: Wording("{count} nicht gefragt", "Die automatische Zuweisung ist ausgeschaltet"),
        Reason.HELD_BY_RULE: Wording("{count} nicht gefragt", "Die Regel „{rule}“ hält ihn für eine Person zurück"),
        Reason.DEACTIVATED: Wording("{count} deaktiviert", "In {queue} sind alle deaktiviert"),
    },
    "es": {
        Reason.NOT_IN_QUEUE: Wording("{count} fuera de {queue}", "Nadie pertenece a {queue}"),
        Reason.NOT_ONLINE: Wording("{statuses}", "Nadie en {queue} está en línea"),
        Reason.AWAY_FOR_OFFICE: Wording(
            "{count} ausentes para esta oficina", "En {queue} todos están ausentes para esta oficina"
        ),
        Reason.OFFICE_CLOSED: Wording(
            "{count} sin consultar mientras la oficina está cerrada", "La oficina está cerrada"
        ),
        Reason.MISSING_SKILL: Wording(
            "{count} sin la habilidad {skills}", "Nadie de los presentes tiene la habilidad {skills}"
        ),
        Reason.EXCLUDED: Wording(
            "{count} excluidos de este contacto", "Los presentes están excluidos de este contacto"
        ),
        Reason.DECLINED: Wording(
            "{count} lo rechazaron o no respondieron", "Los presentes lo rechazaron o no respondieron"
        ),
        Reason.HELD_FOR_PREFERRED: Wording(
            "{count} sin consultar porque {preferred} tiene preferencia", "Se reserva para {preferred}"
        ),
        Reason.FLOOD_LIMIT: Wording(
            "{count} en el límite de avalancha", "Todos los libres están en el límite de avalancha"
        ),
        Reason.WRAP_UP: Wording("{count} en tareas posteriores", "Todos los libres están en tareas posteriores"),
        Reason.AT_CAPACITY: Wording("{count} al máximo de capacidad", "Todos están al máximo de su capacidad"),
        Reason.AT_CHANNEL_CAPACITY: Wording("{count} al máximo en este canal", "Todos están al máximo en este canal"),
        Reason.AT_QUEUE_CAPACITY: Wording("{count} al máximo en esta cola", "Todos están al máximo en esta cola"),
        Reason.ASSIGNMENT_DISABLED: Wording("{count} sin consultar", "La asignación automática está desactivada"),
        Reason.HELD_BY_RULE: Wording("{count} sin consultar", "La regla «{rule}» lo retiene para una persona"),
        Reason.DEACTIVATED: Wording("{count} desactivados", "En {queue} todos están desactivados"),
    },
}

MEMBERS = {"en": "{count} in {queue}", "de": "{count} in {queue}", "es": "{count} en {queue}"}

KEYS: dict[str, dict[RankKey, str]] = {
    "en": {
        RankKey.TURN: "least recently served",
        RankKey.CREDIT: "next by weight",
        RankKey.LOAD: "least loaded, with {value} open",
        RankKey.OCCUPANCY: "lowest occupancy, {value}",
        RankKey.IDLE_SINCE: "longest idle, since {value}",
        RankKey.PREFERRED: "the preferred agent",
    },
    "de": {
        RankKey.TURN: "am längsten nicht an der Reihe",
        RankKey.CREDIT: "nach Gewicht an der Reihe",
        RankKey.LOAD: "am wenigsten belastet, mit {value} offenen",
        RankKey.OCCUPANCY: "geringste Auslastung, {value}",
        RankKey.IDLE_SINCE: "am längsten frei, seit {value}",
        RankKey.PREFERRED: "bevorzugt",
    },
    "es": {
        RankKey.TURN: "el que lleva más tiempo sin turno",
        RankKey.CREDIT: "el siguiente según su peso",
        RankKey.LOAD: "el menos cargado, con {value} abiertos",
        RankKey.OCCUPANCY: "la menor ocupación, {value}",
        RankKey.IDLE_SINCE: "el que lleva más tiempo libre, desde {value}",
        RankKey.PREFERRED: "el agente preferido",
    },
}

WINNER = {
    "en": ("{winner}: {why}", "{winner}: {why}; next would have been {runner_up}"),
    "de": ("{winner}: {why}", "{winner}: {why}; als Nächstes wäre {runner_up} an der Reihe gewesen"),
    "es": ("{winner}: {why}", "{winner}: {why}; el siguiente habría sido {runner_up}"),
}

ELIGIBLE = {
    "en": "{agent} may take it, and others come first",
    "de": "{agent} kann ihn bekommen, andere sind vorher an der Reihe",
    "es": "{agent} puede recibirlo, otros van antes",
}

OFFERED = {
    "en": ("Offered to one agent, who did not accept", "Offered to {count} agents, none accepted"),
    "de": ("Einer Person angeboten, die nicht angenommen hat", "{count} Personen angeboten, keine hat angenommen"),
    "es": ("Ofrecido a un agente, que no lo aceptó", "Ofrecido a {count} agentes, ninguno lo aceptó"),
}
NUMBERS = {
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "de": ("Zwei", "Drei", "Vier", "Fünf", "Sechs", "Sieben", "Acht", "Neun", "Zehn"),
    "es": ("dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"),
}
"""The small numbers from 2 on, in words."""

Naming = Callable[[str], str]
"""What to call an agent or a queue, given its id."""


def waiting_sentence(why: WaitingExplanation, *, language: str = "en", name: Naming = str) -> str:
    """Why a contact waits, with the account of its first stop that was not left: "Everybody is at capacity. 12 in
    ..."."""
    stop = next((stop for stop in why.stops if stop.left_at is None), None)
    fill = {"queue": name(why.queue or ""), "rule": why.rule or "", "skills": "", "preferred": ""}
    if stop is not None:
        fill |= {"skills": _skills(stop.skills), "preferred": name(stop.preferred or "")}
    reason = WORDINGS[language][why.because].waiting.format(**fill)
    parts = [f"{reason}.", stop_sentence(stop, language=language, name=name) if stop is not None else ""]
    return " ".join(part for part in (*parts, _offered(why.refused_by, language=language)) if part)


def stop_sentence(stop: StopExplanation, *, language: str = "en", name: Naming = str) -> str:
    """What became of the members of one queue: "12 in Madrid: 5 offline, 3 busy, 2 at capacity"."""
    members, *steps = stop.steps
    text = MEMBERS[language].format(count=members.left, queue=name(stop.queue))
    parts = [_removed(step, stop, language=language, name=name) for step in steps]
    return f"{text}: {', '.join(parts)}." if parts else f"{text}."


def agent_sentence(why: AgentExplanation, *, language: str = "en", name: Naming = str) -> str:
    """Why one agent does not get a contact: "Ana: 1 at capacity" without the count."""
    agent = name(why.agent_id)
    if why.reason is None:
        return ELIGIBLE[language].format(agent=agent) + "."
    if why.reason is Reason.NOT_ONLINE:
        return f"{agent}: {label(why.status, language=language).lower()}."
    said = WORDINGS[language][why.reason].removed.format(
        count="",
        queue=name(why.queue or ""),
        skills=_skills(why.skills),
        preferred=name(why.preferred or ""),
        statuses="",
    )
    return f"{agent}: {' '.join(said.split())}."


def assigned_sentence(ranked: Ranked, *, language: str = "en", name: Naming = str) -> str:
    """Why the winner: "Ana: least recently served; next would have been Luis"."""
    why = KEYS[language][ranked.key].format(value=ranked.winner_value)
    alone, before = WINNER[language]
    if ranked.runner_up is None:
        return alone.format(winner=name(ranked.winner), why=why) + "."
    return before.format(winner=name(ranked.winner), why=why, runner_up=name(ranked.runner_up)) + "."


def _offered(count: int, *, language: str) -> str:
    """How often it was offered in vain: "Offered to three agents, none accepted"."""
    if not count:
        return ""
    one, several = OFFERED[language]
    word = NUMBERS[language][count - 2] if 2 <= count <= len(NUMBERS[language]) + 1 else str(count)
    return f"{one if count == 1 else several.format(count=word)}."


def _removed(step: Step, stop: StopExplanation, *, language: str, name: Naming) -> str:
    statuses = (f"{count} {label(status, language=language).lower()}" for status, count in step.statuses)
    return WORDINGS[language][step.reason].removed.format(
        count=step.removed,
        queue=name(stop.queue),
        skills=_skills(stop.skills),
        preferred=name(stop.preferred or ""),
        statuses=", ".join(statuses),
    )


def _skills(needed: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(skill if level == 1 else f"{skill} {level}" for skill, level in needed)
