"""Signatures of Standard Webhooks 1.0.0."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gateway.webhooks.posting import BadSignature, new_secret, signed_headers, verify
from services.kit import clock

SECRET = new_secret()
BODY = '{"type":"sms.send","data":{"text":"¡Sí!"}}'.encode()


def test_a_signature_is_that_of_the_standard() -> None:
    # The example of the standard's own reference: secret, id, time, body, signature.
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        at=at,
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_instant_is_signed_whatever_clock_tells_it() -> None:
    utc = clock.now()
    caracas = utc.astimezone(timezone(timedelta(hours=-4)))
    assert signed_headers(SECRET, "a", BODY, at=caracas) == signed_headers(SECRET, "a", BODY, at=utc)
    said = f"a.{int(utc.timestamp())}.".encode() + BODY
    expected = hmac.digest(base64.b64decode(SECRET.removeprefix("whsec_")), said, hashlib.sha256)
    assert (
        signed_headers(SECRET, "a", BODY, at=utc)["webhook-signature"]
        == f"v1,{base64.b64encode(expected).decode()}"
    )


def test_what_was_signed_is_taken_with_its_id() -> None:
    headers = signed_headers(SECRET, "msg_1", BODY, at=clock.now())
    assert verify(SECRET, headers, BODY) == "msg_1"
    assert verify(SECRET, {name.title(): value for name, value in headers.items()}, BODY) == "msg_1"
    rotated = {**headers, "webhook-signature": f"v1,AAAA v2,xx {headers['webhook-signature']}"}
    assert verify(SECRET, rotated, BODY) == "msg_1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "tomorrow"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1e400"},
        {"webhook-timestamp": str(2**70)},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,a,b"},
        {"webhook-signature": "v1,!!!"},
        {"webhook-signature": "v1,ñ"},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
    ],
)
def test_a_header_that_is_wrong_in_any_way_is_refused(wrong: dict[str, str]) -> None:
    headers = signed_headers(SECRET, "msg_1", BODY, at=clock.now())
    with pytest.raises(BadSignature):
        verify(SECRET, headers | wrong, BODY)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_is_good_for_five_minutes(minutes: int) -> None:
    headers = signed_headers(SECRET, "msg_1", BODY, at=clock.now() + timedelta(minutes=minutes))
    with pytest.raises(BadSignature):
        verify(SECRET, headers, BODY)


def test_another_body_another_secret_and_no_headers_are_refused() -> None:
    headers = signed_headers(SECRET, "msg_1", BODY, at=clock.now())
    for secret, given, body in (
        (SECRET, headers, BODY + b" "),
        (new_secret(), headers, BODY),
        (SECRET, {}, BODY),
    ):
        with pytest.raises(BadSignature):
            verify(secret, given, body)
    with pytest.raises(BadSignature):
        verify(SECRET, headers, b"\xff\xfe")
