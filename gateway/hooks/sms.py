"""What the SMS gateway sends to `/hooks/sms`: receipts of what we sent, and what members write.

Every kind that is not known is taken and forgotten, so that a gateway which learns to say more is not
told to say it again. Receipts of messages that are not ours are taken too.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import Counter
from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from sqlmodel import Session

from gateway.db import SessionDep
from gateway.hooks.signed import SignatureRefused, Signed, signed_by
from gateway.messages import inbound
from gateway.messages.receipts import Reached, Receipt, take_receipts
from gateway.settings import settings
from services.kit import clock
from services.kit.problems import Invalid, TooLarge, TooManyRequests, Unavailable, documented

M = TypeVar("M", bound=BaseModel)

router = APIRouter(prefix="/hooks", tags=["webhooks"])

RECEIPTS_MAX = 1_000
_STATES: dict[str, Reached] = {"accepted": "sent", "delivered": "delivered", "failed": "failed"}

_taken = Counter("amparo_sms_hooks_total", "Webhooks from the SMS gateway", ["type"])
_moved = Counter("amparo_sms_receipts_total", "Receipts of messages", ["effect"])


class SmsReceipt(BaseModel):
    """How far a message has come. `id` is the one that we sent it with."""

    id: str = Field(max_length=100)
    status: str = Field(max_length=40, examples=["accepted", "delivered", "failed"])
    at: AwareDatetime | None = None
    reason: str | None = Field(default=None, max_length=1_000)


class Receipts(BaseModel):
    receipts: list[SmsReceipt] = Field(max_length=RECEIPTS_MAX)


class SmsReceipts(BaseModel):
    """Receipts of messages, any number at once."""

    type: Literal["sms.receipts"]
    data: Receipts


class Written(BaseModel):
    sender: str = Field(alias="from", max_length=100, examples=["+18095550100"])
    text: str = Field(max_length=20_000)


class SmsInbound(BaseModel):
    """What somebody wrote to us."""

    type: Literal["sms.inbound"]
    data: Written


class OtherHook(BaseModel):
    """Anything else, which is taken and forgotten."""

    type: str


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "data"],
                    "properties": {
                        "type": {"type": "string", "examples": ["sms.receipts", "sms.inbound"]},
                        "data": {"type": "object"},
                    },
                },
                "examples": {
                    "receipts": {
                        "value": {
                            "type": "sms.receipts",
                            "data": {
                                "receipts": [
                                    {
                                        "id": "0199d0f2-6f6a-7c1e-9c39-6f1d1b0c7a55",
                                        "status": "delivered",
                                        "at": "2026-07-01T12:00:03Z",
                                    }
                                ]
                            },
                        }
                    },
                    "inbound": {
                        "value": {"type": "sms.inbound", "data": {"from": "+18095550100", "text": "BAJA"}}
                    },
                },
            }
        },
    }
}

SmsSigned = Annotated[Signed, Depends(signed_by(lambda: settings().sms_hook_secret))]


@router.post(
    "/sms",
    status_code=204,
    openapi_extra=_BODY,
    responses=documented(SignatureRefused, TooLarge, Invalid, TooManyRequests, Unavailable),
)
def take_sms_webhook(signed: SmsSigned, session: SessionDep) -> Response:
    """Take receipts and members' messages from the SMS gateway, signed as Standard Webhooks 1.0.0 says."""
    kind = _read(OtherHook, signed.body).type
    if (take := _TAKERS.get(kind)) is not None:
        take(session, signed)
    _taken.labels(kind if kind in _TAKERS else "other").inc()
    return Response(status_code=204)


def _take_receipts(session: Session, signed: Signed) -> None:
    now = clock.now()
    reported = _read(SmsReceipts, signed.body).data.receipts
    receipts = [receipt for one in reported if (receipt := _receipt(one, now)) is not None]
    moved = take_receipts(session, receipts)
    _moved.labels("moved").inc(moved)
    _moved.labels("none").inc(len(reported) - moved)


def _receipt(one: SmsReceipt, now: datetime) -> Receipt | None:
    """A receipt of what can be ours; a clock that runs ahead of ours is not believed."""
    state = _STATES.get(one.status)
    try:
        message_id = UUID(one.id)
    except ValueError:
        return None
    detail = inbound.storable(one.reason)[:200] if one.reason else None
    return state and Receipt(message_id, state, min(one.at or now, now), detail)


def _take_inbound(session: Session, signed: Signed) -> None:
    written = _read(SmsInbound, signed.body).data
    inbound.take(session, signed.id, sender=written.sender, text=written.text)


_TAKERS: dict[str, Callable[[Session, Signed], None]] = {
    "sms.receipts": _take_receipts,
    "sms.inbound": _take_inbound,
}


def _read(model: type[M], body: bytes) -> M:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        ) from None
