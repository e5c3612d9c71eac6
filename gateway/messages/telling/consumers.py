"""What happened, and which members are told what of it. Each event is read once; again, no second message."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from gateway.messages.telling import readers
from gateway.messages.telling.queries import Telling, tell
from services.kit.events import Consumers, Received


def declare(consumers: Consumers) -> None:
    """React to everything that members are told of."""
    for name, reader, tellings_of in REACTIONS:
        consumers.on(name, reader, kind="fact")(_handler(tellings_of))


def _handler(
    tellings_of: Callable[[UUID, Any], Iterable[Telling]],
) -> Callable[[Session, list[Received[Any]]], None]:
    def tell_members(session: Session, events: list[Received[Any]]) -> None:
        tell(session, [telling for event in events for telling in tellings_of(event.id, event.data)])

    return tell_members


def _enrolled(event_id: UUID, data: readers.Enrolled) -> Iterable[Telling]:
    for one in data.members:
        yield _telling(event_id, "welcome", one.member_id, one)


def _charged(event_id: UUID, data: readers.PeriodCharged) -> Iterable[Telling]:
    for one in data.charges:
        facts = {"period": data.period, "due_on": data.due_on.isoformat()}
        if one.outstanding_minor > 0:
            owed = readers.wire(one.outstanding_minor, one.currency)
            yield _telling(event_id, "charged", one.charge_id, one, **facts, amount=owed)
        else:
            total = readers.wire(one.total_minor, one.currency)
            yield _telling(event_id, "charged_from_credit", one.charge_id, one, **facts, amount=total)


def _posted(event_id: UUID, data: readers.PaymentPosted) -> Iterable[Telling]:
    for one in data.payments:
        facts = {
            "amount": one.amount,
            "receipt_number": one.receipt_number,
            "check_code": one.check_code,
            "outstanding": readers.wire(one.outstanding_minor, one.currency),
        }
        template = "receipt_owing" if one.outstanding_minor > 0 else "receipt"
        yield _telling(event_id, template, one.payment_id, one, **facts)


def _reversed(event_id: UUID, one: readers.PaymentReversed) -> Iterable[Telling]:
    facts = {"amount": one.amount, "receipt_number": one.receipt_number}
    yield _telling(event_id, "payment_reversed", one.payment_id, one, **facts)


def _lapsed(event_id: UUID, data: readers.ChargeLapsed) -> Iterable[Telling]:
    for one in data.charges:
        yield _telling(event_id, "left_out", one.charge_id, one, period=data.period, reason=one.reason)


def _covered(event_id: UUID, data: readers.CoverageGranted) -> Iterable[Telling]:
    facts = {"period": data.period, "until": data.covered_until.isoformat()}
    for one in data.members:
        yield _telling(event_id, "covered", one.member_id, one, **facts)


def _uncovered(event_id: UUID, data: readers.CoverageWithdrawn) -> Iterable[Telling]:
    for one in data.members:
        yield _telling(event_id, "cover_withdrawn", one.member_id, one, period=data.period)


def _received(event_id: UUID, data: readers.BenefitReceived) -> Iterable[Telling]:
    for one in data.payouts:
        yield _telling(event_id, "benefit_received", one.payout_id, one, amount=one.amount)


def _ready(event_id: UUID, one: readers.PayoutReady) -> Iterable[Telling]:
    facts = {"amount": one.amount}
    yield Telling(
        event_id, "payout_ready", one.payout_id, one.member_id, one.organisation_id, facts, one.code_sealed
    )


def _paid(event_id: UUID, data: readers.PayoutPaid) -> Iterable[Telling]:
    for one in data.payouts:
        template = "payout_paid_cash" if one.channel == "cash" else "payout_paid_bank"
        yield _telling(event_id, template, one.payout_id, one, amount=one.amount)


def _returned(event_id: UUID, one: readers.PayoutReturned) -> Iterable[Telling]:
    yield _telling(event_id, "payout_returned", one.payout_id, one, amount=one.amount)


def _telling(
    event_id: UUID, template: str, subject_id: UUID, one: readers.Concerned, **facts: Any
) -> Telling:
    return Telling(event_id, template, subject_id, one.member_id, one.organisation_id, facts)


REACTIONS: tuple[tuple[str, type[BaseModel], Callable[[UUID, Any], Iterable[Telling]]], ...] = (
    ("registry.member_enrolled.v1", readers.Enrolled, _enrolled),
    ("contributions.period_charged.v1", readers.PeriodCharged, _charged),
    ("contributions.payment_posted.v1", readers.PaymentPosted, _posted),
    ("contributions.payment_reversed.v1", readers.PaymentReversed, _reversed),
    ("contributions.charge_lapsed.v1", readers.ChargeLapsed, _lapsed),
    ("contributions.coverage_granted.v1", readers.CoverageGranted, _covered),
    ("contributions.coverage_withdrawn.v1", readers.CoverageWithdrawn, _uncovered),
    ("benefits.benefit_received.v1", readers.BenefitReceived, _received),
    ("benefits.payout_ready.v1", readers.PayoutReady, _ready),
    ("benefits.payout_paid.v1", readers.PayoutPaid, _paid),
    ("benefits.payout_returned.v1", readers.PayoutReturned, _returned),
)
