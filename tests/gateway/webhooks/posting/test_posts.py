"""Posting over real connections: what comes of it, to whom it goes, how many at once."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.webhooks.posting import Outcome, Post, Poster, new_secret, verify
from gateway.webhooks.posting.addresses import LOOPBACK, Networks
from services.kit import clock
from services.kit.ids import new_id
from tests.gateway.servers import cutting, free_port, served

SECRET = new_secret()


class Receiver:
    """A system that is posted to; it answers as its path says."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.at_once = self.at_once_max = 0

    async def answer(self, request: Request) -> Response:
        body = await request.body()
        self.taken.append((verify(SECRET, request.headers, body), request.headers["host"]))
        return Response(status_code=int(request.path_params["status"]), headers={"Retry-After": "7"})

    async def slow(self, request: Request) -> Response:
        self.at_once += 1
        self.at_once_max = max(self.at_once, self.at_once_max)
        await asyncio.sleep(0.1)
        self.at_once -= 1
        return Response(status_code=204)

    async def elsewhere(self, request: Request) -> Response:
        return RedirectResponse("/status/204", 307)

    async def endless(self, request: Request) -> Response:
        return Response(b"x" * 10_000_000)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/status/{status}", self.answer, methods=["POST"]),
                Route("/slow", self.slow, methods=["POST"]),
                Route("/elsewhere", self.elsewhere, methods=["POST"]),
                Route("/endless", self.endless, methods=["POST"]),
            ]
        )


@pytest.fixture(scope="module")
def receiver() -> Iterator[tuple[Receiver, int]]:
    receiver = Receiver()
    with served(receiver.app) as port:
        yield receiver, port


def post_all(*urls: Any, allowed: Networks = LOOPBACK, at_once: int = 8, **given: Any) -> list[Outcome]:
    """Post something to each address and tell what came of it."""

    async def story() -> list[Outcome]:
        poster = Poster("tests", at_once=at_once, allowed=allowed, keeps_connections=True)
        try:
            return await poster.post_all([Post(new_id(), 1, url, SECRET, b'{"a": 1}') for url in urls])
        finally:
            await poster.close()

    return asyncio.run(story())


def test_an_answer_is_told_as_it_came(receiver: tuple[Receiver, int]) -> None:
    _, port = receiver
    outcomes = post_all(*(f"http://127.0.0.1:{port}/status/{status}" for status in (204, 202, 400, 503)))
    assert [one.status for one in outcomes] == [204, 202, 400, 503]
    assert {one.retry_after_seconds for one in outcomes} == {7}


def test_a_name_is_resolved_checked_and_still_told_to_the_receiver(receiver: tuple[Receiver, int]) -> None:
    known, port = receiver
    [outcome] = post_all(f"http://localhost:{port}/status/204")
    assert outcome.status == 204
    assert known.taken[-1][1] == f"localhost:{port}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
def test_a_private_address_is_never_connected_to(receiver: tuple[Receiver, int], host: str) -> None:
    known, port = receiver
    before = len(known.taken)
    [outcome] = post_all(f"http://{host}:{port}/status/204", allowed=())
    assert outcome in (Outcome(error="private"), Outcome(error="InvalidUrlClientError"))
    assert len(known.taken) == before


def test_nobody_is_led_elsewhere(receiver: tuple[Receiver, int]) -> None:
    known, port = receiver
    before = len(known.taken)
    [outcome] = post_all(f"http://127.0.0.1:{port}/elsewhere")
    assert outcome.status == 307
    assert len(known.taken) == before


def test_a_receiver_who_cannot_prove_its_name_is_told_nothing(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    started = clock.now() - timedelta(days=1)
    signed = (
        builder.not_valid_before(started).not_valid_after(started + timedelta(days=9)).sign(key, SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "both.pem").write_bytes(pem + signed.public_bytes(Encoding.PEM))
    receiver = Receiver()
    with served(receiver.app, ssl_certfile=tmp_path / "both.pem") as port:
        [outcome] = post_all(f"https://localhost:{port}/status/204")
    assert outcome == Outcome(error="ClientConnectorCertificateError")
    assert receiver.taken == []


def test_where_nobody_listens_nothing_has_arrived() -> None:
    [outcome] = post_all(f"http://127.0.0.1:{free_port()}/")
    assert outcome == Outcome(error="ClientConnectorError")


def test_a_name_that_leads_nowhere_has_not_arrived_either() -> None:
    [outcome] = post_all("http://no-such-host.invalid/")
    assert outcome == Outcome(error="ClientConnectorDNSError")


def test_an_answer_that_does_not_come_is_lost() -> None:
    with cutting() as (port, read):
        [outcome] = post_all(f"http://127.0.0.1:{port}/")
        assert (outcome.status, outcome.is_lost) == (None, True)
        assert b"webhook-signature" in read[0]


@pytest.mark.parametrize("url", ["not an address", "http://", "ftp://127.0.0.1/", "http://127.0.0.1:99999/"])
def test_an_address_that_is_none_hurts_nobody_else(receiver: tuple[Receiver, int], url: str) -> None:
    _, port = receiver
    wrong, right = post_all(url, f"http://127.0.0.1:{port}/status/204")
    assert (wrong.status, wrong.is_lost, right.status) == (None, False, 204)


def test_what_nobody_foresaw_hurts_nobody_else_and_may_have_arrived(receiver: tuple[Receiver, int]) -> None:
    _, port = receiver
    odd, right = post_all(None, f"http://127.0.0.1:{port}/status/204")
    assert (odd.status, odd.is_lost, right.status) == (None, True, 204)


def test_so_many_go_at_once_and_not_more(receiver: tuple[Receiver, int]) -> None:
    known, port = receiver
    started = time.monotonic()
    outcomes = post_all(*[f"http://127.0.0.1:{port}/slow"] * 16, at_once=4)
    assert {one.status for one in outcomes} == {204}
    assert known.at_once_max == 4
    assert time.monotonic() - started < 1.6


def test_a_long_answer_is_not_read_to_its_end(receiver: tuple[Receiver, int]) -> None:
    _, port = receiver
    [outcome] = post_all(f"http://127.0.0.1:{port}/endless")
    assert outcome.status == 200
