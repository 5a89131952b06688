"""respond.io and 1980TIC Cloud: statuses, and what they mean for automatic assignment (R5 to R18, R20, R21)."""

import pytest

from tests.seeds.floors import EMPLIFI, MINUTE, PRESETS, RESPOND_IO, TIC_1980, a_floor, choose, code, done

MIDDLE = {RESPOND_IO: "busy", TIC_1980: "away", EMPLIFI: "away", "ocelot": "away"}
"""What the status between Online and Offline is called in each product (R9)."""

every_preset = pytest.mark.parametrize("preset", PRESETS)
those_with_statuses = pytest.mark.parametrize("preset", [RESPOND_IO, TIC_1980])


@every_preset
def test_r05_r11_a_contact_goes_to_who_is_online_and_to_nobody_else(preset: str) -> None:
    with a_floor(preset) as floor:
        floor.agent("ben")
        floor.signed_in("ana")

        floor.contact("c1")
        floor.contact("c2")

        assert [floor.holder("c1"), floor.holder("c2")] == ["ana", "ana"]


@every_preset
def test_r06_a_contact_waits_until_somebody_qualifies(preset: str) -> None:
    with a_floor(preset) as floor:
        floor.agent("ana")
        floor.contact("c1")
        floor.bench.advance(MINUTE)
        waited = floor.holder("c1"), floor.why("c1")

        floor.signed_in("ana")

        assert waited == (None, "nobody_online")
        assert floor.holder("c1") == "ana"


@pytest.mark.parametrize(
    ("takes", "status", "holder"),
    [
        pytest.param("online", "offline", None, id="only online users: Offline is passed over"),
        pytest.param("online_or_offline", "offline", "ana", id="off: who is Offline gets it"),
        pytest.param("online_or_offline", "busy", None, id="off: Busy is a wish and is respected"),
        pytest.param("anyone", "busy", "ana", id="anyone: even who is Busy"),
    ],
)
def test_r07_only_online_users_is_an_option(takes: str, status: str, holder: str | None) -> None:
    with a_floor(RESPOND_IO) as floor:
        ana = floor.signed_in("ana")
        done(ana.sign_out() if status == "offline" else choose(ana, "ana", status))
        floor.rules({"queues": {"everybody": {"takes": takes}}})

        floor.contact("c1")

        assert floor.holder("c1") == holder


@every_preset
def test_r08_assignment_can_be_switched_off_and_on(preset: str) -> None:
    with a_floor(preset) as floor:
        floor.signed_in("ana")
        done(floor.admin.put("/v1/settings/assignment", json={"enabled": False}))
        floor.contact("c1")
        waited = floor.holder("c1"), floor.why("c1")

        done(floor.admin.put("/v1/settings/assignment", json={"enabled": True}))

        assert waited == (None, "assignment_disabled")
        assert floor.holder("c1") == "ana"


@every_preset
def test_r09_r10_there_are_online_a_middle_status_and_offline(preset: str) -> None:
    with a_floor(preset) as floor:
        floor.agent("ana")
        seen = [floor.status("ana")]
        ana = floor.signed_in("ana")
        seen.append(floor.status("ana"))

        done(choose(ana, "ana", MIDDLE[preset]))

        assert [*seen, floor.status("ana")] == ["offline", "online", MIDDLE[preset]]


@pytest.mark.parametrize(
    ("language", "label"), [pytest.param("de", "Besetzt", id="001"), pytest.param("es", "Ocupado", id="Spanish")]
)
def test_r09_the_middle_status_has_a_label_in_each_language(language: str, label: str) -> None:
    with a_floor(RESPOND_IO) as floor:
        answer = done(floor.admin.get("/v1/statuses", headers={"accept-language": language})).json()

        assert {each["status"]: each["label"] for each in answer["items"]}["busy"] == label


@every_preset
def test_r12_r13_the_middle_status_is_passed_over_but_can_be_given_contacts_by_hand(preset: str) -> None:
    with a_floor(preset) as floor:
        ana = floor.signed_in("ana")
        done(choose(ana, "ana", MIDDLE[preset]))
        floor.contact("c1")
        waited = floor.holder("c1"), floor.status("ana")

        done(floor.admin.post("/v1/contacts/c1/assign", json={"agent_id": "ana"}))

        assert waited == (None, MIDDLE[preset])
        assert floor.holder("c1") == "ana"
        assert done(ana.get("/v1/contacts")).json()["items"][0]["id"] == "c1"


@every_preset
def test_r14_offline_cannot_be_chosen(preset: str) -> None:
    with a_floor(preset) as floor:
        ana = floor.signed_in("ana")

        refused = choose(ana, "ana", "offline"), choose(floor.admin, "ana", "offline")

        assert [code(each) for each in refused] == [(422, "status_not_selectable")] * 2
        assert floor.status("ana") == "online"


@those_with_statuses
def test_r15_offline_follows_inactivity_to_the_millisecond(preset: str) -> None:
    with a_floor(preset) as floor:
        floor.signed_in("ana")

        floor.bench.advance(10 * MINUTE - 0.001)
        before = floor.status("ana")
        floor.bench.advance(0.001)

        assert (before, floor.status("ana")) == ("online", "offline")


@every_preset
def test_r16_signing_out_is_offline(preset: str) -> None:
    with a_floor(preset) as floor:
        ana = floor.signed_in("ana")

        done(ana.sign_out())
        floor.contact("c1")

        assert (floor.status("ana"), floor.holder("c1")) == ("offline", None)


@pytest.mark.parametrize("preset", [RESPOND_IO, TIC_1980, EMPLIFI])
@pytest.mark.parametrize("chosen", ["online", "middle"])
def test_r17_signing_in_brings_the_earlier_status_back(preset: str, chosen: str) -> None:
    with a_floor(preset) as floor:
        status = MIDDLE[preset] if chosen == "middle" else chosen
        ana = floor.signed_in("ana")
        done(choose(ana, "ana", status))
        done(ana.sign_out())

        floor.bench.sign_in("ana")

        assert floor.status("ana") == status


@those_with_statuses
@pytest.mark.parametrize("chosen", ["online", "middle"])
def test_r18_renewed_activity_brings_the_earlier_status_back(preset: str, chosen: str) -> None:
    with a_floor(preset) as floor:
        status = MIDDLE[preset] if chosen == "middle" else chosen
        ana = floor.signed_in("ana")
        done(choose(ana, "ana", status))
        floor.bench.advance(11 * MINUTE)
        lapsed = floor.status("ana")

        done(ana.activity())

        assert (lapsed, floor.status("ana")) == ("offline", status)


@pytest.mark.parametrize(
    ("period", "answer"),
    [
        pytest.param(59, 422, id="under a minute is refused"),
        pytest.param(60, 200, id="a minute"),
        pytest.param(3600, 200, id="an hour"),
        pytest.param(3601, 422, id="over an hour is refused"),
    ],
)
def test_r19_the_inactivity_period_is_a_setting(period: int, answer: int) -> None:
    with a_floor(RESPOND_IO) as floor:
        floor.signed_in("ana")

        saved = floor.settings(preset=RESPOND_IO, offline_after=period)
        floor.bench.advance(period)

        assert saved.status_code == answer
        assert floor.status("ana") == ("offline" if answer == 200 or period > 600 else "online")


@those_with_statuses
def test_r20_a_page_behind_another_tab_is_neither_input_nor_punished(preset: str) -> None:
    with a_floor(preset) as floor:
        ana = floor.signed_in("ana")

        floor.bench.advance(9 * MINUTE)
        done(ana.activity(age_ms=9 * MINUTE * 1000))
        still = floor.status("ana")
        floor.bench.advance(MINUTE)

        assert (still, floor.status("ana")) == ("online", "offline")


@those_with_statuses
def test_r21_any_interaction_starts_the_period_again(preset: str) -> None:
    with a_floor(preset) as floor:
        ana = floor.signed_in("ana")
        for _ in range(5):
            floor.bench.advance(9 * MINUTE)
            done(ana.activity())

        floor.bench.advance(10 * MINUTE - 1)
        still = floor.status("ana")
        floor.bench.advance(1)

        assert (still, floor.status("ana")) == ("online", "offline")
