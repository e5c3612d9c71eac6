"""Messages on their way to a real SMS gateway and their receipts on the way back."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import Session, col, select

from deploy.databases import Database
from gateway import db, settings
from gateway.jobs import jobs
from gateway.messages.models import Message
from gateway.messages.sending.channel import PAYOUT_CODES, SmsChannel
from gateway.messages.sending.rules import VALID_FOR
from gateway.webhooks.posting import Outcome
from services.kit import clock, secrets
from services.kit.ids import new_id
from tests.gateway.messages import happenings
from tests.gateway.messages.happenings import announced, happen, known, payment, payout, take, whose
from tests.gateway.messages.peers import Peer, until
from tests.gateway.servers import cutting, free_port
from tests.kit.events.stations import background
from tests.kit.events.stations import until as until_here

pytestmark = pytest.mark.usefixtures("peer")

FINAL = ("delivered", "failed")


@pytest.fixture(autouse=True)
def nothing_waits(peer: Peer) -> Iterator[None]:
    """Each test begins with an empty queue, at an SMS gateway that can be reached."""
    yield
    settings.settings.cache_clear()
    with Session(db.engine()) as session, session.begin():
        session.execute(text("DELETE FROM procrastinate_jobs"))
        session.execute(
            text(
                "UPDATE messages SET state = 'unknown', code_sealed = NULL, is_calling = false"
                " WHERE state = 'queued'"
            )
        )


def told(of: dict[str, Any]) -> list[Message]:
    with Session(db.engine(), expire_on_commit=False) as session:
        query = select(Message).where(Message.member_id == of["member_id"]).order_by(col(Message.id))
        return list(session.exec(query))


def only(of: dict[str, Any]) -> Message:
    [message] = told(of)
    return message


def change(sql: str, **given: Any) -> None:
    with Session(db.engine()) as session, session.begin():
        session.execute(text(sql), given)


def due_now(message: Message) -> None:
    change("UPDATE messages SET due_at = now() WHERE id = :id", id=message.id)


def elsewhere(monkeypatch: pytest.MonkeyPatch, url: str, *, honours_keys: bool = True) -> None:
    """Have messages go to another SMS gateway for the rest of the test."""
    monkeypatch.setenv("AMPARO_GATEWAY_SMS_URL", url)
    monkeypatch.setenv("AMPARO_GATEWAY_SMS_HONOURS_KEYS", "1" if honours_keys else "0")
    settings.settings.cache_clear()


def once(handle: Callable[[SmsChannel], Any] | None = None) -> None:
    """One round: claim what is due, and let `handle` do the rest (or post it)."""
    from gateway.messages.sending.channel import poster_of

    channel = SmsChannel(db.engine(), settings.settings())
    if handle is not None:
        handle(channel)
        return

    async def post() -> None:
        poster = poster_of(settings.settings())
        posts = channel.claim(200)
        channel.settle(list(zip(posts, await poster.post_all(posts), strict=True)))
        await poster.close()

    asyncio.run(post())


def test_a_message_is_sent_delivered_and_told_in_the_members_language(
    peer: Peer, send: Callable[[], None]
) -> None:
    one = known(language="en", given_names="Ann Synthetic", phone="+18095551111")
    happen("registry.member_enrolled.v1", members=[{**one, "version": 2}])
    send()
    until(lambda: only(one).state in FINAL)
    message = only(one)
    assert peer.texts("+18095551111") == [message.text]
    assert message.text is not None
    assert message.text.startswith("Amparo: welcome, Ann.")
    assert (message.phone, message.language, message.segments) == ("+18095551111", "en", 1)
    assert message.sent_at is not None
    assert message.settled_at is not None


def test_two_thousand_messages_are_sent_and_settled_quickly_each_taken_once(
    peer: Peer, send: Callable[[], None]
) -> None:
    members = [happenings.member() for _ in range(2_000)]
    before = peer.figures()
    take(
        *(
            announced("registry.member_changed.v1", {"members": members[i : i + 500]})
            for i in range(0, 2_000, 500)
        )
    )
    take(*(happenings.charged(members[i : i + 1_000]) for i in (0, 1_000)))
    started = time.process_time()  # of this process alone, whatever else the machine is doing
    send()
    assert time.process_time() - started < 10
    after = peer.figures()
    gained = {name: count - before[name] for name, count in after.items()}
    assert gained["taken"] == 2_000
    assert gained["refused"] > 20  # and taken at a later try
    assert gained["answers_lost"] > 5
    ids = [one["member_id"] for one in members]

    def states() -> dict[str, int]:
        with Session(db.engine()) as session:
            rows = session.execute(
                text("SELECT state, count(*) FROM messages WHERE member_id = ANY(:ids) GROUP BY state"),
                {"ids": ids},
            )
            return {row[0]: row[1] for row in rows}

    until(lambda: set(states()) <= set(FINAL), seconds=30)
    # Just as the other side knows it, though receipts came twice, backwards and of nobody.
    until(lambda: peer.figures()["waiting"] == 0)
    assert states() == {"delivered": gained["delivered"], "failed": gained["failed"]}
    assert gained["failed"] > 20
    assert after["bad_signatures"] == 0


def test_the_workers_job_sends_what_an_event_made(peer: Peer, gateway: Database) -> None:
    one = known()
    happen("contributions.payment_posted.v1", payments=[payment(one)])

    async def story() -> None:
        async with background(lambda: jobs.run(SecretStr(gateway.url))):
            await until_here(lambda: only(one).state in FINAL, seconds=20)

    asyncio.run(story())
    [receipt] = peer.texts(one["phone"])
    assert "https://gateway.test/r/ABCDEFGHJKLMN" in receipt


def test_a_code_is_opened_for_the_post_alone(peer: Peer, send: Callable[[], None]) -> None:
    one = known(language="es")
    sealed = secrets.encrypt("40718293", purpose=PAYOUT_CODES)
    happen("benefits.payout_ready.v1", **payout(one), code_sealed=sealed)
    assert only(one).code_sealed == sealed
    send()
    until(lambda: only(one).state in FINAL)
    assert any("codigo: 40718293." in sent for sent in peer.texts(one["phone"]))
    assert peer.get("/codes")[str(only(one).id)] == "40718293"
    with Session(db.engine()) as session:
        kept = session.execute(
            text("SELECT to_jsonb(messages)::text FROM messages WHERE id = :id"), {"id": only(one).id}
        ).scalar_one()
    assert "40718293" not in kept
    assert "********" in kept
    assert only(one).code_sealed is None


def test_a_code_that_cannot_be_opened_is_not_sent(peer: Peer, send: Callable[[], None]) -> None:
    one, other = known(), known()
    happen("benefits.payout_ready.v1", **payout(one), code_sealed=secrets.encrypt("40718293", purpose="else"))
    happen("contributions.payment_posted.v1", payments=[payment(other)])
    send()
    assert (only(one).state, only(one).failure) == ("failed", "unreadable")
    assert peer.texts(one["phone"]) == []
    assert len(peer.texts(other["phone"])) == 1


def test_an_event_may_come_before_its_member_is_known(peer: Peer, send: Callable[[], None]) -> None:
    one = happenings.member()
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    once()
    assert (only(one).state, only(one).attempt) == ("queued", 0)
    happen("registry.member_changed.v1", members=[one])
    due_now(only(one))
    send()
    until(lambda: only(one).state in FINAL)
    assert len(peer.texts(one["phone"])) == 1


def test_a_member_without_a_phone_is_written_down_as_not_told(send: Callable[[], None]) -> None:
    one = known(phone=None)
    happen(
        "contributions.charge_lapsed.v1",
        period="2026-07",
        charges=[{"charge_id": new_id(), "reason": "unpaid", **whose(one)}],
    )
    send()
    assert (only(one).state, only(one).failure, only(one).attempt) == ("failed", "no_phone", 0)


def test_a_gateway_that_is_away_is_asked_again_later_with_growing_waits(
    monkeypatch: pytest.MonkeyPatch, peer: Peer, send: Callable[[], None]
) -> None:
    one = known()
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    elsewhere(monkeypatch, f"http://127.0.0.1:{free_port()}/sms")
    waits = []
    for attempt in (1, 2, 3, 4):
        asked_at = clock.now()
        once()
        message = only(one)
        assert (message.state, message.attempt, message.failure_detail) == (
            "queued",
            attempt,
            "ClientConnectorError",
        )
        waits.append((message.due_at - asked_at).total_seconds())
        due_now(message)
    assert waits[0] < waits[1] < waits[2] < waits[3]
    monkeypatch.undo()
    settings.settings.cache_clear()
    send()
    until(lambda: only(one).state in FINAL)
    assert len(peer.texts(one["phone"])) == 1


@pytest.mark.parametrize(("honours_keys", "state"), [(True, "queued"), (False, "unknown")])
def test_a_lost_answer_is_asked_for_again_only_where_keys_are_honoured(
    monkeypatch: pytest.MonkeyPatch, peer: Peer, send: Callable[[], None], honours_keys: bool, state: str
) -> None:
    one = known()
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    with cutting() as (port, _):
        elsewhere(monkeypatch, f"http://127.0.0.1:{port}/sms", honours_keys=honours_keys)
        once()
    assert (only(one).state, only(one).answer_lost) == (state, True)
    elsewhere(monkeypatch, f"{peer.url}/sms", honours_keys=honours_keys)
    due_now(only(one))
    send()
    assert len(peer.texts(one["phone"])) == (1 if honours_keys else 0)


def test_after_a_day_a_lost_answer_is_unknown_and_what_never_went_has_failed(
    monkeypatch: pytest.MonkeyPatch, send: Callable[[], None]
) -> None:
    lost, never = known(), known()
    happen("contributions.payment_posted.v1", payments=[payment(lost)])
    with cutting() as (port, _):
        elsewhere(monkeypatch, f"http://127.0.0.1:{port}/sms")
        once()
    happen("contributions.payment_posted.v1", payments=[payment(never)])
    late = clock.now() - VALID_FOR - timedelta(minutes=1)
    change("UPDATE messages SET created_at = :late, due_at = now() WHERE state = 'queued'", late=late)
    send()
    assert only(lost).state == "unknown"
    assert (only(never).state, only(never).failure) == ("failed", "expired")


def test_a_worker_that_died_in_the_middle_leaves_its_messages_to_the_next_under_the_same_id(
    peer: Peer, send: Callable[[], None]
) -> None:
    one = known()
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    once(lambda channel: channel.claim(10))  # leased, and never posted
    assert (only(one).state, only(one).attempt, only(one).is_calling) == ("queued", 1, True)
    once()
    assert only(one).attempt == 1  # the lease holds
    due_now(only(one))
    send()
    until(lambda: only(one).state in FINAL)
    [sent] = peer.get("/messages", to=one["phone"])
    assert sent["id"] == str(only(one).id)
    assert only(one).attempt >= 2


def test_an_attempt_that_was_overtaken_changes_nothing(peer: Peer) -> None:
    one = known()
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    channel = SmsChannel(db.engine(), settings.settings())
    [first] = channel.claim(10)
    due_now(only(one))
    [second] = channel.claim(10)
    channel.settle([(first, Outcome(400))])
    assert (only(one).state, only(one).is_calling) == ("queued", True)
    channel.settle([(second, Outcome(202))])
    channel.settle([(first, Outcome(400))])
    assert (only(one).state, only(one).failure) == ("sent", None)
    assert (first.id, first.body) == (second.id, second.body)


def test_two_workers_never_claim_the_same_message() -> None:
    members = [known() for _ in range(3)]
    happen("contributions.payment_posted.v1", payments=[payment(one) for one in members])
    one, other = (SmsChannel(db.engine(), settings.settings()) for _ in range(2))
    claimed = [post.id for post in (*one.claim(2), *other.claim(10))]
    assert len(claimed) == len(set(claimed)) == 3


def test_a_refusal_is_final(monkeypatch: pytest.MonkeyPatch, hook: str) -> None:
    one = known()
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    elsewhere(monkeypatch, hook.replace("/hooks/sms", "/nowhere"))
    once()
    assert (only(one).state, only(one).failure, only(one).failure_detail) == ("failed", "refused", "404")


def test_messages_do_not_go_into_a_private_network_that_is_not_named(
    monkeypatch: pytest.MonkeyPatch, peer: Peer
) -> None:
    one = known()
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    monkeypatch.setenv("AMPARO_GATEWAY_PRIVATE_NETWORKS", "")
    settings.settings.cache_clear()
    once()
    assert (only(one).state, only(one).failure_detail) == ("queued", "private")
    assert peer.texts(one["phone"]) == []


def test_who_writes_stop_gets_only_what_is_essential_until_they_write_start(
    peer: Peer, send: Callable[[], None]
) -> None:
    one = known(language="es")
    assert peer.write(one["phone"], " ¡Baja! por favor") == 204
    take(happenings.charged([one]))
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    send()
    assert [message.template for message in told(one)] == ["stopped", "charged", "receipt"]
    [bill] = [message for message in told(one) if message.template == "charged"]
    assert (bill.state, bill.failure) == ("failed", "opted_out")
    sent = {text.split(":")[1][:12] for text in peer.texts(one["phone"])}
    assert sent == {" no recibira", " recibimos R"}
    assert peer.write(one["phone"], "START") == 204
    take(happenings.charged([one]))
    send()
    assert sum("su aporte" in text for text in peer.texts(one["phone"])) == 1


def test_without_an_sms_gateway_messages_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway.messages.sending.jobs import send_messages

    one = known()
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    monkeypatch.delenv("AMPARO_GATEWAY_SMS_URL")
    settings.settings.cache_clear()
    send_messages()
    assert (only(one).state, only(one).attempt) == ("queued", 0)
