"""The files that pages load: the console's own and the libraries it carries, each under an address with its hash.

So a browser keeps a file for good and still never shows an old one. Nothing is ever loaded from elsewhere."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
FOLDERS = ("static", "vendor")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file as it is served."""

    content: bytes
    media_type: str
    hash: str


@cache
def assets() -> dict[str, Asset]:
    """Every file that is served, by name; they are small, and read once."""
    found: dict[str, Asset] = {}
    for folder in FOLDERS:
        for file in (files("assigner.console") / folder).iterdir():
            media_type = TYPES.get(file.name[file.name.rfind(".") :])
            if media_type is not None:
                content = file.read_bytes()
                short = hashlib.sha256(content).hexdigest()[:12]
                found[file.name] = Asset(content=content, media_type=media_type, hash=short)
    return found


def asset(name: str) -> str:
    """The address of a file. Raises KeyError for one that is not there: a page that is wrong fails in its test."""
    return f"/console/{assets()[name].hash}/{name}"


@router.get("/console/{version}/{name}")
def get_asset(version: str, name: str) -> Response:
    """One file, for a year where the version is the right one."""
    found = assets().get(name)
    if found is None:
        raise HTTPException(404)
    keep = "public, max-age=31536000, immutable" if version == found.hash else "no-cache"
    headers = {"Cache-Control": keep, "X-Content-Type-Options": "nosniff"}
    return Response(found.content, media_type=found.media_type, headers=headers)
