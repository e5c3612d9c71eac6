"""Each event that concerns a member becomes one message, once."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from gateway import db
from gateway.messages.contacts import Contact
from gateway.messages.models import Message
from services.kit.ids import new_id
from tests.gateway.messages import happenings
from tests.gateway.messages.happenings import announced, charge, happen, known, payment, payout, take, whose

pytestmark = pytest.mark.usefixtures("gateway")


def told(of: dict[str, Any]) -> list[Message]:
    """What was made for a member, in order."""
    with Session(db.engine(), expire_on_commit=False) as session:
        query = select(Message).where(Message.member_id == of["member_id"]).order_by(col(Message.id))
        return list(session.exec(query))


def letters() -> int:
    with Session(db.engine()) as session:
        return int(session.execute(text("SELECT count(*) FROM dead_letters")).scalar_one())


def test_every_event_makes_its_message() -> None:
    one = known()
    money: dict[str, Any] = {"amount_minor": 100_050, "currency": "DOP"}
    happen("registry.member_enrolled.v1", members=[{**one, "version": 2}])
    take(happenings.charged([one]))
    happen("contributions.payment_posted.v1", payments=[payment(one)])
    happen(
        "contributions.payment_reversed.v1", payment_id=new_id(), receipt_number=1234, **whose(one), **money
    )
    lapsed = {"charge_id": new_id(), "reason": "unpaid", **whose(one)}
    happen("contributions.charge_lapsed.v1", period="2026-07", charges=[lapsed])
    covered: dict[str, Any] = {"period": "2026-07", "members": [whose(one)]}
    happen("contributions.coverage_granted.v1", covered_until="2026-07-31", **covered)
    happen("contributions.coverage_withdrawn.v1", reason="returned", **covered)
    happen("benefits.benefit_received.v1", payouts=[payout(one)])
    happen("benefits.payout_ready.v1", **payout(one), code_sealed="sealed")
    happen("benefits.payout_paid.v1", payouts=[payout(one, channel="cash"), payout(one, channel="bank")])
    happen("benefits.payout_returned.v1", **payout(one), reason="unclaimed")
    assert [message.template for message in told(one)] == [
        "welcome",
        "charged",
        "receipt",
        "payment_reversed",
        "left_out",
        "covered",
        "cover_withdrawn",
        "benefit_received",
        "payout_ready",
        "payout_paid_cash",
        "payout_paid_bank",
        "payout_returned",
    ]
    assert {message.state for message in told(one)} == {"queued"}
    assert letters() == 0


def test_the_facts_of_a_charge_and_of_a_payment_are_kept() -> None:
    one = known()
    due = charge(one, total_minor=500_000, outstanding_minor=123_450)
    happen("contributions.period_charged.v1", period="2026-07", due_on="2026-08-05", charges=[due])
    paid = payment(one, amount_minor=123_400, outstanding_minor=50)
    happen("contributions.payment_posted.v1", payments=[paid])
    bill, receipt = told(one)
    assert bill.facts == {
        "period": "2026-07",
        "due_on": "2026-08-05",
        "amount": {"amount": "1234.50", "currency": "DOP"},
    }
    assert receipt.template == "receipt_owing"
    assert receipt.facts["outstanding"] == {"amount": "0.50", "currency": "DOP"}
    assert (bill.subject_id, receipt.subject_id) == (due["charge_id"], paid["payment_id"])
    assert bill.organisation_id == happenings.ORGANISATION


def test_who_had_credit_is_told_that_nothing_is_to_be_paid() -> None:
    one = known()
    happen(
        "contributions.period_charged.v1",
        period="2026-07",
        due_on="2026-08-05",
        charges=[charge(one, outstanding_minor=0)],
    )
    [message] = told(one)
    assert message.template == "charged_from_credit"
    assert message.facts["amount"]["amount"] == "4923.27"


def test_the_same_event_again_tells_nobody_twice() -> None:
    one, id, before = known(), new_id(), letters()
    again = announced("contributions.payment_posted.v1", {"payments": [payment(one)]}, id=id)
    take(again)
    take(again)
    assert len(told(one)) == 1
    # Not even when the inbox has forgotten that it saw it.
    with Session(db.engine()) as session, session.begin():
        session.execute(text("DELETE FROM inbox WHERE id = :id"), {"id": id})
    take(again)
    assert len(told(one)) == 1
    assert letters() == before


def test_two_payments_of_one_member_in_one_event_are_two_receipts() -> None:
    one = known()
    happen("contributions.payment_posted.v1", payments=[payment(one), payment(one)])
    assert [message.template for message in told(one)] == ["receipt", "receipt"]


def test_a_thousand_members_in_one_event_are_told_each() -> None:
    members = [happenings.member() for _ in range(1_000)]
    happen("registry.member_enrolled.v1", members=members)
    with Session(db.engine()) as session:
        ids = [one["member_id"] for one in members]
        made = session.exec(select(Message.template).where(col(Message.member_id).in_(ids))).all()
    assert made == ["welcome"] * 1_000


def test_only_the_first_enrolment_welcomes() -> None:
    one = known()
    happen("registry.member_changed.v1", members=[{**one, "version": 3}])
    assert told(one) == []


def test_a_contact_follows_the_newest_version_alone() -> None:
    one = known(version=5)
    happen("registry.member_changed.v1", members=[{**one, "version": 4, "phone": "+18095559999"}])
    assert contact(one["member_id"]).phone == one["phone"]
    moved = UUID(int=8)
    changed = {**one, "version": 6, "phone": None, "language": "en", "organisation_id": moved}
    happen("registry.member_changed.v1", members=[changed, {**one, "version": 5}])
    assert (contact(one["member_id"]).phone, contact(one["member_id"]).language) == (None, "en")
    assert contact(one["member_id"]).organisation_id == moved


def contact(member_id: UUID) -> Contact:
    with Session(db.engine(), expire_on_commit=False) as session:
        found = session.get(Contact, member_id)
        assert found is not None
        return found


def test_messages_of_one_event_have_one_job_that_waits() -> None:
    take(happenings.charged([known()]), happenings.charged([known()]))
    with Session(db.engine()) as session:
        waiting = session.execute(
            text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name AND status = 'todo'"),
            {"name": "send_messages"},
        ).scalar_one()
    assert waiting == 1


@pytest.mark.parametrize("wrong", [{"period": "July"}, {"due_on": "soon"}, {"currency": "PESOS"}])
def test_an_event_that_cannot_be_written_down_becomes_a_letter(wrong: dict[str, str]) -> None:
    one, before = known(), letters()
    due = charge(one, **{name: value for name, value in wrong.items() if name == "currency"})
    data: dict[str, Any] = {"period": "2026-07", "due_on": "2026-08-05", "charges": [due]}
    happen("contributions.period_charged.v1", **{**data, **wrong})
    assert told(one) == []
    assert letters() == before + 1
