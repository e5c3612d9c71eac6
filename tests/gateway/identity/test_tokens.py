"""Access tokens at the front door: which are taken, which are not."""

import base64
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi.testclient import TestClient
from jose import jwt
from sqlmodel import Session

from gateway.identity.keys import ring
from services.kit import tokens
from services.kit.ids import new_id
from services.kit.principals import Principal
from tests.gateway import factories
from tests.gateway.conftest import URL

ME = "/api/gateway/v1/me"


def status(api: TestClient, token: str) -> int:
    answer = api.get(ME, headers={"Authorization": f"Bearer {token}"})
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
    return int(answer.status_code)


def signed(**given: Any) -> str:
    """A token as the gateway makes it, but for what is given."""
    key = ring.signing_key()
    now = int(time.time())
    claims = {
        "sub": "00000000-0000-7000-8000-000000000001",
        "kind": "client",
        "scope": "members:read",
        "iss": URL,
        "aud": "amparo",
        "iat": now,
        "exp": now + 600,
    }
    private_pem, kid = given.pop("private_pem", key.private_pem), given.pop("kid", key.kid)
    kept = {name: value for name, value in {**claims, **given}.items() if value is not None}
    return str(jwt.encode(kept, private_pem, algorithm="ES256", headers={"kid": kid}))


def test_a_token_of_ours_is_taken(api: TestClient) -> None:
    assert status(api, signed()) == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": int(time.time()) - 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"aud": "somebody-else"},
        {"aud": None},
        {"iss": "https://elsewhere.test"},
        {"iss": None},
        {"sub": None},
        {"sub": "not-an-id"},
        {"scope": None},
        {"kind": None},
        {"kid": "another-key"},
    ],
)
def test_a_token_that_says_something_wrong_is_refused(api: TestClient, wrong: dict[str, Any]) -> None:
    assert status(api, signed(**wrong)) == 401


def test_a_token_signed_by_another_key_is_refused(api: TestClient) -> None:
    foreign = ec.generate_private_key(ec.SECP256R1())
    pem = foreign.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert status(api, signed(private_pem=pem)) == 401


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_another_algorithm_is_refused_whatever_it_is_signed_with(api: TestClient) -> None:
    key = ring.signing_key()
    header, claims, _ = signed().split(".")
    unsigned = f"{encoded({'alg': 'none', 'kid': key.kid})}.{claims}."
    # What CVE-2024-33663 was: the public key taken as the secret of an HMAC.
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    confused = jwt.encode(said, json.dumps(key.public_jwk), algorithm="HS256", headers={"kid": key.kid})
    for token in (unsigned, confused, f"{header}.{claims}.", f"{header}.{claims}.AAAA", "x.y.z", "garbage"):
        assert status(api, token) == 401, token


def test_an_altered_token_is_refused(api: TestClient) -> None:
    header, claims, signature = signed().split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    altered = encoded({**said, "scope": "staff:manage"})
    assert status(api, f"{header}.{altered}.{signature}") == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic Zm9vOmJhcg==", "Token abc"])
def test_no_token_is_no_way_in(api: TestClient, header: str) -> None:
    answer = api.get(ME, headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_carries_whom_it_speaks_for(api: TestClient, session: Session) -> None:
    roots = [factories.person(session).id]
    person = factories.person(session, "head", roots=roots, language="en")
    said = api.get(ME, headers=person.headers).json()
    assert said["subject"] == str(person.id)
    assert said["roots"] == [str(root) for root in roots]
    assert said["scopes"] == sorted(person.principal.scopes)


def test_a_token_of_a_part_does_not_open_the_front_door(api: TestClient) -> None:
    part = Principal(new_id(), "service", frozenset({"internal"}))
    assert api.get(ME, headers=factories.headers(part)).status_code == 403


def test_a_token_lives_ten_minutes(api: TestClient) -> None:
    made = factories.headers(Principal(new_id(), "client", frozenset()))
    claims = tokens.verify(made["Authorization"].partition(" ")[2])
    assert claims["exp"] - int(claims["iat"]) == 600
