"""What is done with authorisations: one person proposes, another puts in force."""

from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from services.kit import approvals, audit, ids
from services.kit.events import record
from services.kit.principals import Principal
from services.registry.authorisations import queries
from services.registry.authorisations.models import Authorisation
from services.registry.authorisations.problems import NumberTaken
from services.registry.authorisations.schemas import AuthorisationIn, AuthorisationOut
from services.registry.events import AuthorisationChanged


def propose_authorisation(session: Session, given: AuthorisationIn, *, by: Principal) -> Authorisation:
    """Record the State's document and ask a second person to put it in force.

    Raises NumberTaken, Forbidden (for a system).
    """
    authorisation = Authorisation(
        id=ids.new_id(),
        minimum_wage_minor=given.minimum_wage.minor,
        currency=given.minimum_wage.currency,
        proposed_by=by.subject,
        **given.model_dump(exclude={"minimum_wage"}),
    )
    session.add(authorisation)
    try:
        session.flush()
    except IntegrityError:
        raise NumberTaken(f"{given.issuer}, number {given.number}, is recorded already.") from None
    session.refresh(authorisation)
    audit.write(session, "authorisations.propose", authorisation.id, by=by)
    approvals.request(session, PUT_IN_FORCE, authorisation.id, by=by, facts=_facts(authorisation))
    return authorisation


def _put_in_force(session: Session, approval: approvals.Approval, by: Principal) -> None:
    authorisation = queries.lock_authorisation(session, approval.subject_id)
    authorisation.state, authorisation.put_in_force_by = "in_force", by.subject
    authorisation.version += 1
    record(session, _announced(authorisation))


def _refuse(session: Session, approval: approvals.Approval, by: Principal) -> None:
    authorisation = queries.lock_authorisation(session, approval.subject_id)
    authorisation.state = "refused"
    authorisation.version += 1


def _content(session: Session, authorisation_id: UUID) -> dict[str, Any]:
    """All that the second person approves; the row stays locked until it is decided."""
    return queries.lock_authorisation(session, authorisation_id).model_dump(mode="json")


def _facts(row: Authorisation) -> dict[str, Any]:
    return AuthorisationOut.of(row).model_dump(mode="json")


def _announced(row: Authorisation) -> AuthorisationChanged:
    fields = AuthorisationChanged.model_fields.keys() - {"authorisation_id"}
    return AuthorisationChanged(authorisation_id=row.id, **row.model_dump(include=set(fields)))


PUT_IN_FORCE = approvals.Kind(
    "authorisations.put_in_force", "authorisations:approve", _content, _put_in_force, _refuse
)
