"""How the sandbox's SMS gateway reports: in signed webhooks, some twice, some backwards, some of nobody."""

import asyncio
import heapq
import itertools
import json
import logging
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
from standardwebhooks import Webhook

_log = logging.getLogger("sandbox.sms")

RECEIPTS_AT_ONCE = 50
TICK_SECONDS = 0.05
TRIES_AFTER_SECONDS = (0.2, 0.5, 1, 2, 5, 10, 10, 10)


@dataclass(frozen=True)
class Fate:
    """What becomes of one message."""

    is_refused_first: bool
    loses_answer: bool
    is_delivered: bool
    is_reported_twice: bool
    is_reported_backwards: bool
    seconds: float

    @classmethod
    def of(cls, seed: int, number: int) -> "Fate":
        """The fate of the nth message: the same for the same seed."""
        dice = random.Random(f"{seed}/{number}")
        refused, lost, delivered, twice, backwards = (
            dice.random() < share for share in (0.04, 0.01, 0.97, 0.1, 0.1)
        )
        return cls(refused, lost, delivered, twice, backwards, dice.uniform(0.05, 0.5))


class Reports:
    """The receipts that are still to be sent, and the way to the hook."""

    def __init__(self, hook: str, secret: str, *, seed: int, figures: Counter[str]) -> None:
        self._hook, self._signing = hook, Webhook(secret)
        self._dice = random.Random(seed)
        self._figures = figures
        self._numbers = itertools.count()
        self._waiting: list[tuple[float, int, dict[str, Any]]] = []
        self._http = httpx.AsyncClient(timeout=30, trust_env=False)

    def __len__(self) -> int:
        return len(self._waiting)

    def plan(self, id: str, fate: Fate) -> None:
        """Have the hook told of a message's fate."""
        final = "delivered" if fate.is_delivered else "failed"
        self._plan(id, final, after=fate.seconds)
        if fate.is_reported_twice:
            self._plan(id, final, after=fate.seconds + 0.3)
        if fate.is_reported_backwards:
            self._plan(id, "accepted", after=fate.seconds + 0.2)

    def _plan(self, id: str, status: str, *, after: float) -> None:
        receipt = {"id": id, "status": status, "at": datetime.now(UTC).isoformat()}
        if status == "failed":
            receipt["reason"] = "absent subscriber"
        due = asyncio.get_running_loop().time() + after
        heapq.heappush(self._waiting, (due, next(self._numbers), receipt))

    async def run(self) -> None:
        """Send the receipts that are due, until cancelled."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            while due := self._due():
                self._figures["receipts"] += len(due)
                if self._dice.random() < 0.05:
                    due.append({"id": str(uuid4()), "status": "delivered"})
                await self._post_until_taken({"receipts": due}, twice=self._dice.random() < 0.1)

    def _due(self) -> list[dict[str, Any]]:
        now = asyncio.get_running_loop().time()
        due: list[dict[str, Any]] = []
        while self._waiting and self._waiting[0][0] <= now and len(due) < RECEIPTS_AT_ONCE:
            due.append(heapq.heappop(self._waiting)[2])
        return due

    async def _post_until_taken(self, data: Any, *, twice: bool) -> None:
        id = f"msg_{uuid4().hex}"
        for wait in TRIES_AFTER_SECONDS:
            if await self.post("sms.receipts", data, id=id) == 204:
                break
            await asyncio.sleep(wait)
        if twice:
            self._figures["webhooks_repeated"] += 1
            await self.post("sms.receipts", data, id=id)

    async def post(self, kind: str, data: Any, *, id: str) -> int:
        """Post one signed webhook; the status of the answer, or 0 without one."""
        now = datetime.now(UTC)
        body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data})
        headers = {
            "content-type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signing.sign(id, now, body),
        }
        try:
            return (await self._http.post(self._hook, content=body, headers=headers)).status_code
        except httpx.HTTPError as failure:
            _log.warning("the hook does not answer: %s", type(failure).__name__)
            return 0
