"""Explaining what a notice and a declaration disagree on, so that it can be booked and remitted.

Someone's words settle who is missing from the bill (their charge lapses, since the State covers nothing) and
who is unknown to us (the mutual bears it). For whatever has another cause it takes a second person.
"""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.contributions.declarations import lapse
from services.contributions.events import LapsedCharge
from services.contributions.notices import problems, queries
from services.contributions.notices.comparing import book
from services.contributions.notices.models import Difference, Explanation, Notice
from services.contributions.notices.schemas import ExplanationIn
from services.kit import approvals, audit, ids
from services.kit.approvals import Approval
from services.kit.money import Money
from services.kit.principals import Principal


def explain(
    session: Session, notice_id: UUID, given: ExplanationIn, *, by: Principal
) -> tuple[Explanation, Notice, Approval | None]:
    """Explain a notice's open differences of one reason; for `other` this only asks a second person.

    Raises NoSuchNotice, NotCompared, NothingToExplain, StillPending, Forbidden.
    """
    notice = queries.lock_notice(session, notice_id)
    if notice.state != "compared":
        raise problems.NotCompared(f"It is {notice.state}.")
    if queries.pending_explanation(session, notice_id, given.reason, given.member_id) is not None:
        raise problems.StillPending("Let it be approved or refused first.")
    differences = queries.lock_open(session, notice_id, given.reason, given.member_id)
    if not differences:
        raise problems.NothingToExplain("Look at the differences that are open.")
    explanation = Explanation(
        id=ids.new_id(),
        notice_id=notice_id,
        reason=given.reason,
        member_id=given.member_id,
        words=given.words,
        differences=len(differences),
        amount_minor=_sum(differences),
        given_by=by.subject,
    )
    session.add(explanation)
    session.flush()
    if given.reason == "other":
        return explanation, notice, _ask(session, notice, explanation, by)
    _settle(session, notice, explanation, differences)
    audit.write(session, "notices.explain", notice_id, by=by, reason=given.words)
    return explanation, notice, None


def _ask(session: Session, notice: Notice, explanation: Explanation, by: Principal) -> Approval:
    amount = Money(explanation.amount_minor, notice.currency)
    facts = {
        "reference": notice.reference,
        "period": str(notice.period),
        "count": explanation.differences,
        "amount": {"amount": amount.amount, "currency": amount.currency},
        "reason": explanation.words,
    }
    if explanation.member_id is not None:
        facts["member_id"] = str(explanation.member_id)
    return approvals.request(session, KIND, explanation.id, by=by, facts=facts)


def _settle(
    session: Session, notice: Notice, explanation: Explanation, differences: list[Difference]
) -> None:
    if explanation.reason == "missing":
        charges = {
            one.member_id: LapsedCharge(
                charge_id=one.charge_id,
                member_id=one.member_id,
                organisation_id=one.organisation_id,
                reason="missing_from_notice",
            )
            for one in differences
            if one.member_id and one.charge_id and one.organisation_id
        }
        lapse(session, notice.period, list(charges.values()), source_id=explanation.id)
    else:
        nets: dict[tuple[UUID | None, int | None], int] = defaultdict(int)
        for one in differences:
            nets[one.member_id, one.line_number] += one.amount_minor
        booked = [(member_id, minor) for (member_id, _), minor in nets.items()]
        book(session, notice, booked, source_id=explanation.id)
    queries.explain(session, [one.id for one in differences], explanation.id)
    explanation.state = "explained"


def _sum(differences: list[Difference]) -> int:
    return sum(one.amount_minor for one in differences)


def _locked(session: Session, explanation_id: UUID) -> tuple[Notice, Explanation, list[Difference]]:
    explanation = session.get_one(Explanation, explanation_id)
    notice = queries.lock_notice(session, explanation.notice_id)
    explanation = queries.lock_explanation(session, explanation_id)
    differences = queries.lock_open(session, notice.id, explanation.reason, explanation.member_id)
    return notice, explanation, differences


def _content(session: Session, explanation_id: UUID) -> Any:
    _, explanation, differences = _locked(session, explanation_id)
    return {
        "explanation_id": explanation_id,
        "words": explanation.words,
        "differences": [one.id for one in differences],
        "amount_minor": _sum(differences),
    }


def _apply(session: Session, approval: Approval, by: Principal) -> None:
    notice, explanation, differences = _locked(session, approval.subject_id)
    _settle(session, notice, explanation, differences)


def _refuse(session: Session, approval: Approval, by: Principal) -> None:
    queries.lock_explanation(session, approval.subject_id).state = "refused"


KIND = approvals.Kind("notices.explain", "remittances:approve", _content, _apply, _refuse)
