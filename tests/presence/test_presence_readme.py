"""The table in presence/README.md, made by asking the code; run this file to write it anew.

python tests/presence/test_presence_readme.py"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from presence.effective import effective
from presence.errors import Invalid
from presence.inputs import activity, choose, sign_in, sign_out
from presence.labels import label
from presence.model import PresenceFacts, PresencePolicy, Status
from presence.offices import office_available
from presence.presets import PRESETS
from tests.presence.builders import an_agent, at

README = Path(__file__).parents[2] / "presence" / "README.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"

MINUTE = 60
TITLES = {"respond_io": "respond.io", "1980tic": "1980TIC Cloud", "emplifi_care": "Emplifi Care", "ocelot": "Ocelot"}

Story = Callable[[PresencePolicy], tuple[PresenceFacts, int]]
"""The facts of an agent under a policy, and the second at which we look."""


def chooses(status: Status, *, silent_for: int = 0) -> Story:
    def story(policy: PresencePolicy) -> tuple[PresenceFacts, int]:
        return choose(an_agent(policy, offices=("madrid",)), policy, status, now=at(1)), 1 + silent_for

    return story


def returns(status: Status, *, silent_for: int) -> Story:
    def story(policy: PresencePolicy) -> tuple[PresenceFacts, int]:
        facts, then = chooses(status, silent_for=silent_for)(policy)
        return activity(facts, policy, "desk", 0, now=at(then)), then

    return story


def signs_out(status: Status, *, signs_in_again: bool = False) -> Story:
    def story(policy: PresencePolicy) -> tuple[PresenceFacts, int]:
        facts = sign_out(chooses(status)(policy)[0], "desk", now=at(60))
        return (sign_in(facts, policy, "home", now=at(120)), 120) if signs_in_again else (facts, 60)

    return story


def expires(policy: PresencePolicy) -> tuple[PresenceFacts, int]:
    facts, _ = chooses(Status.ONLINE)(policy)
    return replace(facts, sessions=(replace(facts.sessions[0], expires_at=at(60)),)), 60


STORIES: tuple[tuple[str, Story], ...] = (
    ("signs in for the first time", lambda policy: (an_agent(policy, offices=("madrid",)), 0)),
    ("chooses Online", chooses(Status.ONLINE)),
    ("chooses Busy", chooses(Status.BUSY)),
    ("chooses Away", chooses(Status.AWAY)),
    ("Online, silent for 10 minutes", chooses(Status.ONLINE, silent_for=10 * MINUTE)),
    ("Online, silent for 60 minutes", chooses(Status.ONLINE, silent_for=60 * MINUTE)),
    ("... and active again", returns(Status.ONLINE, silent_for=60 * MINUTE)),
    ("Busy, silent for 60 minutes", chooses(Status.BUSY, silent_for=60 * MINUTE)),
    ("... and active again", returns(Status.BUSY, silent_for=60 * MINUTE)),
    ("Away, silent for 60 minutes", chooses(Status.AWAY, silent_for=60 * MINUTE)),
    ("... and active again", returns(Status.AWAY, silent_for=60 * MINUTE)),
    ("Online, signs out", signs_out(Status.ONLINE)),
    ("... and in again", signs_out(Status.ONLINE, signs_in_again=True)),
    ("Online, the session expires", expires),
)


def cell(story: Story, policy: PresencePolicy) -> str:
    """The status in the words of the product, why, and whether a queue with `takes: online` gives contacts."""
    try:
        facts, second = story(policy)
    except Invalid:
        return "cannot be chosen"
    answer = effective(facts, policy, now=at(second))
    assigned = office_available(facts, policy, "madrid", now=at(second))
    called = label(answer.status, language="en", preset=policy.preset)
    return f"{called} ({answer.reason}): {'**assigned**' if assigned else 'skipped'}"


def table() -> str:
    rows = [["An agent ...", *(TITLES[name] for name in PRESETS)], ["---"] * (len(PRESETS) + 1)]
    rows += [[what, *(cell(story, policy) for policy in PRESETS.values())] for what, story in STORIES]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def with_table(text: str) -> str:
    before, rest = text.split(BEGIN)
    _, behind = rest.split(END)
    return f"{before}{BEGIN}{table()}{END}{behind}"


def test_the_table_in_the_readme_is_what_the_code_does() -> None:
    text = README.read_text(encoding="utf-8")

    assert text == with_table(text)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
