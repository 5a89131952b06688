"""The desk and the page of a contact while it is offered: Accept, Decline, the time left, and wrap-up."""

import pytest

from assigner.testing import Client
from tests.console.reading_pages import page
from tests.testing.offering import offering


def post(client: Client, path: str) -> None:
    answer = client.post(
        path, data={"back": "/desk"}, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_what_is_offered_stands_on_the_desk_with_the_time_left(language: str) -> None:
    with offering("ana") as work:
        work.send("c1")

        desk = page(work.clients["ana"], "/desk", **{"Accept-Language": language})

        assert "/contacts/c1/accept" in [each.get("action") for each in desk.named("form")]
        assert [each["at"] for each in desk.named("time-left")] == ["2026-01-05T09:00:20+00:00"]


def test_it_is_accepted_there_and_closed_and_wrap_up_is_ended() -> None:
    with offering("ana", wrap_up=60) as work:
        work.send("c1")
        ana = work.clients["ana"]

        post(ana, "/contacts/c1/accept")
        assert work.where() == ("assigned", "ana")
        post(ana, "/contacts/c1/close")
        assert "End wrap-up" in page(ana, "/desk").text
        post(ana, "/desk/wrap-up/end")

        assert "End wrap-up" not in page(ana, "/desk").text
        story = page(ana, "/contacts/c1").text
        assert "Accepted by" in story


def test_it_is_declined_and_the_story_says_so() -> None:
    with offering("ana", "bea", offer={"timeout": 20, "decline_pause": 60}) as work:
        work.send("c1")
        supervisor = work.clients["bea"]
        work.admin.patch("/v1/agents/bea", json={"role": "supervisor", "takes_contacts": True}).raise_for_status()
        assert "Accept" in page(supervisor, "/contacts/c1").text

        post(work.clients["ana"], "/contacts/c1/decline")
        work.bench.settle()

        assert work.where() == ("offered", "bea")
        assert "(declined)" in page(supervisor, "/contacts/c1").text
