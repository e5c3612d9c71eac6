"""Forwarding, over real connections to a real service."""

import asyncio
import http.client
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware

from deploy.databases import Database
from gateway.admission import admit
from gateway.forwarding import Forwarder, Pool
from gateway.identity.staff import service as staff
from gateway.limits import buckets
from gateway.settings import settings
from services.kit.ids import new_id
from services.kit.principals import Principal
from tests.gateway import factories, servers
from tests.gateway.forwarding.conftest import Upstream
from tests.gateway.servers import ask

HOLDER = Principal(new_id(), "client", frozenset({"members:read"}))


@pytest.fixture
def bearer(front: int) -> str:
    return factories.headers(HOLDER)["Authorization"]


def test_a_request_arrives_as_it_was_sent(front: int, bearer: str) -> None:
    answer = ask(
        front,
        "/api/registry/v1/members/a%20b?state=active&name=%C3%A9&limit=2",
        method="POST",
        body=b'{"phone": "809"}',
        Authorization=bearer,
        Content_Type="application/json",
        Idempotency_Key='"k-1"',
        If_Match='"3"',
    )
    assert answer.status == 201
    seen = answer.json()
    assert (seen["method"], seen["path"]) == ("POST", "/v1/members/a%20b")
    assert seen["query"] == "state=active&name=%C3%A9&limit=2"
    assert seen["body"] == '{"phone": "809"}'
    assert seen["headers"]["authorization"] == bearer
    assert seen["headers"]["idempotency-key"] == '"k-1"'
    assert seen["headers"]["if-match"] == '"3"'
    assert seen["headers"]["content-length"] == "16"
    assert answer.headers["link"] == '<?after=1>; rel="next"'


def test_headers_of_one_connection_and_claims_of_the_asker_do_not_pass(front: int, bearer: str) -> None:
    answer = ask(
        front,
        "/api/registry/v1/members",
        Authorization=bearer,
        X_Forwarded_For="203.0.113.9",
        X_Forwarded_Host="elsewhere.test",
        X_Real_Ip="203.0.113.9",
        Forwarded="for=203.0.113.9",
        Cookie="__Host-amparo=secret",
        X_Request_Id="travels-along",
        Keep_Alive="timeout=5",
        TE="trailers",
        Upgrade="h2c",
    )
    seen = answer.json()["headers"]
    # Uvicorn trusts the loopback, where these tests are, to say for whom it asks.
    assert seen["x-forwarded-for"] == "203.0.113.9"
    assert seen["x-request-id"] == answer.headers["x-request-id"] == "travels-along"
    hidden = {"cookie", "x-forwarded-host", "x-real-ip", "forwarded", "keep-alive", "te", "upgrade"}
    assert hidden.isdisjoint(seen)
    assert "gateway.test" not in seen["host"]
    assert {"set-cookie", "keep-alive", "x-hop"}.isdisjoint(answer.headers)
    assert answer.headers["content-length"] == str(len(answer.body))


def test_headers_named_by_connection_stay_behind(front: int, bearer: str) -> None:
    answer = ask(front, "/api/registry/v1/x", Authorization=bearer, X_Hop="1", Connection="keep-alive, X-Hop")
    assert "x-hop" not in answer.json()["headers"]


@pytest.mark.parametrize(
    ("target", "arrives"),
    [
        ("/api/registry/v1/members", "/v1/members"),
        ("/api/contributions/v1/schemes/do-sdss/quote?wage=1", "/v1/schemes/do-sdss/quote"),
        ("/agency/v1/declarations?period=2026-07", "/agency/v1/declarations"),
        ("/agency/v1/declarations/1/file", "/agency/v1/declarations/1/file"),
        ("/agency/v1/payment-notices", "/agency/v1/payment-notices"),
    ],
)
def test_each_path_has_its_place(front: int, bearer: str, target: str, arrives: str) -> None:
    assert ask(front, target, Authorization=bearer).json()["path"] == arrives


@pytest.mark.parametrize(
    "target",
    [
        "/api/registry/internal/events",
        "/api/registry/v1/../internal/events",
        "/api/registry/v1/%2e%2e/internal/events",
        "/api/registry/v1/%2E%2E/internal/events",
        "/api/registry/v1/.%2e/internal/events",
        "/api/registry/v1/..%2finternal/events",
        "/api/registry/v1/%2e%2e%2finternal%2fevents",
        "/api/registry/v1/%252e%252e/internal/events",
        "/api/registry/v1/..%5cinternal",
        "/api/registry/v1/..\\internal",
        "/api/registry/v1//internal/events",
        "/api/registry/v1/./members",
        "/api/registry//v1/members",
        "/api/registry/v1/members/",
        "/api/registry/v1/a%00b",
        "/api/registry/v1/a%0d%0ab",
        "/api/registry/v1",
        "/api/registry/v1/",
        "/api/registry/v2/members",
        "/api/registry/healthz",
        "/api/registry/metrics",
        "/api%2fregistry/v1/members",
        "/api/registry%2fv1/members",
        "/api/REGISTRY/v1/members",
        "/api/registry/V1/members",
        "/api/gateway/v1/../../registry/v1/members",
        "/agency/v1/members",
        "/agency/v1/../../internal/events",
        "/agency/v2/declarations",
        "/agency/internal/events",
    ],
)
def test_no_path_leads_past_the_front_door(front: int, upstream: Upstream, bearer: str, target: str) -> None:
    upstream.seen.clear()
    answer = ask(front, target, Authorization=bearer)
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert upstream.seen == []


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_strange_methods_go_nowhere(front: int, upstream: Upstream, bearer: str, method: str) -> None:
    upstream.seen.clear()
    assert ask(front, "/api/registry/v1/members", method=method, Authorization=bearer).status in (400, 404)
    assert upstream.seen == []


def test_nothing_passes_without_a_good_token(front: int, upstream: Upstream, bearer: str) -> None:
    upstream.seen.clear()
    part = factories.headers(Principal(new_id(), "service", frozenset({"internal"})))["Authorization"]
    for shown, status in ("", 401), (bearer[:-3] + "AAA", 401), (part, 403):
        answer = ask(front, "/api/registry/v1/members", Authorization=shown)
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert upstream.seen == []


def test_a_deactivated_person_is_refused_at_once(front: int, upstream: Upstream, session: Session) -> None:
    person, manager = factories.person(session, "cashier"), factories.person(session, "administrator")
    bearer = person.headers["Authorization"]

    def pay() -> servers.Answer:
        path = "/api/contributions/v1/payments"
        return ask(front, path, method="POST", body=b"{}", Authorization=bearer)

    assert pay().status == 201
    staff.deactivate(session, person.id, by=manager.principal, reason="left the mutual")
    session.commit()
    upstream.seen.clear()
    answer = pay()
    assert (answer.status, answer.json()["type"]) == (401, "unauthorized")
    assert upstream.seen == []


def test_too_many_requests_of_one_principal_wait_and_others_do_not(front: int, bearer: str) -> None:
    buckets.requests().size, buckets.requests().per_second = 3, 0.5
    statuses = [ask(front, "/api/registry/v1/x", Authorization=bearer).status for _ in range(5)]
    assert statuses == [201, 201, 201, 429, 429]
    answer = ask(front, "/api/registry/v1/x", Authorization=bearer)
    assert answer.headers["content-type"] == "application/problem+json"
    assert 1 <= int(answer.headers["retry-after"]) <= 2
    other = factories.headers(Principal(new_id(), "client", frozenset()))["Authorization"]
    assert ask(front, "/api/registry/v1/x", Authorization=other).status == 201


def test_who_sends_many_bad_tokens_waits(front: int) -> None:
    buckets.openings().size, buckets.openings().per_second = 4, 0.5
    statuses = [
        ask(front, "/api/registry/v1/x", Authorization=f"Bearer made-up-{n}").status for n in range(6)
    ]
    assert statuses == [401] * 4 + [429] * 2


def test_a_body_may_come_in_pieces_of_unknown_number(front: int, bearer: str) -> None:
    chunked = b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    answer = ask(
        front,
        "/api/registry/v1/notes",
        method="POST",
        body=chunked,
        Authorization=bearer,
        Transfer_Encoding="chunked",
    )
    assert answer.json()["body"] == "hello world"


def test_a_large_upload_is_streamed_with_its_length(front: int, bearer: str) -> None:
    body = b"r" * 1_500_000
    answer = ask(
        front,
        "/api/registry/v1/imports",
        method="POST",
        body=body,
        Authorization=bearer,
        Content_Type="multipart/form-data; boundary=x",
    )
    seen = answer.json()
    assert (seen["size"], seen["headers"]["content-length"]) == (len(body), str(len(body)))


@pytest.mark.parametrize("is_upload", [False, True])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(
    front: int, upstream: Upstream, bearer: str, is_upload: bool, is_chunked: bool
) -> None:
    upstream.seen.clear()
    size = 2_100_000 if is_upload else 210_000
    kind = "multipart/form-data; boundary=x" if is_upload else "application/json"
    if is_chunked:
        piece = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        body, more = piece * (size // 0x8000 + 1) + b"0\r\n\r\n", {"Transfer_Encoding": "chunked"}
    else:
        body, more = b"", {"Content_Length": str(size)}
    answer = ask(
        front,
        "/api/registry/v1/imports",
        method="POST",
        body=body,
        Authorization=bearer,
        Content_Type=kind,
        **more,
    )
    assert (answer.status, answer.json()["type"]) == (413, "too-large")
    assert all("broke_off_after" in seen for seen in upstream.seen), "the service never saw the whole of it"


def test_what_an_agency_sends_may_be_as_large_as_an_upload(
    front: int, upstream: Upstream, bearer: str
) -> None:
    answer = ask(
        front,
        "/agency/v1/payment-notices",
        method="POST",
        body=b"x" * 210_000,
        Authorization=bearer,
        Content_Type="application/json",
        Content_Length="210000",
    )
    assert answer.status == 201, answer.json()


def test_a_large_answer_is_streamed(front: int, bearer: str) -> None:
    answer = ask(front, "/api/registry/v1/large", Authorization=bearer)
    assert len(answer.body) == 64 * 65536 + 3
    assert answer.body.endswith(b"xend")


def test_an_answer_without_content_is_one(front: int, bearer: str) -> None:
    answer = ask(front, "/api/registry/v1/nothing", Authorization=bearer)
    assert (answer.status, answer.body) == (204, b"")


def test_head_tells_the_length_and_no_more(front: int, bearer: str) -> None:
    answer = ask(front, "/api/registry/v1/members", method="HEAD", Authorization=bearer)
    assert (answer.status, answer.body) == (201, b"")
    assert int(answer.headers["content-length"]) > 100


def test_an_answer_before_the_whole_body_is_passed_on(front: int, bearer: str) -> None:
    answer = ask(front, "/api/registry/v1/early", method="POST", body=b"x" * 150_000, Authorization=bearer)
    assert answer.status == 409


def test_a_service_that_is_down_is_said_to_be(front: int, bearer: str) -> None:
    answer = ask(front, "/api/benefits/v1/disbursements", Authorization=bearer)
    assert (answer.status, answer.json()["type"]) == (503, "part-unavailable")
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) >= 1


def test_a_service_that_is_silent_is_given_up(front: int, bearer: str) -> None:
    began = time.monotonic()
    answer = ask(front, "/api/registry/v1/silent", Authorization=bearer)
    assert (answer.status, answer.json()["type"]) == (504, "part-too-slow")
    assert time.monotonic() - began < 2.5


def test_a_lost_answer_is_not_asked_for_again(gateway: Database) -> None:
    bearer = factories.headers(HOLDER)["Authorization"]
    pool = Pool(silence_seconds_max=5)

    @asynccontextmanager
    async def closing(app: Starlette) -> AsyncIterator[None]:
        yield
        await pool.close()

    with servers.cutting() as (port, read):
        known = settings().model_copy(update={"registry_url": f"http://127.0.0.1:{port}"})
        forwarder = Middleware(Forwarder, settings=known, pool=pool)
        with servers.served(Starlette(middleware=[forwarder], lifespan=closing), lifespan="on") as front:
            answer = ask(front, "/api/registry/v1/members", method="POST", body=b"{}", Authorization=bearer)
    assert (answer.status, answer.json()["type"]) == (502, "answer-lost")
    assert "Idempotency-Key" in answer.json()["detail"]
    assert len(read) == 1


def test_an_answer_that_breaks_off_is_seen_to(front: int, bearer: str) -> None:
    with pytest.raises(http.client.IncompleteRead):
        ask(front, "/api/registry/v1/breaks-off", Authorization=bearer)


def test_nothing_is_fetched_for_who_has_gone(front: int, upstream: Upstream, bearer: str) -> None:
    upstream.seen.clear()
    url = f"http://127.0.0.1:{front}/api/registry/v1/endless"
    with httpx.stream("GET", url, headers={"Authorization": bearer}) as answer:
        next(answer.iter_raw())
    until = time.monotonic() + 5
    while {"path": "/v1/endless", "asker_gone": True} not in upstream.seen:
        assert time.monotonic() < until, "the service goes on streaming to nobody"
        time.sleep(0.02)


def test_an_asker_who_hangs_up_in_the_middle_of_a_body_leaves_no_request_done(
    front: int, upstream: Upstream, bearer: str
) -> None:
    upstream.seen.clear()
    with socket.create_connection(("127.0.0.1", front), timeout=10) as line:
        line.sendall(
            f"POST /api/registry/v1/imports HTTP/1.1\r\nHost: g\r\nAuthorization: {bearer}\r\n"
            "Content-Length: 150000\r\n\r\n".encode()
            + b"x" * 140_000
        )
        time.sleep(0.3)
    until = time.monotonic() + 5
    while not upstream.seen:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert upstream.seen == [{"path": "/v1/imports", "broke_off_after": 140_000}]


def test_admission_asks_the_database_while_it_hears_of_no_revocation(session: Session) -> None:
    """Without the lifespan nobody listens: a withdrawn token is refused all the same."""
    person, manager = factories.person(session, "cashier"), factories.person(session, "administrator")
    bearer = person.headers["Authorization"]
    asyncio.run(admit(bearer, "127.0.0.1"))
    staff.withdraw_role(session, person.id, "cashier", by=manager.principal)
    session.commit()
    with pytest.raises(Exception, match="withdrawn"):
        asyncio.run(admit(bearer, "127.0.0.1"))
