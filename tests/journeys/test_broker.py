"""The broker is killed and has forgotten its newest messages: the outboxes have them."""

import json
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tests.deploy.ends import has_ended
from tests.journeys import killing
from tests.journeys.mutual import Mutual, money

LISTENING = ("gateway-worker", "benefits-worker")
"""What consumes, and need not run for others to announce."""


def test_what_the_broker_lost_comes_from_the_outboxes(mutual: Mutual, tmp_path: Path) -> None:
    [member] = mutual.charged(1)
    mutual.wait(lambda: not mutual.under_way(), "nothing is under way")
    stream = stream_of(mutual)
    with killing.standing_still(*killing.pids(mutual.system, "nats")):
        shutil.copytree(stream, tmp_path / "older")
    # This arrives, and is then lost by the broker: consumers will remember more than the stream does.
    paid = [pay(mutual, member)]
    mutual.wait(lambda: not mutual.under_way(), "the first has arrived")
    logged = len(recovered(mutual))
    # A job that is cut off in the middle is taken up again after a minute: not what is looked at here.
    mutual.wait(lambda: not jobs_under_way(mutual), "no message is being sent")
    killed = killing.pids(mutual.system, *LISTENING, "nats")
    with killing.standing_still(mutual.system.process.pid):  # the supervisor, which would start them again
        killing.kill(killed[:-1])
        # These are published, and lost before anybody takes them in.
        paid += [pay(mutual, member) for _ in range(3)]
        second = mutual.enrol()
        mutual.wait(lambda: published(mutual), "all is published")
        killing.kill(killed[-1:])
        mutual.wait(lambda: all(map(has_ended, killed)), "consumers and broker have ended")
        shutil.rmtree(stream)
        shutil.copytree(tmp_path / "older", stream)
        paid.append(pay(mutual, member))  # nobody at the counter notices
    killing.wait_until_back(mutual.system, [*LISTENING, "nats"], killed)
    paid.append(pay(mutual, member))
    mutual.verify()
    lost = [one["count"] for one in recovered(mutual)[logged:]]
    assert sum(lost) >= 4, "the broker had lost nothing: this test has shown nothing"
    assert receipts(mutual, member) == {UUID(one["id"]): 1 for one in paid}
    mutual.phones.text(second["phone"], "bienvenida")


def pay(mutual: Mutual, member: dict[str, Any]) -> dict[str, Any]:
    body = {"member_id": member["id"], "amount": money(100_00)}
    paid: dict[str, Any] = mutual["cashier"].post("/api/contributions/v1/payments", body, key=str(uuid4()))
    return paid


def published(mutual: Mutual) -> bool:
    """Whether registry and contributions have handed everything to the broker."""
    for part in ("registry", "contributions"):
        with mutual.books(part) as books:
            [(left,)] = books.execute(
                "SELECT count(*) FROM outbox WHERE number IS NULL"
                " OR number > (SELECT published FROM outbox_head)"
            ).fetchall()
        if left:
            return False
    return True


def jobs_under_way(mutual: Mutual) -> int:
    """How many jobs the gateway's worker is doing."""
    with mutual.books("gateway") as books:
        [(doing,)] = books.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
        ).fetchall()
    return int(doing)


def stream_of(mutual: Mutual) -> Path:
    """Where the broker keeps the stream's messages; what consumers have taken is beside it."""
    [found] = (mutual.system.home.path / "nats").glob("**/streams/amparo/msgs")
    return found


def recovered(mutual: Mutual) -> list[dict[str, Any]]:
    """What the gateway's worker says that it fetched from outboxes, each time."""
    log = (mutual.system.home.logs / "gateway-worker.log").read_text().splitlines()
    return [json.loads(line) for line in log if "events_recovered" in line]


def receipts(mutual: Mutual, member: dict[str, Any]) -> dict[UUID, int]:
    """How often the member was told of each payment."""
    with mutual.books("gateway") as books:
        return dict(
            books.execute(
                "SELECT subject_id, count(*) FROM messages WHERE template IN ('receipt', 'receipt_owing')"
                " AND member_id = %s GROUP BY subject_id",
                (member["id"],),
            ).fetchall()
        )
