"""What the service is measured against: a FastAPI route that checks the same credential, validates the same body and
stores nothing.

Run as a program of its own: `python -m assigner.benchmarks.plain_route KEY`; it prints its address."""

import hmac
import socket
import sys
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request

from assigner.api.credentials import hash_of
from assigner.api.schemas import ContactIn


def plain_app(key: str) -> FastAPI:
    """The application with the one route."""
    app = FastAPI()
    key_hash = hash_of(key)

    async def known(request: Request) -> str:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(hash_of(shown), key_hash):
            raise HTTPException(401)
        return shown

    @app.post("/v1/contacts", status_code=201)
    async def take_in(body: ContactIn, _: Annotated[str, Depends(known)]) -> dict[str, str | None]:
        return {"id": body.id, "state": "queued"}

    return app


class Server(uvicorn.Server):
    """A web server that listens as the product's does, and says where.

    On a socket that was made beforehand asyncio leaves Nagle's algorithm on, and every answer takes 40 ms."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and print the address."""
        await super().startup(sockets)
        print(f"plain route serves http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}", flush=True)


def main(key: str) -> None:
    """Serve on a free port of this machine until killed."""
    config = uvicorn.Config(plain_app(key), host="127.0.0.1", port=0, log_level="warning", access_log=False)
    Server(config).run()


if __name__ == "__main__":
    main(sys.argv[1])
