"""Whose an item is, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.benefits.cases import Case
from services.benefits.disbursements import Disbursement, Item
from services.benefits.matching.rules import Doubt, Known, match
from services.benefits.members import Member

NOW = datetime(2026, 7, 20, tzinfo=UTC)


def a_member(**given: Any) -> Member:
    told: dict[str, Any] = {
        "id": uuid4(),
        "version": 1,
        "member_number": "1",
        "organisation_id": UUID(int=1),
        "state": "active",
        "given_names": "Ana María",
        "first_surname": "de la Muestra",
        "document_type": "C",
        "document_number": "99900000001",
    }
    return Member(**told | given)


def an_item(**given: Any) -> Item:
    told: dict[str, Any] = {
        "id": uuid4(),
        "disbursement_id": UUID(int=2),
        "reference": "1",
        "document_type": "C",
        "document_number": "99900000001",
        "amount_minor": 1,
        "currency": "DOP",
        "case_number": "EXP-1",
        "content_hash": b"",
        "received_at": NOW,
    }
    return Item(**told | given)


def a_case(owner: Member, **given: Any) -> Case:
    told: dict[str, Any] = {
        "id": uuid4(),
        "agency": "sisalril",
        "case_number": "EXP-1",
        "benefit": "maternity",
        "member_id": owner.id,
        "organisation_id": owner.organisation_id,
        "opened_at": NOW,
    }
    return Case(**told | given)


DISBURSEMENT = Disbursement(
    id=UUID(int=2),
    agency="sisalril",
    reference="SUB-1",
    benefit="maternity",
    currency="DOP",
    declared_count=1,
    declared_total_minor=1,
    bank_reference="TRF",
    bank_reference_key="TRF",
    announced_by=UUID(int=3),
    announced_at=NOW,
)
ANA = a_member()
KNOWN = Known(holders={("C", "99900000001"): [ANA]}, cases={}, relayed=set())


def test_the_holder_of_the_document_is_whose_it_is() -> None:
    assert match(an_item(), DISBURSEMENT, KNOWN) is ANA


@pytest.mark.parametrize("name", ["MUESTRA ANA", "ana", "Muestra Pérez, A.", None])
def test_a_name_with_a_word_in_common_is_no_doubt(name: str | None) -> None:
    assert match(an_item(name=name), DISBURSEMENT, KNOWN) is ANA


@pytest.mark.parametrize("name", ["Pedro Ejemplo", "María", "de la Cruz"])
def test_a_name_without_one_tells_a_mistyped_document(name: str) -> None:
    other = replace(KNOWN, holders={("C", "99900000001"): [a_member(given_names="Ana")]})
    assert match(an_item(name=name), DISBURSEMENT, other) == Doubt.OTHER_NAME


def test_a_document_that_nobody_holds_is_doubtful() -> None:
    assert match(an_item(document_type="P"), DISBURSEMENT, KNOWN) == Doubt.NO_MEMBER


def test_a_document_that_two_hold_is_doubtful() -> None:
    two = replace(KNOWN, holders={("C", "99900000001"): [ANA, a_member()]})
    assert match(an_item(), DISBURSEMENT, two) == Doubt.SEVERAL_MEMBERS


def test_a_case_of_this_member_and_benefit_is_no_doubt() -> None:
    known = replace(KNOWN, cases={"EXP-1": a_case(ANA)})
    assert match(an_item(), DISBURSEMENT, known) is ANA


def test_a_case_of_another_member_is_doubtful() -> None:
    known = replace(KNOWN, cases={"EXP-1": a_case(a_member())})
    assert match(an_item(), DISBURSEMENT, known) == Doubt.CASE_OF_ANOTHER


def test_a_case_of_another_benefit_is_doubtful() -> None:
    known = replace(KNOWN, cases={"EXP-1": a_case(ANA, benefit="common_illness")})
    assert match(an_item(), DISBURSEMENT, known) == Doubt.OTHER_BENEFIT


def test_the_same_days_of_a_case_are_paid_once() -> None:
    first, last = date(2026, 7, 1), date(2026, 7, 31)
    known = replace(KNOWN, relayed={("EXP-1", first, last)})
    assert match(an_item(from_on=first, until_on=last), DISBURSEMENT, known) == Doubt.RELAYED_BEFORE
    assert match(an_item(from_on=date(2026, 8, 1)), DISBURSEMENT, known) is ANA
    assert match(an_item(), DISBURSEMENT, known) is ANA
