"""Who may come in, who is sent away, and how that is said; two people, and never one with two hats."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwt
from psycopg.errors import CheckViolation

from deploy.demo.people import Login, Person, Refused
from deploy.system import System
from tests.journeys.mutual import MONTHLY_MINOR, Mutual, minor, money

A_MEMBER = "/api/registry/v1/members/0199d0f2-6f6a-7c1e-9c39-6f1d1b0c7a55"
PROBLEM = "application/problem+json"


@pytest.fixture
def http(mutual: Mutual) -> Iterator[httpx.Client]:
    """The gateway, for whoever has no token."""
    with mutual.http() as http:
        yield http


def refusal(answer: httpx.Response, status: int) -> dict[str, Any]:
    """A refusal's problem, which is all that it tells."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM), answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert {"type", "title"} <= problem.keys()
    assert "Traceback" not in answer.text
    return problem


# Tokens


def garbled(mutual: Mutual) -> str:
    return "eyJ.eyJ.x"


def expired(mutual: Mutual) -> str:
    return mutual.expired_token


def signed_by_another(mutual: Mutual) -> str:
    """All as it should be, under the name of our key, but signed with another."""
    header, claims = (
        jwt.get_unverified_header(token := mutual.token("robot")),
        jwt.get_unverified_claims(token),
    )
    key = ec.generate_private_key(ec.SECP256R1())
    return str(jwt.encode(claims, key, algorithm="ES256", headers={"kid": header["kid"]}))


def of_another_algorithm(mutual: Mutual) -> str:
    """HMAC with our public key for a secret, which everybody knows (CVE-2024-33663)."""
    [public, *_] = mutual.door.get("/.well-known/jwks.json").json()["keys"]
    claims = jwt.get_unverified_claims(mutual.token("robot"))
    head = _part({"alg": "HS256", "typ": "JWT", "kid": public["kid"]})
    signed = f"{head}.{_part(claims)}"
    digest = hmac.digest(json.dumps(public).encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{_base64url(digest)}"


def of_no_algorithm(mutual: Mutual) -> str:
    claims = jwt.get_unverified_claims(mutual.token("robot"))
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def with_more_rights(mutual: Mutual) -> str:
    """Our own signature under other claims."""
    head, _, signature = (token := mutual.token("agency")).split(".")
    claims = jwt.get_unverified_claims(token) | {"scope": "members:read", "kind": "staff"}
    return f"{head}.{_part(claims)}.{signature}"


def _part(said: dict[str, Any]) -> str:
    return _base64url(json.dumps(said, separators=(",", ":")).encode())


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


TOKENS = [garbled, expired, signed_by_another, of_another_algorithm, of_no_algorithm, with_more_rights]


@pytest.mark.parametrize("make", TOKENS)
def test_a_token_that_is_not_ours_and_in_date_opens_nothing(
    mutual: Mutual, make: Callable[[Mutual], str]
) -> None:
    headers = {"Authorization": f"Bearer {make(mutual)}"}
    answer = mutual.door.get(A_MEMBER, headers=headers)
    refusal(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    # Each part looks for itself: the gateway may be left out.
    service = mutual.system.state["urls"]["registry"]
    refusal(httpx.get(f"{service}/v1/members/{uuid4()}", headers=headers), 401)


def test_only_a_good_token_opens(mutual: Mutual, http: httpx.Client) -> None:
    refusal(http.get(A_MEMBER), 401)
    refusal(http.get(A_MEMBER, auth=("robot", "secret")), 401)
    with mutual.http(mutual.token("robot")) as robot:
        refusal(robot.get(A_MEMBER), 404)


# Rights, shapes, sizes, rates


def test_who_lacks_the_right_is_told_which(mutual: Mutual) -> None:
    with mutual.http(mutual.token("till")) as till, mutual.http(mutual.token("agency")) as agency:
        problem = refusal(till.post("/api/contributions/v1/charge-runs", json={"period": "2026-07"}), 403)
        assert "charges:run" in problem["detail"]
        refusal(agency.get(A_MEMBER), 403)
        refusal(agency.get("/api/contributions/v1/ledger/balances"), 403)
        refusal(till.get("/agency/v1/declarations"), 403)
        refusal(till.get("/api/gateway/v1/staff"), 403)
    with mutual.http(mutual.token("robot")) as robot:
        refusal(robot.get("/api/registry/internal/events"), 404)


SHAPES = [
    ("/api/contributions/v1/payments", {"amount": {"amount": "12.345", "currency": "DOP"}}, "amount"),
    ("/api/contributions/v1/payments", {"amount": {"amount": "-1.00", "currency": "DOP"}}, "amount"),
    ("/api/contributions/v1/payments", {"member_id": "nobody"}, "member_id"),
    ("/api/contributions/v1/payments", {"amuont": 1}, "amuont"),
    ("/api/registry/v1/members", {"birth_date": "1990-02-30"}, "birth_date"),
    ("/api/registry/v1/members", {"documents": [{"type": "C", "number": "99900000001"}]}, "documents"),
    ("/api/contributions/v1/charge-runs", {"period": "2026-13"}, "period"),
]


@pytest.mark.parametrize(("path", "wrong", "field"), SHAPES)
def test_a_wrong_shape_is_told_by_its_field(
    mutual: Mutual, path: str, wrong: dict[str, Any], field: str
) -> None:
    with mutual.http(mutual.token("robot")) as robot:
        answer = robot.post(path, json=wrong, headers={"Idempotency-Key": str(uuid4())})
    fields = [error["field"] for error in refusal(answer, 422)["errors"]]
    assert any(named == field or named.startswith(f"{field}.") for named in fields), fields


def test_whatever_is_asked_wrongly_is_answered_with_a_problem(mutual: Mutual) -> None:
    with mutual.http(mutual.token("robot")) as robot:
        for path in ("/nowhere", "/api/nobody/v1/members", "/api/registry/v1/nothing", "/agency/v1/nothing"):
            refusal(robot.get(path), 404)
        refusal(robot.delete("/api/registry/v1/members"), 405)
        garbled = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        refusal(robot.post("/api/registry/v1/members", content=b'{"', headers=garbled), 422)
        refusal(robot.post("/api/contributions/v1/payments", json={}), 422)  # and no key


def test_too_large_a_body_is_refused_wherever_it_goes(mutual: Mutual) -> None:
    large = b'{"given_names": "' + b"A" * 5_000_000 + b'"}'
    with mutual.http(mutual.token("robot")) as robot:
        for path in ("/api/registry/v1/members", "/api/gateway/v1/clients", "/oauth/token", "/hooks/sms"):
            is_form = path.startswith("/oauth")
            headers = {"Content-Type": "application/x-www-form-urlencoded" if is_form else "application/json"}
            refusal(robot.post(path, content=large, headers=headers), 413)
            refusal(robot.post(path, content=pieces(large), headers=headers), 413)


def pieces(body: bytes) -> Iterator[bytes]:
    """A body whose length is not told beforehand."""
    for first in range(0, len(body), 65_536):
        yield body[first : first + 65_536]


def test_too_many_without_a_token_must_wait_and_nobody_else(mutual: Mutual) -> None:
    with mutual.http(address="127.0.0.2") as crowd:
        answers: list[httpx.Response] = []

        def are_too_many() -> bool:
            answers.extend(crowd.get(A_MEMBER) for _ in range(50))
            return answers[-1].status_code == 429

        mutual.wait(are_too_many, "they are told to wait")
        refusal(answers[-1], 429)
        assert {answer.status_code for answer in answers} == {401, 429}
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 5
        refusal(mutual.door.get(A_MEMBER), 401)
        mutual.wait(lambda: crowd.get(A_MEMBER).status_code == 401, "they are let in again")


def test_guessing_at_passwords_must_wait(mutual: Mutual) -> None:
    with mutual.http(address="127.0.0.3") as guesser:
        proof = {"email": "nobody@mutual.example", "code": "000000"}
        answers = [
            guesser.post("/oauth/staff-token", json=proof | {"password": f"guess-{n}"}) for n in range(12)
        ]
    refusal(answers[0], 401)
    refusal(answers[-1], 429)
    assert int(answers[-1].headers["Retry-After"]) >= 1


# People and systems from the console, and their hats


def amparo(system: System, *arguments: str) -> dict[str, str]:
    """Run the command line on the system's home; the `name: value` lines that it tells."""
    command = [sys.executable, "-m", "deploy.cli", *arguments, "--home", str(system.home.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)


def test_a_system_from_the_console_comes_in(mutual: Mutual, http: httpx.Client) -> None:
    told = amparo(mutual.system, "client", "add", "Banco Sintético", "--role", "auditor")
    grant = {"grant_type": "client_credentials"}
    answer = http.post("/oauth/token", data=grant, auth=(told["client_id"], told["client_secret"]))
    assert answer.status_code == 200, answer.text
    token = answer.json()["access_token"]
    balances = http.get("/api/contributions/v1/ledger/balances", headers={"Authorization": f"Bearer {token}"})
    assert balances.status_code == 200, balances.text
    refused = http.post("/oauth/token", data=grant, auth=(told["client_id"], "guessed"))
    assert refused.status_code == 401


def test_nobody_approves_their_own_work_whatever_their_hats(mutual: Mutual) -> None:
    told = amparo(
        mutual.system,
        *("staff", "add", "dos-sombreros@mutual.example", "--name", "Dos Sombreros"),
        *("--role", "cashier", "--role", "accountant"),
    )
    both = Person(mutual.door, Login(told["email"], told["password"], told["totp"]))
    [member] = mutual.charged(1)
    body = {"member_id": member["id"], "amount": money(MONTHLY_MINOR)}
    paid = both.post("/api/contributions/v1/payments", body, key=str(uuid4()))
    undo = f"/api/contributions/v1/payments/{paid['id']}/reversals"
    asked = both.post(undo, {"reason": "Cobrado por error"}, key=str(uuid4()))
    with pytest.raises(Refused, match="same-person-twice"):
        both.approve("contributions", asked)
    # The database refuses it as well, whatever code may stand before it.
    with mutual.books("contributions") as books, pytest.raises(CheckViolation, match="two_people"):
        books.execute(
            "UPDATE approvals SET state = 'approved', decided_by = requested_by WHERE id = %s", (asked["id"],)
        )
    with mutual.http(mutual.token("robot")) as robot:
        decision = f"/api/contributions/v1/approvals/{asked['id']}/decisions"
        refusal(robot.post(decision, json={"decision": "approve"}), 403)
        refusal(robot.post(undo, json={"reason": "Por una máquina"}), 403)
    assert minor(mutual.accounts([member["id"]])[0]["due"]) == 0
    mutual["accountant"].approve("contributions", asked)
    assert minor(mutual.accounts([member["id"]])[0]["due"]) == MONTHLY_MINOR
    with pytest.raises(Refused, match="already-decided"):
        mutual["accountant-2"].approve("contributions", asked)
    mutual.phones.text(member["phone"], "fue anulado por dos personas")
    mutual.verify()


def test_a_one_time_code_opens_once(mutual: Mutual, http: httpx.Client) -> None:
    login = mutual.logins["visitor"]
    proof = {"email": login.email, "password": login.password, "code": login.code()}
    assert http.post("/oauth/staff-token", json=proof).status_code == 200
    refusal(http.post("/oauth/staff-token", json=proof), 401)
