"""Every refusal as an RFC 9457 problem: status, a stable code, a sentence for people, and the field it is about.

The one place where refusals of the rooms below become HTTP. What nobody foresaw says nothing of the inside."""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from assigner.api.refusals import Refusals
from assigner.console.route import is_visit, no_page
from assigner.service.request_id import current_id
from assigner.store.database import OutcomeUnknown, StoreUnavailable
from presence.errors import Conflict, Forbidden, Invalid, NotFound, Refused, TooMany
from presence.wording import Sentence

log = logging.getLogger(__name__)

ASK_AGAIN = "it was done whole or not at all. Send it again: what was done already is not done twice"
PROBLEM = "application/problem+json"
STATUS: dict[type[Refused], int] = {Invalid: 422, NotFound: 404, Conflict: 409, Forbidden: 403, TooMany: 429}
STATUS_OF_CODE = {"signed_out": 401, "precondition_failed": 412}
STATUS_OF_STATUS = {400: 422}
"""What the framework tells of a body that it could not read at all is a 422 like any other body that makes no sense."""
CODE_OF_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


EXAMPLES = {
    401: ("signed_out", "this session has ended; sign in again"),
    403: ("forbidden", "this needs the permission agents.manage; ask an administrator for it"),
    404: ("not_found", "contact 'ticket-4711' does not exist; GET /v1/contacts lists all"),
    409: ("already_assigned", "contact 'ticket-4711' is assigned to agent 'ana'; transfer moves it"),
    412: ("precondition_failed", "agent 'ana' has version 12, not 11; read it again, and change what is there now"),
    413: ("too_large", "the body is larger than 1000000 bytes; send less at once"),
    422: ("unknown_office", "office 'madird' does not exist; did you mean \"madrid\"?", "office"),
    429: ("too_many_requests", "more than 600000 contacts in a minute; send the rest later"),
    503: ("store_unavailable", "the database cannot be written now: disk I/O error; nothing was changed, try again"),
}
"""A problem with each status that is documented: code, sentence, and field where it is about one."""


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """Why a request was refused; it has changed nothing."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    errors: list[FieldProblem] | None = None


def problem(status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """A problem as an answer; `more` are members that only some problems have, left out where None."""
    told = _told(status, code, detail)
    told |= {name: value for name, value in more.items() if value is not None}
    return Response(json(told), status, headers=headers, media_type=PROBLEM)


def json(told: Any) -> bytes:
    """What people are told as JSON; a sentence that could be said in another language is text."""
    return msgspec.json.encode(told, enc_hook=_as_text)


def _as_text(value: Any) -> str:
    if isinstance(value, Sentence):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _told(status: int, code: str, detail: str) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a call may answer with, for its documentation."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _example(status)}},
        }
        for status in statuses
    }


def _example(status: int) -> dict[str, Any]:
    code, detail, *field = EXAMPLES[status]
    return _told(status, code, detail) | ({"field": field[0]} if field else {})


def of_refusal(refused: Refused) -> Response:
    """A refusal as a problem."""
    status = STATUS_OF_CODE.get(refused.code)
    if status is None:
        status = next((each for kind, each in STATUS.items() if isinstance(refused, kind)), 422)
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    if isinstance(refused, TooMany):
        headers = {"Retry-After": str(refused.retry_after)}
    more = {name: getattr(refused, name, None) for name in ("findings", "errors", "counts")}
    return problem(status, refused.code, refused.message, headers=headers, field=refused.field, **more)


def of_validation(errors: Sequence[Any]) -> Response:
    """What pydantic found wrong, every field of it, as one problem."""
    found = [FieldProblem(field=_place(error["loc"]), message=_sentence(error)) for error in errors]
    detail = "; ".join(f"{each.field}: {each.message}" if each.field else each.message for each in found[:5])
    first = next((each.field for each in found if each.field), None)
    return problem(422, "invalid", detail, field=first, errors=[each.model_dump() for each in found])


def answer_problems(
    app: FastAPI, refusals: Refusals, *, methods_of: Callable[[str], set[str]], headers: dict[str, str]
) -> None:
    """Let the application answer everything that goes wrong as a problem, and note who was refused what.

    `methods_of` tells with which methods a path can be asked; `headers` are those of an answer that nobody foresaw."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        actor = getattr(request.state, "actor", None)
        if actor is not None and isinstance(error, Forbidden):
            refusals.note(actor, request)
        return of_refusal(error)

    async def malformed(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return of_validation(error.errors())

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.NOT_FOUND and is_visit(request):
            return no_page(request)
        code = CODE_OF_STATUS.get(error.status_code, "invalid")
        told = dict(error.headers) if error.headers else {}
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            told["Allow"] = ", ".join(sorted(methods_of(request.url.path)))
        status = STATUS_OF_STATUS.get(error.status_code, error.status_code)
        return problem(status, code, _of_http(request, error), headers=told)

    async def unavailable(_: Request, error: Exception) -> Response:
        if isinstance(error, OutcomeUnknown):
            detail = f"the connection to the database was lost during the commit: {error}; {ASK_AGAIN}"
            return problem(503, "outcome_unknown", detail, headers={"Retry-After": "1"})
        detail = f"the database cannot be written now: {error}; nothing was changed, try again"
        return problem(503, "store_unavailable", detail, headers={"Retry-After": "1"})

    async def unforeseen(request: Request, error: Exception) -> Response:
        route = getattr(request.scope.get("route"), "path", "?")  # a path itself may hold the secret of a link
        log.error("%s %s failed (request %s)", request.method, route, current_id(), exc_info=error)
        return problem(500, "internal", "this is a defect of the service; its log says more", headers=headers)

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(StoreUnavailable, unavailable)
    app.add_exception_handler(Exception, unforeseen)


def _of_http(request: Request, error: HTTPException) -> str:
    match error.status_code:
        case 404:
            return f"there is no {request.url.path}; /openapi.json lists all calls"
        case 405:
            return f"{request.url.path} cannot be asked with {request.method}; /openapi.json lists all calls"
        case _:
            return str(error.detail)


def _place(path: Sequence[Any]) -> str:
    """Where in a request something is, without saying that it is the body."""
    inner = path[1:] if path and path[0] in ("body", "query", "path", "header", "cookie") else path
    return ".".join(str(part) for part in inner if not isinstance(part, str) or part.isidentifier() or "-" in part)


def _sentence(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such field; see /openapi.json for those there are"
    reason = error.get("ctx", {}).get("error")
    return str(reason) if reason is not None else str(error["msg"])
