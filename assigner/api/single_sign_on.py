"""Signing in at a provider of OpenID Connect: the authorization code flow, with PKCE and a nonce (Core 1.0, 3.1).

Who the provider says that it is, by an email that it has verified, is the agent with that email. The package Authlib
does the protocol; it is only there where it was asked for (`contact-assigner[oidc]`)."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import httpx2
import msgspec
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from assigner.settings import Provider
from presence.errors import Forbidden

COOKIE = "assigner_elsewhere"
LASTS = 600
"""How many seconds somebody has to sign in at the provider."""
AT_MOST = 10
"""How many seconds the provider has to answer."""
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
"""What a provider must say of itself."""
LEEWAY = 60
"""By how many seconds the clocks may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What a browser carries while it is with the provider, in a cookie, and brings back: only then is it let in."""

    state: str
    nonce: str
    verifier: str
    wanted: str

    def packed(self) -> str:
        """The trip as a cookie."""
        return base64.urlsafe_b64encode(msgspec.json.encode(asdict(self))).decode().rstrip("=")


def unpacked(cookie: str | None) -> Trip | None:
    """The trip of a cookie; None where there is none."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode((cookie or "") + "==="), type=Trip)
    except (ValueError, msgspec.MsgspecError):
        return None


class SingleSignOn:
    """One provider, asked anew at each sign-in: its keys may change at any time."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    async def begin(self, *, back_to: str, wanted: str) -> tuple[str, Trip]:
        """Where to send the browser, and what to give it along. Raises Forbidden where the provider is not there."""
        trip = Trip(state=_random(), nonce=_random(), verifier=secrets.token_urlsafe(48), wanted=wanted)
        async with self._client(back_to) as client:
            metadata = await self._metadata(client)
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=trip.state, nonce=trip.nonce, code_verifier=trip.verifier
            )
        return str(url), trip

    async def email_of(self, brought: Mapping[str, str], trip: Trip | None, *, back_to: str, now: datetime) -> str:
        """The email of who has come back, in lower case. Raises Forbidden for whatever cannot be believed."""
        if trip is None or not secrets.compare_digest(trip.state.encode(), brought.get("state", "").encode()):
            raise _refused("this browser did not begin this sign-in, or it took too long; begin again")
        if "code" not in brought:
            raise _refused(f"{self._provider.name} let nobody in ({brought.get('error', 'no reason')[:100]})")
        async with self._client(back_to) as client:
            metadata = await self._metadata(client)
            try:
                token = await client.fetch_token(
                    metadata["token_endpoint"], code=brought["code"], code_verifier=trip.verifier
                )
                keys = await client.request("GET", metadata["jwks_uri"], withhold_token=True)
                claims = self._claims(token, keys.json(), metadata, nonce=trip.nonce, now=now)
            except (OAuthError, JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
                raise _refused(f"the answer of {self._provider.name} cannot be believed ({error})") from error
        if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
            raise _refused(f"{self._provider.name} tells of no email that it has verified; ask an administrator")
        return str(claims["email"]).strip().lower()

    def _client(self, back_to: str) -> Any:
        return AsyncOAuth2Client(
            self._provider.client_id,
            self._provider.client_secret,
            redirect_uri=back_to,
            scope="openid email",
            code_challenge_method="S256",
            timeout=AT_MOST,
        )

    async def _metadata(self, client: Any) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 4)."""
        issuer = self._provider.issuer
        try:
            address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata: dict[str, Any] = (
                (await client.request("GET", address, withhold_token=True)).raise_for_status().json()
            )
            named, *_ = (metadata[name] for name in NEEDED)
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            raise _refused(f"{self._provider.name} cannot be reached now; sign in with a password, or later") from error
        if named != issuer:
            raise _refused(f"{self._provider.name} calls itself {named!r} and is set up as {issuer!r}")
        return metadata

    def _claims(
        self, token: Mapping[str, Any], keys: Any, metadata: Mapping[str, Any], *, nonce: str, now: datetime
    ) -> Mapping[str, Any]:
        """What the signed token says (OpenID Connect Core 3.1.3.7). Raises JoseError."""
        algorithms = [
            each for each in metadata.get("id_token_signing_alg_values_supported", ["RS256"]) if each != "none"
        ]
        decoded = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=algorithms)
        expected = {
            "iss": {"essential": True, "value": self._provider.issuer},
            "aud": {"essential": True, "value": self._provider.client_id},
        }
        params = {"nonce": nonce, "client_id": self._provider.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(decoded.claims, decoded.header, expected, params)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        found: Mapping[str, Any] = claims
        return found


def _random() -> str:
    return secrets.token_urlsafe(24)


def _refused(message: str) -> Forbidden:
    return Forbidden("sign_in_refused", message)
