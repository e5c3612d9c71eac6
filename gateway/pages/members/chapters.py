"""The chapters of a member's story: each asks one part, and tells its answer in the reader's words."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from gateway.pages import formatting
from gateway.pages.members.asking import RegisteredMember
from gateway.pages.members.views import Coverage, CoverState, Entry, Tone
from gateway.pages.visits import Visit
from gateway.pages.words import N_, word
from services.kit import clock
from services.kit.money import Money
from services.kit.periods import Period

ENTRIES_MAX = 200
"""Of each kind, the newest (of messages the first: they come in the order in which they were made)."""


class _Line(BaseModel):
    names: dict[str, str]
    line: str
    rate: str | None
    amount: Money


class _Happened(BaseModel):
    kind: Literal["charge", "payment", "reversal", "lapse", "coverage", "coverage_withdrawn"]
    id: str
    on: date
    period: Period | None
    amount: Money | None
    due_on: date | None
    channel: str | None
    receipt_number: int | None
    reason: str | None
    covered_until: date | None
    lines: list[_Line] = []


class _Coverage(BaseModel):
    state: CoverState
    until: date | None
    tail_until: date | None


class _Benefit(BaseModel):
    amount: Money
    state: str
    benefit: str | None
    matched_at: datetime
    paid_on: date | None


class _Message(BaseModel):
    template: str
    state: str
    text: str | None
    created_at: datetime


def joining(reader: Visit, member: RegisteredMember) -> list[Entry]:
    """How they came to us."""
    told = [
        Entry("family", day(member.registered_at), reader.say(N_("Registered")), member.organisation_name)
    ]
    if member.enrolled_at:
        verified = reader.say(N_("Verified by a second person"))
        told.append(Entry("family", day(member.enrolled_at), verified, tone="good"))
    return told


async def coverage(reader: Visit, member_id: str) -> Coverage:
    """How they stand today. Raises Refused, Unanswered."""
    body = await reader.api.get("contributions", f"/v1/members/{member_id}/coverage", last=1)
    known = _Coverage.model_validate(body)
    return Coverage(known.state, known.until, known.tail_until)


async def statement(reader: Visit, member_id: str) -> list[Entry]:
    """Charges, payments, cover: what happened on their account. Raises Refused, Unanswered."""
    body = await reader.api.get("contributions", f"/v1/members/{member_id}/statement", limit=ENTRIES_MAX)
    return [_happened(reader, _Happened.model_validate(item)) for item in body["items"]]


async def benefits(reader: Visit, member_id: str) -> list[Entry]:
    """What the State sent for them. Raises Refused, Unanswered."""
    body = await reader.api.get("benefits", f"/v1/members/{member_id}/benefits", limit=ENTRIES_MAX)
    return [_benefit(reader, _Benefit.model_validate(item)) for item in body["items"]]


async def messages(reader: Visit, member_id: str) -> list[Entry]:
    """What they were told by SMS. Raises Refused, Unanswered."""
    body = await reader.api.get("gateway", "/v1/messages", member_id=member_id, limit=ENTRIES_MAX)
    return [_message(reader, _Message.model_validate(item)) for item in body["items"]]


def _happened(reader: Visit, one: _Happened) -> Entry:
    month = formatting.month(one.period, reader.language) if one.period else ""
    number = reader.say(N_("Receipt %(number)s"), number=one.receipt_number) if one.receipt_number else ""
    match one.kind:
        case "charge":
            due = formatting.day_short(one.due_on, reader.language) if one.due_on else ""
            text = reader.say(N_("due %(day)s"), day=due) if due else ""
            title = reader.say(N_("Charge for %(month)s"), month=month)
            return Entry("charge", one.on, title, text, one.amount, lines=_lines(reader, one))
        case "payment":
            how = word(reader.words, "channel", one.channel or "")
            text = f"{number} · {how}"
            href = f"/admin/payments/{one.id}"
            return Entry("payment", one.on, reader.say(N_("Payment")), text, one.amount, "good", href)
        case "reversal":
            text = f"{number} · {one.reason}" if one.reason else number
            return Entry("payment", one.on, reader.say(N_("Payment reversed")), text, one.amount, "bad")
        case "lapse":
            title = reader.say(N_("Left out of the payroll of %(month)s"), month=month)
            why = word(reader.words, "left_out", one.reason or "")
            return Entry("charge", one.on, title, why, one.amount, "bad")
        case "coverage":
            until = formatting.day_long(one.covered_until, reader.language) if one.covered_until else ""
            title = reader.say(N_("Covered until %(day)s"), day=until)
            text = reader.say(N_("%(month)s was paid to the State"), month=month)
            return Entry("coverage", one.on, title, text, tone="blue")
        case "coverage_withdrawn":
            title = reader.say(N_("Cover withdrawn"))
            return Entry("coverage", one.on, title, f"{month} · {one.reason or ''}".rstrip(" ·"), tone="bad")


def _lines(reader: Visit, charge: _Happened) -> tuple[tuple[str, Money], ...]:
    """What a charge is made of, with the rate beside the name."""
    named = []
    for line in charge.lines:
        name = line.names.get(reader.language, line.line)
        named.append((f"{name} ({line.rate} %)" if line.rate else name, line.amount))
    return tuple(named)


def _benefit(reader: Visit, one: _Benefit) -> Entry:
    # What a benefit is for comes only to who may read it.
    title = word(reader.words, "benefit", one.benefit) if one.benefit else reader.say(N_("Benefit"))
    state = word(reader.words, "payout_state", one.state)
    if one.paid_on:
        state = f"{state}, {formatting.day(one.paid_on, reader.language)}"
    return Entry("benefit", day(one.matched_at), title, state, one.amount, "amber")


def _message(reader: Visit, one: _Message) -> Entry:
    tone: Tone = "bad" if one.state == "failed" else "amber" if one.state == "unknown" else ""
    state = word(reader.words, "message_state", one.state)
    # The text is settled when it is first sent; until then only what it is about is known.
    about = one.text or word(reader.words, "message_template", one.template)
    return Entry("message", day(one.created_at), about, f"SMS · {state}", tone=tone)


def day(moment: datetime) -> date:
    """The day of a moment, on the mutual's calendar."""
    return moment.astimezone(clock.zone()).date()
