"""A provider of OpenID Connect for tests, as a process of its own: `python -m tests.api.provider`.

Whoever comes is let in at once, as the person whom the test has named (`POST /next`, with the time it is), also with
claims or a signature that no client may believe. It is strict with clients: secret, redirect address, PKCE, and each
code once."""

import asyncio
import base64
import hashlib
import secrets
import socket
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "assigner", "a secret: of the client"


class Provider:
    """What the provider knows: its keys, the codes it has given out, and how it is to behave next."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key, self.other_key = (RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False) for _ in range(2))
        self.codes: dict[str, dict[str, str]] = {}
        self.behaviour: dict[str, Any] = {}

    async def behave(self, request: Request) -> Response:
        """How to treat those who come from now on."""
        self.behaviour = await request.json()
        return JSONResponse({})

    async def metadata(self, _: Request) -> Response:
        """OpenID Connect Discovery 1.0, section 3."""
        return JSONResponse(
            {
                "issuer": self.behaviour.get("called", self.issuer),
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "id_token_signing_alg_values_supported": ["RS256", "none"],
            }
        )

    async def keys(self, _: Request) -> Response:
        """With what tokens are signed."""
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """Send the browser back with a code, or with an error."""
        asked = dict(request.query_params)
        ought = {"client_id": CLIENT_ID, "response_type": "code", "code_challenge_method": "S256"}
        if ought.items() - asked.items() or "openid" not in asked["scope"].split() or not asked.get("nonce"):
            return JSONResponse({"error": "invalid_request"}, 400)
        if "error" in self.behaviour:
            return _back(asked, error=self.behaviour["error"])
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return _back(asked, code=code)

    async def token(self, request: Request) -> Response:
        """A code becomes a token, for the client to whom it was given."""
        form = dict(await request.form())
        asked = self.codes.pop(str(form.get("code")), None)
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return JSONResponse({"error": "invalid_client"}, 401)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(form.get("code_verifier")).encode()).digest())
        if (
            asked is None
            or challenge.decode().rstrip("=") != asked["code_challenge"]
            or form.get("redirect_uri") != asked["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "at", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])})

    def _id_token(self, nonce: str) -> str:
        now = self.behaviour["now"]
        claims = {"iss": self.issuer, "sub": "1", "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}
        claims |= self.behaviour.get("claims", {})
        signed_with = self.behaviour.get("signed_with")
        if signed_with == "nothing":
            return jwt.encode({"alg": "none"}, claims, self.key, algorithms=["none"])
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.other_key if signed_with else self.key)


def _back(asked: dict[str, str], **told: str) -> Response:
    return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({**told, 'state': asked['state']})}", 302)


def main() -> None:
    """Serve until the process is ended; the address is printed first."""
    listening = socket.create_server(("127.0.0.1", 0))
    provider = Provider(f"http://127.0.0.1:{listening.getsockname()[1]}")
    app = Starlette(
        routes=[
            Route("/next", provider.behave, methods=["POST"]),
            Route("/.well-known/openid-configuration", provider.metadata),
            Route("/keys", provider.keys),
            Route("/authorize", provider.authorize),
            Route("/token", provider.token, methods=["POST"]),
        ]
    )
    print(provider.issuer, flush=True)
    asyncio.run(uvicorn.Server(uvicorn.Config(app, log_level="warning")).serve([listening]))


if __name__ == "__main__":
    main()
