"""Reading a body once, as it is, where speed counts or where it holds what the caller makes up.

What msgspec can read it can also write, so nothing that is accepted here fails to be stored later."""

from typing import Any, TypeVar

import msgspec
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

Body = TypeVar("Body", bound=BaseModel)


async def read_body(request: Request, kind: type[Body]) -> Body:
    """The body of a request as this kind of value. Raises RequestValidationError, which becomes a 422."""
    try:
        return kind.model_validate(msgspec.json.decode(await request.body()))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise RequestValidationError([{"type": "json", "loc": ("body",), "msg": str(error)}]) from None
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from None


def described(kind: type[BaseModel]) -> dict[str, Any]:
    """How such a body is documented (`openapi_extra`); `description` adds the shape itself."""
    shape = {"$ref": f"#/components/schemas/{kind.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": shape}}}}
