"""What becomes of a message that is due: it is sent, it waits, or it is closed unsent. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from gateway.locale import Language, choose_language
from gateway.messages.wording import TEMPLATES, Addressee, measure, render

VALID_FOR = timedelta(hours=24)
"""News older than this is not sent any more: a message that could not go for so long has failed."""
CONTACT_AFTER = timedelta(seconds=10)
"""The event may be quicker than the registry's word of whom it concerns: look again after so long."""

Failure = Literal["no_contact", "no_phone", "opted_out", "expired", "unreadable"]


@dataclass(frozen=True, slots=True)
class Due:
    """A queued message with what is known of its member. `given_names` is None for one not known yet."""

    id: UUID
    template: str
    facts: Mapping[str, Any]
    created_at: datetime
    attempt: int
    is_calling: bool
    answer_lost: bool
    code_sealed: str | None
    text: str | None
    phone: str | None
    given_names: str | None
    member_number: str | None
    contact_phone: str | None
    contact_language: str | None
    opted_out: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """It goes: these are settled now for every attempt."""

    text: str
    phone: str
    language: Language | None
    """None when an earlier attempt has settled it."""


@dataclass(frozen=True, slots=True)
class Closed:
    """It does not go: `failed` with the reason, or `unknown`."""

    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """It is looked at again after so long."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class House:
    """What every text needs to know of us, and of the SMS gateway."""

    mutual: str
    receipts_url: str
    honours_keys: bool


def decide(due: Due, house: House, *, now: datetime) -> Sending | Closed | Waiting:
    """What becomes of a message now."""
    may_have_gone = due.is_calling or due.answer_lost
    # An attempt whose lease ended without a word: whoever made it is gone.
    if due.is_calling and not house.honours_keys:
        return Closed(None)
    if now - due.created_at > VALID_FOR:
        is_nobodys = due.text is None and due.given_names is None
        return Closed(None if may_have_gone else "no_contact" if is_nobodys else "expired")
    if due.text is not None and due.phone is not None:
        return Sending(due.text, due.phone, None)
    return _first(due, house)


def _first(due: Due, house: House) -> Sending | Closed | Waiting:
    template = TEMPLATES.get(due.template)
    if due.given_names is None:
        return Waiting(CONTACT_AFTER)
    if not due.contact_phone:
        return Closed("no_phone")
    if template is None:
        return Closed("unreadable")
    if due.opted_out and not template.is_essential:
        return Closed("opted_out")
    language = choose_language(due.contact_language)
    to = Addressee(due.given_names, due.member_number or "", language, house.mutual, house.receipts_url)
    try:
        text = render(due.template, due.facts, to)
    except (KeyError, ValueError):
        return Closed("unreadable")
    return Sending(text, due.contact_phone, language)


def segments_of(text: str) -> int:
    """How many parts a text is sent in."""
    return measure(text).segments
