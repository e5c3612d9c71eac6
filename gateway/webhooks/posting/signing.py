"""Signatures of Standard Webhooks 1.0.0: HMAC-SHA256 over id, time and body, made and checked.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import os
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

_SECRET_BYTES = 32


class BadSignature(ValueError):
    """The post was not signed by whom we know, or too long ago."""


def new_secret() -> str:
    """A new secret to sign with: `whsec_` and 32 random bytes."""
    return "whsec_" + base64.b64encode(os.urandom(_SECRET_BYTES)).decode()


def signed_headers(secret: str, id: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """The three headers that vouch for a body, sent `at` this moment."""
    moment = at.astimezone(UTC)  # the library takes any clock's reading for UTC
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(id, moment, body.decode()),
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """The id of a signed body, not more than five minutes old. Raises BadSignature."""
    known = {name.lower(): value for name, value in headers.items()}
    try:
        Webhook(secret).verify(body, known, json_parse=False)
    except (WebhookVerificationError, ValueError) as error:  # ValueError for headers it cannot take apart
        raise BadSignature(str(error)) from None
    return known["webhook-id"]
