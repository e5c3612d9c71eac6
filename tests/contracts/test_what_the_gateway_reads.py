"""What the gateway reads of other parts' events is what those parts announce."""

import json
import types
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from gateway.consumers import consumers
from gateway.messages.sending.channel import PAYOUT_CODES
from gateway.messages.telling.consumers import REACTIONS
from gateway.messages.wording import CODE_MASK, TEMPLATES
from gateway.messages.wording.templates import REASONS
from services.benefits import events as benefits
from services.benefits.cash import rules as cash
from services.benefits.cash import service as cash_service
from services.contributions import events as contributions
from services.contributions.declarations import rules as declarations
from services.kit import clock
from services.kit.events import Event
from services.kit.events.envelope import envelope
from services.kit.events.outbox import Numbered
from services.kit.ids import new_id
from services.registry import events as registry

DAY = date(2026, 7, 31)
OF = {"member_id": new_id(), "organisation_id": new_id()}
MONEY = {"amount_minor": 994_745, "currency": "DOP"}
PAYOUT = {"payout_id": new_id(), **OF, **MONEY}
MEMBER = registry.MemberState(
    **OF,
    version=3,
    member_number="100001",
    state="active",
    given_names="Ana",
    first_surname="Prueba",
    second_surname="",
    sex="F",
    birth_date=date(1990, 1, 1),
    document_type="C",
    document_number="99900000001",
    phone=None,
    language="es",
    declared_wage_minor=2_322_300,
    currency="DOP",
    risk_class="I",
    additional_dependants=0,
    has_mandate=True,
    identity_verified=True,
)

ANNOUNCED: list[Event] = [
    registry.OrganisationChanged(
        organisation_id=new_id(), version=1, parent_id=None, called="G", kind="guild"
    ),
    registry.MemberEnrolled(members=[MEMBER]),
    registry.MemberChanged(members=[MEMBER.model_copy(update={"phone": "+18095550100"})]),
    contributions.PeriodCharged(
        period="2026-07",
        due_on=DAY,
        charges=[
            contributions.ChargedMember(
                charge_id=new_id(), **OF, total_minor=5, outstanding_minor=3, currency="DOP"
            )
        ],
    ),
    contributions.PaymentPosted(
        payments=[
            contributions.PostedPayment(
                payment_id=new_id(),
                **OF,
                **MONEY,
                receipt_number=7,
                check_code="ABCDEFGHJKLMN",
                channel="cash",
                value_on=DAY,
                outstanding_minor=0,
            )
        ]
    ),
    contributions.PaymentReversed(payment_id=new_id(), **OF, **MONEY, receipt_number=7),
    contributions.ChargeLapsed(
        period="2026-07", charges=[contributions.LapsedCharge(charge_id=new_id(), **OF, reason="unpaid")]
    ),
    contributions.CoverageGranted(
        period="2026-07", covered_until=DAY, members=[contributions.CoveredMember(**OF)]
    ),
    contributions.CoverageWithdrawn(
        period="2026-07", reason="returned", members=[contributions.CoveredMember(**OF)]
    ),
    contributions.DeclarationFiled(
        declaration_id=new_id(),
        period="2026-07",
        agency="tss",
        lines=2,
        total_minor=5,
        currency="DOP",
        sha256="ab",
    ),
    contributions.RemittancePaid(remittance_id=new_id(), notice_id=new_id(), period="2026-07", **MONEY),
    contributions.BenefitFundsReceived(bank_line_id=new_id(), reference="TRF", **MONEY, value_on=DAY),
    benefits.BenefitReceived(payouts=[benefits.Relayed(**PAYOUT)]),
    benefits.PayoutReady(**PAYOUT, code_sealed="sealed"),
    benefits.PayoutPaid(payouts=[benefits.RelayedBy(**PAYOUT, channel="cash")]),
    benefits.PayoutReturned(**PAYOUT, reason="unclaimed"),
]
BY_NAME = {event.name: event for event in ANNOUNCED}


def events_of(part: types.ModuleType) -> Iterator[str]:
    for one in vars(part).values():
        if isinstance(one, type) and issubclass(one, Event) and one is not Event:
            yield one.name


def read_by_the_gateway() -> list[str]:
    names = [name for part in (registry, contributions, benefits) for name in events_of(part)]
    return sorted(name for name in names if consumers.reactions(name))


def test_everything_that_the_gateway_reads_is_announced_by_somebody() -> None:
    declared = set(consumers._reactions)
    assert declared == set(read_by_the_gateway()) == set(BY_NAME)


@pytest.mark.parametrize("name", BY_NAME)
def test_each_event_is_read_as_it_is_announced(name: str) -> None:
    event = BY_NAME[name]
    body = envelope(Numbered(1, new_id(), name, clock.now(), None, event.data()))
    for reaction in consumers.reactions(name):
        read = reaction.reader.model_validate_json(body).data
        _ensure_read(read, json.loads(event.data()))


def _ensure_read(read: BaseModel, announced: dict[str, Any]) -> None:
    """Every field that is read has the value that was announced; none comes from a default."""
    assert read.model_fields_set == set(type(read).model_fields)
    shown = read.model_dump(mode="json")
    for field in type(read).model_fields:
        inner = getattr(read, field)
        if isinstance(inner, list) and inner and isinstance(inner[0], BaseModel):
            assert len(inner) == len(announced[field])
            for one, other in zip(inner, announced[field], strict=True):
                _ensure_read(one, other)
        else:
            assert shown[field] == announced[field]


def test_every_reaction_makes_messages_of_templates_that_exist() -> None:
    for name, reader, tellings_of in REACTIONS:
        data = reader.model_validate_json(BY_NAME[name].data())
        tellings = list(tellings_of(new_id(), data))
        assert tellings
        for telling in tellings:
            assert telling.template in TEMPLATES
            assert (telling.member_id, telling.organisation_id) == (OF["member_id"], OF["organisation_id"])


def test_every_reason_to_be_left_out_has_plain_words() -> None:
    assert set(declarations.Reason.__args__) == set(REASONS)  # type: ignore[attr-defined]  # of a Literal


def test_codes_are_opened_for_the_purpose_they_were_sealed_for_and_are_as_long_as_their_mask() -> None:
    assert cash_service.CODES == PAYOUT_CODES
    assert len(CODE_MASK) == cash.DIGITS
