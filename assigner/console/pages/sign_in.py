"""Coming and going: the first page, signing in with email and password, signing out, language and light.

Cookies and passwords are the business of the doors; here are only the forms."""

from fastapi import Request, Response

from assigner.console.doors import Doors
from assigner.console.forms import field_of, fields_of, go_to, local
from assigner.console.frame import outside_page
from assigner.console.language import N_
from assigner.console.looks import LIGHTS, Looks, keep, looks_of
from assigner.console.navigation import places_for
from assigner.console.route import pages
from assigner.console.visit import Visiting
from presence.errors import Forbidden, TooMany
from presence.labels import LANGUAGES

router = pages()


@router.get("/")
def first_page(visit: Visiting) -> Response:
    """On to where the visitor works: the desk for who takes contacts, else who is online."""
    with visit.reading() as workspace:
        takes_contacts = workspace.agent(visit.agent_id).seat.agent.takes_contacts
    paths = [place.path for place in places_for(visit.actor)]
    wanted = [path for path in ("/desk" if takes_contacts else "/online", "/online", *paths) if path in paths]
    return go_to(wanted[0] if wanted else "/settings/assignment")


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """The form; what is asked for in `next` is where it leads."""
    wanted = local(request.query_params.get("next"))
    return _form(request, wanted=wanted)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Sign in and go on; where email and password do not fit, ask again."""
    doors: Doors = request.app.state.doors
    fields = await fields_of(request, ("email", "password", "next"))
    response = go_to(fields["next"])
    try:
        await doors.sign_in(request, response, fields["email"], fields["password"])
    except (Forbidden, TooMany) as refused:
        wrong = N_("Email or password is wrong.") if refused.code == "signed_out" else refused.message
        return _form(request, 422, wanted=local(fields["next"]), email=fields["email"], refused=wrong)
    return response


@router.get("/sign-in/elsewhere")
async def sign_in_elsewhere(request: Request) -> Response:
    """On to the provider, where there is one."""
    doors: Doors = request.app.state.doors
    response = go_to("/")
    to = await doors.go_elsewhere(request, response, local(request.query_params.get("next")))
    response.headers["Location"] = to
    return response


@router.get("/sign-in/back")
async def come_back(request: Request) -> Response:
    """Back from the provider, with proof of who it is."""
    doors: Doors = request.app.state.doors
    response = go_to("/")
    response.headers["Location"] = local(await doors.came_back(request, response))
    return response


def _form(request: Request, status: int = 200, *, wanted: str, email: str = "", refused: str = "") -> Response:
    doors: Doors = request.app.state.doors
    return outside_page(
        looks_of(request),
        "sign_in.html",
        status_code=status,
        next=wanted,
        email=email,
        refused=refused,
        elsewhere=doors.elsewhere,
    )


@router.post("/sign-out")
async def sign_out(request: Request, visit: Visiting) -> Response:
    """Sign out, in all tabs of this browser (R16, R53)."""
    doors: Doors = request.app.state.doors
    response = go_to("/sign-in")
    await doors.sign_out(request, response, visit.actor)
    return response


@router.post("/looks")
async def choose_looks(request: Request) -> Response:
    """Another language, or another light."""
    now, asked = looks_of(request), {name: await field_of(request, name) for name in ("language", "light", "back")}
    language = asked["language"] if asked["language"] in LANGUAGES else now.language
    light = asked["light"] if asked["light"] in LIGHTS else now.light
    response = go_to(local(asked["back"]))
    keep(
        response,
        Looks(language=language or now.language, light=light or now.light),
        secure=request.url.scheme == "https",
    )
    return response
