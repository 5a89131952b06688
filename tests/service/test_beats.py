"""A report without new input is a sign of life all the same: where sessions are lost without one, none is forgotten."""

from assigner.testing import Workbench

LEASE, BEAT = 180, 100
"""Seconds: how long a session may be silent, and how often it reports."""


def test_a_session_that_goes_on_reporting_is_not_lost_when_the_product_starts_again() -> None:
    with Workbench() as bench:
        admin = bench.client()
        admin.put("/v1/settings/presence", json={"lease_after": LEASE}).raise_for_status()
        admin.put("/v1/agents/ana", json={"name": "Ana"}).raise_for_status()
        admin.post("/v1/agents/ana/sessions", json={"id": "desk"}).raise_for_status()
        for beats in (1, 2, 3):
            bench.advance(BEAT)
            admin.post("/v1/sessions/desk/activity", json={"age_ms": 1000 * BEAT * beats}).raise_for_status()
        bench.advance(1)  # after which reports are stored

        bench.restart()

        def status() -> object:
            return admin.get("/v1/agents/ana/status").json()["status"]

        assert status() == "online"
        bench.advance(LEASE - 2)
        assert status() == "online"
        bench.advance(1)
        assert status() == "offline"
