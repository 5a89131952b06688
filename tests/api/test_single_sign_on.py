"""Signing in at a provider of OpenID Connect, a process of its own: who is let in, and what is not believed."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from assigner.api.app import create_app
from assigner.settings import Provider, Settings, settings_from
from assigner.testing import Workbench
from presence.errors import Invalid
from tests.api.provider import CLIENT_ID, CLIENT_SECRET

PUBLIC = "https://contacts.example.org"
COOKIE, TRIP = "__Host-assigner_session", "__Host-assigner_elsewhere"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that runs."""
    command = [sys.executable, "-m", "tests.api.provider"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


class Browser:
    """Somebody with a browser, who goes where answers send them."""

    def __init__(self, bench: Workbench, issuer: str, **behaviour: Any) -> None:
        provider = Provider(
            issuer=issuer,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            name="Example",
            workspace=bench.workspace_id,
        )
        told = {"now": int(bench.now.timestamp()), **behaviour}
        httpx2.post(f"{issuer}/next", json=told).raise_for_status()
        self.client = TestClient(
            create_app(bench.product, Settings(public_url=PUBLIC, provider=provider)),
            base_url=PUBLIC,
            follow_redirects=False,
        )

    def goes(self, wanted: str = "/desk") -> str:
        """To the provider; the address at which it sends the browser back."""
        begun = self.client.get("/sign-in/elsewhere", params={"next": wanted})
        assert begun.status_code == 303, begun.text
        return str(httpx2.get(begun.headers["location"]).headers["location"])

    def comes(self, address: str) -> httpx2.Response:
        """Back from the provider."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{PUBLIC}/sign-in/back"
        return self.client.get(f"{parts.path}?{parts.query}")

    def is_signed_in(self) -> bool:
        return self.client.get("/v1/sessions/current").status_code == 200


def person(email: str = "ana@example.com", **claims: Any) -> dict[str, Any]:
    """Whom the provider lets in."""
    return {"email": email, "email_verified": True, **claims}


@pytest.fixture
def bench() -> Iterator[Workbench]:
    with Workbench() as bench:
        bench.client().put("/v1/agents/ana", json={"email": "ana@example.com"}).raise_for_status()
        yield bench


def test_whoever_the_provider_knows_by_a_verified_email_is_signed_in(bench: Workbench, issuer: str) -> None:
    browser = Browser(bench, issuer, claims=person("Ana@Example.com"))

    answer = browser.comes(browser.goes("/desk"))

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    session = browser.client.get("/v1/sessions/current").json()
    assert session["agent_id"] == "ana"
    cookies = answer.headers.get_list("set-cookie")
    (own,) = (each for each in cookies if each.startswith(f"{COOKIE}="))
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(own.split("; "))
    assert any(each.startswith(f'{TRIP}=""') for each in cookies)


def test_the_page_for_signing_in_leads_to_the_provider_only_where_there_is_one(bench: Workbench, issuer: str) -> None:
    with_one = Browser(bench, issuer).client.get("/sign-in?next=/desk").text
    without = TestClient(create_app(bench.product), base_url=PUBLIC, follow_redirects=False)

    assert 'href="/sign-in/elsewhere?next=/desk"' in with_one
    assert "Sign in with Example" in with_one
    assert "/sign-in/elsewhere" not in without.get("/sign-in").text
    assert [without.get(f"/sign-in/{path}").status_code for path in ("elsewhere", "back")] == [404, 404]


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        pytest.param({"claims": person(nonce="another")}, "nonce", id="the token of another sign-in"),
        pytest.param({"claims": person(aud="somebody-else")}, "aud", id="a token for another client"),
        pytest.param({"claims": person(iss="https://evil.example.org")}, "iss", id="of another issuer"),
        pytest.param({"claims": person(exp=1)}, "expired", id="one that has expired"),
        pytest.param({"claims": person(), "signed_with": "another key"}, "signature", id="signed by somebody else"),
        pytest.param({"claims": person(), "signed_with": "nothing"}, "cannot be believed", id="not signed at all"),
        pytest.param({"claims": person(email_verified=False)}, "no email that it has verified", id="not verified"),
        pytest.param({"claims": {"email": "ana@example.com"}}, "no email that it has verified", id="not said to be"),
        pytest.param({"claims": person("eve@example.com")}, "nobody here has the email", id="a stranger"),
        pytest.param({"error": "access_denied"}, "let nobody in (access_denied)", id="refused by the provider"),
    ],
)
def test_what_cannot_be_believed_lets_nobody_in(
    bench: Workbench, issuer: str, behaviour: dict[str, Any], says: str
) -> None:
    browser = Browser(bench, issuer, **behaviour)

    answer = browser.comes(browser.goes())

    assert answer.status_code == 403
    assert says in answer.text.lower() or says in answer.text
    assert not browser.is_signed_in()


def test_a_provider_that_calls_itself_otherwise_is_not_asked(bench: Workbench, issuer: str) -> None:
    browser = Browser(bench, issuer, called="https://evil.example.org")

    assert browser.client.get("/sign-in/elsewhere").status_code == 403


def test_a_provider_that_is_not_there_is_told(bench: Workbench, issuer: str) -> None:
    browser = Browser(bench, issuer)
    nobody = Provider(issuer="http://127.0.0.1:9", client_id="c", client_secret="s", name="Example")
    client = TestClient(create_app(bench.product, Settings(public_url=PUBLIC, provider=nobody)), base_url=PUBLIC)

    answer = client.get("/sign-in/elsewhere")

    assert (answer.status_code, browser.is_signed_in()) == (403, False)
    assert "cannot be reached now" in answer.text


def test_a_browser_that_did_not_begin_is_not_let_in_and_a_code_counts_once(bench: Workbench, issuer: str) -> None:
    ana, eve = (Browser(bench, issuer, claims=person()) for _ in range(2))
    back = ana.goes()
    foreign = eve.comes(back)
    eve.goes()
    with_own_trip = eve.comes(back)

    eve.goes()
    made_up = eve.client.get("/sign-in/back?code=x&state=%C3%A9")

    assert made_up.status_code == 403
    assert [foreign.status_code, with_own_trip.status_code, ana.comes(back).status_code] == [403, 403, 303]
    assert (ana.is_signed_in(), eve.is_signed_in()) == (True, False)
    assert ana.comes(back).status_code == 403


def test_a_deactivated_agent_is_not_let_in(bench: Workbench, issuer: str) -> None:
    bench.client().patch("/v1/agents/ana", json={"active": False}).raise_for_status()
    browser = Browser(bench, issuer, claims=person())

    answer = browser.comes(browser.goes())

    assert not browser.is_signed_in()
    assert answer.status_code in (303, 403)


@pytest.mark.parametrize("wanted", ["https://evil.example.org/", "//evil.example.org/", "/\\evil.example.org"])
def test_nobody_is_sent_to_another_site_afterwards(bench: Workbench, issuer: str, wanted: str) -> None:
    browser = Browser(bench, issuer, claims=person())

    assert browser.comes(browser.goes(wanted)).headers["location"] == "/"


SET_UP = {
    "ASSIGNER_OIDC_ISSUER": "https://login.example.org",
    "ASSIGNER_OIDC_CLIENT_ID": "assigner",
    "ASSIGNER_OIDC_CLIENT_SECRET": "never shown",
    "ASSIGNER_PUBLIC_URL": PUBLIC,
}


def test_a_provider_is_set_up_in_the_environment() -> None:
    settings = settings_from(SET_UP)

    assert settings.provider is not None
    assert (settings.provider.name, settings.provider.workspace) == ("login.example.org", "main")
    assert "never shown" not in repr(settings)


@pytest.mark.parametrize("missing", [name for name in SET_UP if name != "ASSIGNER_OIDC_ISSUER"])
def test_what_is_missing_of_it_is_named(missing: str) -> None:
    with pytest.raises(Invalid) as refused:
        settings_from({name: value for name, value in SET_UP.items() if name != missing})

    assert str(refused.value) == f"ASSIGNER_OIDC_ISSUER is set, so {missing} must be as well"
