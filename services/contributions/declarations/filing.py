"""Filing a declaration, by two people: from then on the agency may fetch it, and it never changes."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.contributions.declarations import jobs, problems, queries
from services.contributions.declarations.models import Declaration
from services.contributions.events import DeclarationFiled
from services.kit import approvals, clock
from services.kit.approvals import Approval
from services.kit.events import record
from services.kit.jobs import defer
from services.kit.principals import Principal


def ask_to_file(session: Session, declaration_id: UUID, *, by: Principal) -> Approval:
    """Ask a second person to file a drawn declaration; asking again answers the pending request.

    Raises NoSuchDeclaration, NotDrawn.
    """
    declaration = queries.lock_declaration(session, declaration_id)
    _ensure_drawn(declaration)
    facts = {
        "period": str(declaration.period),
        "lines": declaration.lines,
        "left_out": declaration.left_out,
        "total_minor": declaration.total_minor,
        "currency": declaration.currency,
        "statements_through": str(declaration.statements_through),
        "cut_off_on": str(declaration.cut_off_on),
    }
    return approvals.request(session, KIND, declaration_id, by=by, facts=facts)


def file_declaration(session: Session, approval: Approval, by: Principal) -> None:
    """File what two people agreed on; the charges of those left out lapse in the background."""
    declaration = queries.lock_declaration(session, approval.subject_id)
    _ensure_drawn(declaration)
    declaration.state, declaration.filed_by, declaration.filed_at = "filed", by.subject, clock.now()
    session.flush()
    defer(session, jobs.lapse_left_out, declaration_id=str(declaration.id))
    record(session, _announcement(declaration))


def _announcement(declaration: Declaration) -> DeclarationFiled:
    return DeclarationFiled(
        declaration_id=declaration.id,
        period=str(declaration.period),
        agency=declaration.agency,
        lines=declaration.lines,
        total_minor=declaration.total_minor,
        currency=declaration.currency,
        sha256=declaration.sha256 or "",
    )


def _ensure_drawn(declaration: Declaration) -> None:
    if declaration.state != "drawn":
        raise problems.NotDrawn(f"It is {declaration.state}.")


def _content(session: Session, declaration_id: UUID) -> Any:
    declaration = queries.lock_declaration(session, declaration_id)
    return {"sha256": declaration.sha256, "lines": declaration.lines, "state": declaration.state}


KIND = approvals.Kind("declarations.file", "declarations:approve", _content, file_declaration)
