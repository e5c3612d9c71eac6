"""The sandbox's SMS gateway, as a process: it checks who sends, takes each message once, and reports."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.sandbox.sms_gateway import is_loopback
from deploy.sandbox.sms_reports import Fate
from gateway.webhooks.posting import new_secret, signed_headers, verify
from services.kit import clock
from services.kit.ids import new_id
from tests.gateway.messages.peers import HOOK_SECRET, SECRET, Peer, sms_gateway, until
from tests.gateway.servers import served


@dataclass
class Hook:
    """Where the receipts arrive."""

    webhooks: list[tuple[str, Any]] = field(default_factory=list)
    refusals: int = 0

    async def take(self, request: Request) -> Response:
        body = await request.body()
        id = verify(HOOK_SECRET, request.headers, body)
        if self.refusals:
            self.refusals -= 1
            return Response(status_code=503)
        self.webhooks.append((id, json.loads(body)))
        return Response(status_code=204)

    def reported(self) -> list[tuple[str, str]]:
        """Every receipt, in the order in which it came."""
        listed = [said["data"]["receipts"] for _, said in self.webhooks if said["type"] == "sms.receipts"]
        return [(one["id"], one["status"]) for receipts in listed for one in receipts]


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Peer, Hook]]:
    hook = Hook(refusals=1)
    app = Starlette(routes=[Route("/hooks/sms", hook.take, methods=["POST"])])
    with served(app) as port, sms_gateway(f"http://127.0.0.1:{port}/hooks/sms", seed=7) as peer:
        yield peer, hook


def post(peer: Peer, text: str, *, id: str | None = None, secret: str = SECRET) -> int:
    """Post one message; the status of the answer, or 0 if it was lost."""
    id = id or str(new_id())
    said = {"type": "sms.send", "data": {"id": id, "to": "+18095550100", "text": text}}
    body = json.dumps(said).encode()
    headers = signed_headers(secret, id, body, at=clock.now())
    with contextlib.suppress(httpx.RemoteProtocolError):
        return peer.http.post(f"{peer.url}/sms", content=body, headers=headers).status_code
    return 0


def test_messages_are_taken_reported_and_shown(both: tuple[Peer, Hook]) -> None:
    peer, hook = both
    ids = [str(new_id()) for _ in range(150)]
    first = [post(peer, f"text {n}", id=id) for n, id in enumerate(ids)]
    assert set(first) == {202, 503, 0}
    again = [post(peer, f"text {n}", id=id) for n, id in enumerate(ids)]
    assert set(again) == {202}
    figures = peer.figures()
    assert figures["taken"] == 150
    assert figures["refused"] == first.count(503)
    assert figures["answers_lost"] == again.count(0) + first.count(0)
    assert figures["known"] == 150 - first.count(503)
    until(lambda: peer.figures()["waiting"] == 0 and len({id for id, _ in hook.reported()} & set(ids)) == 150)
    assert figures["delivered"] + figures["failed"] == 150
    assert figures["failed"] > 0
    reported = hook.reported()
    final = {id: status for id, status in reported if status != "accepted"}
    assert list(final.values()).count("failed") == figures["failed"]
    assert len(reported) > len(set(reported))  # some twice
    backwards = [
        n
        for n, (id, status) in enumerate(reported)
        if status == "accepted" and (id, final[id]) in reported[:n]
    ]
    assert backwards
    assert [one["text"] for one in peer.get("/messages", to="+18095550100")] == [
        f"text {n}" for n in _order(peer)
    ]


def _order(peer: Peer) -> list[int]:
    return [int(one["text"].split()[1]) for one in peer.get("/messages")]


def test_what_is_not_signed_is_refused_and_counted(both: tuple[Peer, Hook]) -> None:
    peer, _ = both
    assert post(peer, "false", secret=new_secret()) == 401
    assert peer.http.post(f"{peer.url}/sms", json={}).status_code == 401
    assert peer.figures()["bad_signatures"] == 2
    assert "false" not in json.dumps(peer.get("/messages"))


def test_a_member_who_writes_is_played(both: tuple[Peer, Hook]) -> None:
    peer, hook = both
    assert peer.write("+18095550123", "BAJA", id="msg_stop") == 204
    [said] = [said for id, said in hook.webhooks if id == "msg_stop"]
    assert (said["type"], said["data"]) == ("sms.inbound", {"from": "+18095550123", "text": "BAJA"})


def test_fates_follow_from_the_seed_alone() -> None:
    fates = [Fate.of(1, number) for number in range(1, 1_001)]
    assert fates == [Fate.of(1, number) for number in range(1, 1_001)]
    assert fates != [Fate.of(2, number) for number in range(1, 1_001)]
    assert 940 < sum(fate.is_delivered for fate in fates) < 990
    assert sum(fate.is_refused_first for fate in fates) > 20


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:8000/hooks/sms", True),
        ("http://localhost:8000/hooks/sms", True),
        ("http://[::1]:8000/", True),
        ("http://192.168.1.1/", False),
        ("https://amparo.example.org/", False),
        ("http://0.0.0.0/", False),
        ("127.0.0.1", False),
    ],
)
def test_it_reports_to_this_machine_alone(url: str, is_here: bool) -> None:
    assert is_loopback(url) == is_here


def test_another_machine_is_refused_as_its_hook() -> None:
    command = [
        sys.executable,
        "-m",
        "deploy.sandbox.sms_gateway",
        "--port",
        "1",
        "--hook",
        "https://example.org/",
    ]
    ended = subprocess.run(command, capture_output=True, env=os.environ, timeout=60, check=False)
    assert ended.returncode == 2
    assert b"loopback" in ended.stderr
