"""Webhooks from the SMS gateway: signed, bounded, harmless when they come again, late or of nobody."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session, col, select

from gateway import db, settings
from gateway.hooks.signed import BODY_BYTES_MAX
from gateway.messages.inbound.models import InboundMessage
from gateway.messages.models import Message
from gateway.messages.sending.channel import SmsChannel
from gateway.webhooks.posting import Outcome, new_secret, signed_headers
from services.kit import clock
from services.kit.ids import new_id
from tests.gateway.messages.happenings import happen, known, payment

SECRET = new_secret()


@pytest.fixture(scope="module")
def secrets_known(gateway: object, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AMPARO_GATEWAY_SMS_HOOK_SECRET", SECRET)
    environment.setenv("AMPARO_GATEWAY_SMS_SECRET", new_secret())
    environment.setenv("AMPARO_GATEWAY_SMS_URL", "http://127.0.0.1:1/sms")
    settings.settings.cache_clear()


@pytest.fixture
def api(secrets_known: None, api: TestClient) -> Iterator[TestClient]:
    yield api
    with Session(db.engine()) as session, session.begin():
        session.execute(text("UPDATE messages SET state = 'unknown' WHERE state = 'queued'"))


def hook(
    api: TestClient,
    said: Any,
    *,
    id: str | None = None,
    secret: str = SECRET,
    at: datetime | None = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """Send a signed webhook; `said` is JSON or the very bytes."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    signed = signed_headers(secret, id or str(new_id()), body, at=at or clock.now())
    return api.post("/hooks/sms", content=body, headers={**signed, **(headers or {})})


def receipts(*given: tuple[object, str], **more: Any) -> dict[str, Any]:
    listed = [{"id": str(id), "status": status, **more} for id, status in given]
    return {"type": "sms.receipts", "data": {"receipts": listed}}


def inbound(sender: str, written: str) -> dict[str, Any]:
    return {"type": "sms.inbound", "data": {"from": sender, "text": written}}


def message(*, is_sent: bool = True) -> UUID:
    """A message that the SMS gateway has taken, or that still waits."""
    one = known()
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    if is_sent:
        channel = SmsChannel(db.engine(), settings.settings())
        channel.settle([(post, Outcome(202)) for post in channel.claim(10)])
    with Session(db.engine()) as session:
        return session.exec(select(Message.id).where(Message.member_id == one["member_id"])).one()


def now(id: UUID) -> Message:
    with Session(db.engine(), expire_on_commit=False) as session:
        return session.exec(select(Message).where(Message.id == id)).one()


def test_a_receipt_settles_its_message(api: TestClient) -> None:
    arrived, lost = message(), message()
    at = clock.now()
    said = receipts((arrived, "delivered"), at=at.isoformat())
    said["data"]["receipts"].append({"id": str(lost), "status": "failed", "reason": "absent\x00 subscriber"})
    assert hook(api, said).status_code == 204
    assert (now(arrived).state, now(arrived).settled_at) == ("delivered", at)
    failed = now(lost)
    assert (failed.state, failed.failure, failed.failure_detail) == (
        "failed",
        "undelivered",
        "absent subscriber",
    )


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["accepted"], "sent"),
        (["accepted", "delivered"], "delivered"),
        (["delivered", "accepted"], "delivered"),
        (["delivered", "delivered"], "delivered"),
        (["failed", "accepted"], "failed"),
        (["failed", "delivered"], "delivered"),
        (["delivered", "failed"], "delivered"),
        (["buffered"], "sent"),
    ],
)
def test_receipts_in_any_order_only_move_a_message_forward(
    api: TestClient, statuses: list[str], state: str
) -> None:
    one_by_one, at_once = message(), message()
    for status in statuses:
        assert hook(api, receipts((one_by_one, status))).status_code == 204
    assert hook(api, receipts(*((at_once, status) for status in statuses))).status_code == 204
    for id in (one_by_one, at_once):
        assert now(id).state == state
        assert (now(id).failure is None) == (state != "failed")


def test_a_receipt_may_be_quicker_than_the_answer_to_the_post(api: TestClient) -> None:
    id = message(is_sent=False)
    channel = SmsChannel(db.engine(), settings.settings())
    posts = channel.claim(10)
    hook(api, receipts((id, "delivered")))
    channel.settle([(post, Outcome(is_lost=True, error="ServerDisconnectedError")) for post in posts])
    assert (now(id).state, now(id).is_calling) == ("delivered", False)
    assert now(id).sent_at is not None


def test_a_receipt_tells_what_nobody_knew(api: TestClient) -> None:
    id = message()
    with Session(db.engine()) as session, session.begin():
        session.execute(
            text("UPDATE messages SET state = 'unknown', sent_at = NULL WHERE id = :id"), {"id": id}
        )
    hook(api, receipts((id, "accepted")))
    assert now(id).state == "sent"


def test_a_message_that_never_left_cannot_have_arrived(api: TestClient) -> None:
    id = message(is_sent=False)
    assert hook(api, receipts((id, "delivered"))).status_code == 204
    assert now(id).state == "queued"


def test_the_same_webhook_again_changes_nothing(api: TestClient) -> None:
    id = message()
    said = receipts((id, "delivered"))
    for _ in range(3):
        assert hook(api, said, id="msg_same").status_code == 204
    settled_at = now(id).settled_at
    hook(api, said)
    assert now(id).settled_at == settled_at


def test_receipts_of_what_is_not_ours_are_taken(api: TestClient) -> None:
    said = receipts((new_id(), "delivered"), ("not-an-id", "failed"), ("", "delivered"), ("\x00", "accepted"))
    assert hook(api, said).status_code == 204
    assert hook(api, {"type": "sms.billed", "data": [1]}).status_code == 204
    assert hook(api, receipts()).status_code == 204


def test_a_clock_that_runs_ahead_is_not_believed(api: TestClient) -> None:
    id = message()
    hook(api, receipts((id, "delivered"), at=(clock.now() + timedelta(days=400)).isoformat()))
    settled_at = now(id).settled_at
    assert settled_at is not None
    assert settled_at <= clock.now()


def test_what_is_not_signed_as_agreed_is_refused(api: TestClient) -> None:
    said = receipts((message(), "delivered"))
    assert hook(api, said, secret=new_secret()).status_code == 401
    assert hook(api, said, at=clock.now() - timedelta(minutes=6)).status_code == 401
    assert hook(api, said, at=clock.now() + timedelta(minutes=6)).status_code == 401
    assert hook(api, said, headers={"webhook-signature": "v1,a,b,c"}).status_code == 401
    assert hook(api, said, headers={"webhook-id": "another"}).status_code == 401
    answer = api.post("/hooks/sms", json=said)
    assert (answer.status_code, answer.json()["type"]) == (401, "signature-refused")


def test_guessing_at_signatures_is_slowed_down_and_who_signs_well_is_not(api: TestClient) -> None:
    guesses = {api.post("/hooks/sms", json={}).status_code for _ in range(260)}
    assert guesses == {401, 429}
    assert hook(api, receipts()).status_code == 204


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (b"not json", "body"),
        (b"\xff", None),
        ({"data": {}}, "type"),
        ({"type": "sms.receipts"}, "data"),
        (
            {"type": "sms.receipts", "data": {"receipts": [{"id": 7, "status": "delivered"}]}},
            "data.receipts.0.id",
        ),
        ({"type": "sms.receipts", "data": {"receipts": [{"id": "a"}]}}, "data.receipts.0.status"),
        (receipts(("a", "delivered"), at="2026-07-01T12:00:00"), "data.receipts.0.at"),
        (receipts(*[("a", "delivered")] * 1_001), "data.receipts"),
        ({"type": "sms.inbound", "data": {"from": "+18095550100"}}, "data.text"),
    ],
)
def test_the_wrong_shape_is_refused_naming_the_field(api: TestClient, said: Any, field: str | None) -> None:
    if field is None:
        assert api.post("/hooks/sms", content=said, headers={"webhook-id": "a"}).status_code == 401
        return
    answer = hook(api, said)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in answer.text


def test_a_webhook_that_is_too_large_is_refused(api: TestClient) -> None:
    assert hook(api, b" " * (BODY_BYTES_MAX + 1)).status_code == 413


def test_without_a_secret_nothing_is_taken(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMPARO_GATEWAY_SMS_HOOK_SECRET")
    settings.settings.cache_clear()
    assert hook(api, receipts()).status_code == 503
    monkeypatch.undo()
    settings.settings.cache_clear()


def written_by(phone: str) -> list[InboundMessage]:
    with Session(db.engine(), expire_on_commit=False) as session:
        query = select(InboundMessage).where(InboundMessage.phone == phone).order_by(col(InboundMessage.id))
        return list(session.exec(query))


def is_stopped(phone: str) -> bool:
    with Session(db.engine()) as session:
        found = session.execute(
            text("SELECT count(*) FROM opt_outs WHERE phone = :phone AND resumed_at IS NULL"),
            {"phone": phone},
        )
        return bool(found.scalar_one())


def test_what_a_member_writes_is_kept_with_its_keyword(api: TestClient) -> None:
    one = known()
    assert hook(api, inbound(one["phone"], "Saldo ¿cuánto debo? 😀")).status_code == 204
    [kept] = written_by(one["phone"])
    assert (kept.text, kept.keyword) == ("Saldo ¿cuánto debo? 😀", "balance")
    assert (kept.member_id, kept.organisation_id) == (one["member_id"], one["organisation_id"])


def test_the_same_sms_again_is_kept_once_and_an_old_stop_does_not_come_back(api: TestClient) -> None:
    one = known()
    hook(api, inbound(one["phone"], "STOP"), id="stop-1")
    assert is_stopped(one["phone"])
    hook(api, inbound(one["phone"], "start"), id="start-1")
    hook(api, inbound(one["phone"], "STOP"), id="stop-1")
    assert not is_stopped(one["phone"])
    assert [kept.keyword for kept in written_by(one["phone"])] == ["stop", "start"]


@pytest.mark.parametrize(
    "written", ["BAJA", "  baja.", "Bájá", "stop", "ALTO!", "¡Parar ya!", "unsubscribe please"]
)
def test_stop_is_understood_however_it_is_written(api: TestClient, written: str) -> None:
    one = known()
    hook(api, inbound(one["phone"], written))
    assert is_stopped(one["phone"])


@pytest.mark.parametrize("written", ["", "😀", "no quiero baja", "stopping by", "12345"])
def test_what_only_resembles_stop_stops_nothing(api: TestClient, written: str) -> None:
    one = known()
    assert hook(api, inbound(one["phone"], written)).status_code == 204
    assert not is_stopped(one["phone"])


def test_a_phone_of_several_members_is_nobodys_alone_and_can_still_stop(api: TestClient) -> None:
    one = known()
    known(phone=one["phone"])
    hook(api, inbound(one["phone"], "STOP"))
    [kept] = written_by(one["phone"])
    assert (kept.member_id, kept.organisation_id) == (None, None)
    assert is_stopped(one["phone"])


@pytest.mark.parametrize("sender", ["+1 (809) 555-0177", "+18095550177"])
def test_a_phone_is_known_however_the_gateway_writes_it(api: TestClient, sender: str) -> None:
    one = known(phone="+18095550177", member_id=UUID(int=177))
    hook(api, inbound(sender, "hola"))
    assert {kept.member_id for kept in written_by("+18095550177")} == {one["member_id"]}


@pytest.mark.parametrize("sender", ["CLARO", "5551", "", "\x00"])
def test_a_sender_that_is_no_phone_is_kept_too(api: TestClient, sender: str) -> None:
    assert hook(api, inbound(sender, "Su recarga \x00 \x07 \n fue exitosa")).status_code == 204
    assert written_by(sender.strip("\x00"))[-1].text == "Su recarga   \n fue exitosa"


def test_half_a_character_hurts_nobody(api: TestClient) -> None:
    said = b'{"type": "sms.inbound", "data": {"from": "+18095550178", "text": "a\\ud83d b"}}'
    assert hook(api, said).status_code in (204, 422)
