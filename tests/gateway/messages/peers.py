"""The SMS gateway on the other side: the sandbox's, as a process of its own."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from deploy import processes
from gateway.webhooks.posting import new_secret
from tests.gateway.servers import free_port

SECRET, HOOK_SECRET = new_secret(), new_secret()


@dataclass(frozen=True)
class Peer:
    """A running SMS gateway."""

    url: str
    http: httpx.Client

    def get(self, path: str, **params: str) -> Any:
        return self.http.get(f"{self.url}{path}", params=params).raise_for_status().json()

    def texts(self, phone: str) -> list[str]:
        """What a phone was sent, in order."""
        return [message["text"] for message in self.get("/messages", to=phone)]

    def figures(self) -> dict[str, int]:
        return dict(self.get("/figures"))

    def write(self, phone: str, text: str, **given: str) -> int:
        """Play a member who writes; the status that our hook answered with."""
        body = {"from": phone, "text": text, **given}
        answer = self.http.post(f"{self.url}/inbound", json=body)
        return int(answer.raise_for_status().json()["status"])


@contextlib.contextmanager
def sms_gateway(hook: str, *, seed: int = 1) -> Iterator[Peer]:
    """The sandbox's SMS gateway, whose receipts go to `hook`."""
    port = free_port()
    command = [sys.executable, "-m", "deploy.sandbox.sms_gateway", "--port", str(port), "--hook", hook]
    secrets = {"AMPARO_SANDBOX_SMS_SECRET": SECRET, "AMPARO_SANDBOX_SMS_HOOK_SECRET": HOOK_SECRET}
    process = processes.start(
        [*command, "--seed", str(seed)], log=subprocess.DEVNULL, environment={**os.environ, **secrets}
    )
    try:
        with httpx.Client(trust_env=False) as http:
            peer = Peer(f"http://127.0.0.1:{port}", http)
            until(lambda: _answers(peer))
            yield peer
    finally:
        processes.end(process)


def _answers(peer: Peer) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return bool(peer.figures())
    return False


def until(holds: Callable[[], Any], *, seconds: float = 20) -> None:
    """Wait until something holds."""
    last = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < last, "it does not come to hold"
        time.sleep(0.03)
