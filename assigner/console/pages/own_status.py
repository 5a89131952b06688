"""The own status, which stands beside the initials on every page: choosing it, and the stream that keeps it current.

Inputs are reported by the browser to the same calls as those of every host application (see static/inputs.js)."""

from functools import partial

from fastapi import Request, Response

from assigner.console.forms import do, fields_of
from assigner.console.live import live
from assigner.console.route import pages
from assigner.console.visit import Visiting
from assigner.service import presence

router = pages()


@router.post("/status")
async def choose_status(request: Request, visit: Visiting) -> Response:
    """Choose a status (R10). Offline is refused like any that cannot be chosen (R14)."""
    fields = await fields_of(request, ("status", "back"))
    choose = partial(presence.choose_status, actor=visit.actor, agent_id=visit.agent_id, status=fields["status"])
    return await do(visit, choose, back=fields["back"])


@router.get("/live")
async def live_frame(visit: Visiting) -> Response:
    """The stream of a page on which nothing is live but the own status."""
    return live(visit)
