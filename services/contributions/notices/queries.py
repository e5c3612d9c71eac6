"""SQL of payment notices."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from services.contributions.declarations import Declaration
from services.contributions.notices import problems
from services.contributions.notices.models import Difference, Explanation, Notice, NoticeLine
from services.kit.periods import Period


def notice(session: Session, notice_id: UUID) -> Notice:
    """One notice. Raises NoSuchNotice."""
    found = session.get(Notice, notice_id)
    if found is None:
        raise problems.NoSuchNotice("Check the notice's id.")
    return found


def lock_notice(session: Session, notice_id: UUID) -> Notice:
    """One notice, held until the transaction ends. Raises NoSuchNotice."""
    query = select(Notice).where(Notice.id == notice_id).with_for_update()
    found = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise problems.NoSuchNotice("Check the notice's id.")
    return found


def add_notice(session: Session, row: Notice) -> bool:
    """Write a notice unless its reference is taken; says whether it was written."""
    written = session.execute(
        insert(Notice).values(row.model_dump()).on_conflict_do_nothing().returning(col(Notice.id))
    )
    return written.scalar_one_or_none() is not None


def standing(session: Session, reference: str) -> Notice | None:
    """The notice of a reference that was not kept aside."""
    return session.exec(
        select(Notice).where(Notice.reference == reference, Notice.state != "aside")
    ).one_or_none()


def bill_of(session: Session, declaration_id: UUID) -> Notice | None:
    """The standing notice that answers a declaration; audits come on top."""
    query = select(Notice).where(
        Notice.declaration_id == declaration_id, Notice.state != "aside", Notice.type != "audit"
    )
    return session.exec(query).one_or_none()


def lock_declaration(session: Session, declaration_id: UUID) -> Declaration | None:
    """A declaration, held so that its notices come one after the other."""
    query = select(Declaration).where(Declaration.id == declaration_id)
    return session.exec(query.with_for_update(key_share=True)).one_or_none()


def notices(
    session: Session,
    *,
    period: Period | None,
    declaration_id: UUID | None,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[Notice]:
    """Notices, newest first."""
    query = select(Notice)
    if period is not None:
        query = query.where(Notice.period == period)
    if declaration_id is not None:
        query = query.where(Notice.declaration_id == declaration_id)
    if state is not None:
        query = query.where(Notice.state == state)
    if after is not None:
        query = query.where(col(Notice.id) < after)
    return list(session.exec(query.order_by(col(Notice.id).desc()).limit(limit)))


def reasons(session: Session, notice_ids: Sequence[UUID]) -> dict[UUID, dict[str, tuple[int, int, int]]]:
    """For each notice and reason: how many differences, how many of them open, what they come to."""
    rows = session.execute(
        text(
            "SELECT notice_id, reason, count(*), count(*) FILTER (WHERE state = 'open'),"
            " sum(amount_minor)::bigint FROM notice_differences WHERE notice_id = ANY(:ids)"
            " GROUP BY notice_id, reason ORDER BY notice_id, reason"
        ),
        {"ids": list(notice_ids)},
    )
    found: dict[UUID, dict[str, tuple[int, int, int]]] = {}
    for notice_id, reason, count, open_count, amount_minor in rows:
        found.setdefault(notice_id, {})[reason] = (count, open_count, amount_minor)
    return found


def count_open(session: Session, notice_id: UUID) -> int:
    """How many differences of a notice wait for an explanation."""
    query = select(func.count()).where(Difference.notice_id == notice_id, Difference.state == "open")
    return session.exec(query).one()


def differences(
    session: Session,
    notice_id: UUID,
    *,
    reason: str | None,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[tuple[Difference, str | None, str | None]]:
    """A notice's differences in order of id, each with the document as billed and with its words."""
    query = (
        select(Difference, NoticeLine.document_number, Explanation.words)
        .outerjoin(
            NoticeLine,
            (col(NoticeLine.notice_id) == Difference.notice_id)
            & (col(NoticeLine.line_number) == Difference.line_number),
        )
        .outerjoin(Explanation, col(Explanation.id) == Difference.explanation_id)
        .where(Difference.notice_id == notice_id)
    )
    if reason is not None:
        query = query.where(Difference.reason == reason)
    if state is not None:
        query = query.where(Difference.state == state)
    if after is not None:
        query = query.where(col(Difference.id) > after)
    return list(session.exec(query.order_by(col(Difference.id)).limit(limit)).all())


def lock_open(session: Session, notice_id: UUID, reason: str, member_id: UUID | None) -> list[Difference]:
    """The open differences of one reason, of one member or of all, held; the notice is locked already."""
    query = select(Difference).where(
        Difference.notice_id == notice_id, Difference.state == "open", Difference.reason == reason
    )
    if member_id is not None:
        query = query.where(Difference.member_id == member_id)
    return list(session.exec(query.order_by(col(Difference.id)).with_for_update()))


def pending_explanation(
    session: Session, notice_id: UUID, reason: str, member_id: UUID | None
) -> Explanation | None:
    """An explanation that waits for a second person and speaks of the same differences."""
    query = select(Explanation).where(
        Explanation.notice_id == notice_id, Explanation.reason == reason, Explanation.state == "pending"
    )
    for found in session.exec(query):
        if member_id is None or found.member_id in (None, member_id):
            return found
    return None


def lock_explanation(session: Session, explanation_id: UUID) -> Explanation:
    """One explanation, held until the transaction ends."""
    query = select(Explanation).where(Explanation.id == explanation_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def explain(session: Session, difference_ids: Sequence[UUID], explanation_id: UUID) -> None:
    """Let an explanation stand for these differences."""
    session.execute(
        text(
            "UPDATE notice_differences SET state = 'explained', explanation_id = :explanation_id"
            " WHERE id = ANY(:ids) AND state = 'open'"
        ),
        {"ids": list(difference_ids), "explanation_id": explanation_id},
    )
