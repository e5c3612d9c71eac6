"""Where a member's money goes is changed by two people, and its number is never shown again."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from services.benefits.members import Member
from tests import tokens
from tests.benefits import factories, stories
from tests.benefits.races import at_once
from tests.benefits.stories import OFFICER, decide, get, item, post

GIVEN = {"holder_name": "Ana Muestra", "bic": "XXXXDOSD", "account": "00012345678"}


def change(api: TestClient, owner: Member, by: Any = OFFICER, **given: Any) -> Any:
    return post(api, f"/v1/members/{owner.id}/payout-accounts", GIVEN | given, by=by)


def in_force(api: TestClient, owner: Member) -> list[str]:
    listed = get(api, f"/v1/members/{owner.id}/payout-accounts", by=OFFICER).json()["items"]
    return [one["account_hint"] for one in listed if one["state"] == "in_force"]


def test_an_account_is_used_once_a_second_person_has_approved_it(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    asked = change(api, ana)
    assert asked.status_code == 201, asked.text
    assert (asked.json()["state"], asked.json()["account_hint"]) == ("pending", "…5678")
    assert in_force(api, ana) == []
    assert decide(api, asked.json()["approval_id"]).status_code == 200
    assert in_force(api, ana) == ["…5678"]


def test_a_new_account_takes_the_place_of_the_old(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    for account in ("11112222", "33334444"):
        decide(api, change(api, ana, account=account).json()["approval_id"])
    assert in_force(api, ana) == ["…4444"]


def test_a_refused_account_is_never_used(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    decide(api, change(api, ana).json()["approval_id"], decision="refuse")
    assert in_force(api, ana) == []
    told = stories.released(api, session, item(ana))
    assert stories.payouts(api, told)[0]["channel"] == "cash"


def test_who_asked_cannot_put_it_in_force(api: TestClient, session: Session) -> None:
    both = tokens.staff("payouts:prepare", "payouts:release", *stories.READING, totp=True)
    asked = change(api, factories.member(session), by=both)
    assert decide(api, asked.json()["approval_id"], by=both).json()["type"] == "same-person-twice"


def test_the_number_is_nowhere_in_the_open(api: TestClient, session: Session) -> None:
    change(api, factories.member(session))
    for table in ("payout_accounts", "approvals", "audit_log", "audit_details", "outbox"):
        stored = factories.rows(session, f"SELECT {table}::text AS row FROM {table}")
        assert all("00012345678" not in one.row for one in stored)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"bic": "xx"}, "bic"),
        ({"account": "12 34"}, "account"),
        ({"account": "DO29BAGR00000001212453611324"}, "account"),
        ({"account": "1" * 35}, "account"),
        ({"holder_name": "\x00\x00"}, "holder_name"),
    ],
)
def test_a_wrong_shape_is_refused_by_its_field(
    api: TestClient, session: Session, given: dict[str, Any], field: str
) -> None:
    refused = change(api, factories.member(session), **given)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


def test_an_iban_with_right_digits_is_taken(api: TestClient, session: Session) -> None:
    answer = change(api, factories.member(session), account="do28bagr00000001212453611324")
    assert (answer.status_code, answer.json()["account_hint"]) == (201, "…1324")


def test_an_unknown_member_is_not_found(api: TestClient) -> None:
    answer = post(api, f"/v1/members/{uuid4()}/payout-accounts", GIVEN, by=OFFICER)
    assert answer.status_code == 404


def test_two_changes_approved_at_once_leave_one_in_force(racing: TestClient, committed: Session) -> None:
    for _ in range(3):
        ana = factories.member(committed)
        ids = [change(racing, ana, account=f"9999000{n}").json()["approval_id"] for n in range(4)]
        answers = at_once(*(partial(decide, racing, id) for id in ids))
        assert {answer.status_code for answer in answers} == {200}
        assert len(in_force(racing, ana)) == 1
