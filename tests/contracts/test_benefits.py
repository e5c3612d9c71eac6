"""What benefits announces, the gateway can read; what benefits reads, the others announce."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from gateway.messages.sending import channel
from gateway.messages.telling import readers
from services.benefits import events
from services.benefits.cash.service import CODES
from services.benefits.consumers import MembersChanged, OrganisationChanged, consumers
from services.benefits.fundings import FundsReceived
from services.contributions.events import BenefitFundsReceived
from services.kit.events import Event
from services.registry import events as registry

ORGANISATION = uuid4()


def a_payout(**given: Any) -> dict[str, Any]:
    told = {
        "payout_id": uuid4(),
        "member_id": uuid4(),
        "organisation_id": ORGANISATION,
        "amount_minor": 9_947_45,
        "currency": "DOP",
    }
    return told | given


ANNOUNCED: list[tuple[Event, Any]] = [
    (
        events.BenefitReceived(payouts=[events.Relayed(**a_payout())]),
        readers.BenefitReceived,
    ),
    (events.PayoutReady(**a_payout(), code_sealed="sealed"), readers.PayoutReady),
    (
        events.PayoutPaid(payouts=[events.RelayedBy(**a_payout(channel="bank"))]),
        readers.PayoutPaid,
    ),
    (events.PayoutReturned(**a_payout(), reason="deceased"), readers.PayoutReturned),
]


@pytest.mark.parametrize(("event", "reader"), ANNOUNCED, ids=lambda given: getattr(given, "__name__", ""))
def test_the_gateway_reads_what_is_announced(event: Event, reader: Any) -> None:
    read = reader.model_validate_json(event.data())
    [payout] = read.payouts if hasattr(read, "payouts") else [read]
    assert payout.amount == {"amount": "9947.45", "currency": "DOP"}
    assert payout.organisation_id == ORGANISATION


def test_the_gateway_opens_codes_by_the_purpose_they_are_sealed_for() -> None:
    assert channel.PAYOUT_CODES == CODES


def test_the_largest_announcement_fits_a_message() -> None:
    [event] = events.paid([events.RelayedBy(**a_payout(channel="bank"))] * events.CHUNK)
    assert len(event.data()) < 900_000
    assert len(events.received([events.Relayed(**a_payout())] * (events.CHUNK + 1))) == 2


def test_the_registrys_members_are_read() -> None:
    told = registry.MemberState(
        member_id=uuid4(),
        version=3,
        member_number="000001",
        organisation_id=ORGANISATION,
        state="verified",
        given_names="Ana Sintética",
        first_surname="Muestra",
        second_surname="",
        sex="F",
        birth_date=date(1990, 1, 2),
        document_type="C",
        document_number="99900000001",
        phone=None,
        language="es",
        declared_wage_minor=18_421_20,
        currency="DOP",
        risk_class="I",
        additional_dependants=0,
        has_mandate=True,
        identity_verified=True,
    )
    for event in (registry.MemberEnrolled(members=[told]), registry.MemberChanged(members=[told])):
        assert consumers.reactions(event.name)
        [read] = MembersChanged.model_validate_json(event.data()).members
        assert (read.member_id, read.version, read.document_number) == (told.member_id, 3, "99900000001")


def test_the_registrys_organisations_are_read() -> None:
    event = registry.OrganisationChanged(
        organisation_id=ORGANISATION, version=1, parent_id=None, called="Costureras", kind="union"
    )
    assert consumers.reactions(event.name)
    assert OrganisationChanged.model_validate_json(event.data()).name == "Costureras"


def test_the_bank_lines_of_contributions_are_read() -> None:
    event = BenefitFundsReceived(
        bank_line_id=UUID(int=7),
        reference="TRF-1",
        amount_minor=100,
        currency="DOP",
        value_on=date(2026, 7, 20),
    )
    assert consumers.reactions(event.name)
    assert FundsReceived.model_validate_json(event.data()).model_dump() == event.model_dump()
