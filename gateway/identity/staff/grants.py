"""What needs a second person: giving a role, and giving somebody a new way in."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from gateway.identity.staff import queries
from gateway.identity.staff.models import RoleGrant
from gateway.identity.staff.problems import OwnRole, PersonNotReady, RootsMissing
from gateway.identity.staff.service import shut_out
from gateway.identity.tokens.revocations import revoke
from gateway.roles import NEEDS_ROOTS
from services.kit import approvals
from services.kit.approvals import Approval
from services.kit.ids import new_id
from services.kit.principals import Principal


def request_role(
    session: Session, staff_id: UUID, role: str, roots: list[UUID] | None, *, by: Principal
) -> Approval:
    """Ask for a role on somebody's behalf; with `roots`, to be limited to those organisations.

    Asking again while it waits answers the same request. Raises NoSuchPerson, PersonNotReady,
    RootsMissing, Forbidden.
    """
    person = queries.lock_person(session, staff_id)
    if person.state == "deactivated":
        raise PersonNotReady("This person was deactivated.")
    if role in NEEDS_ROOTS and not (roots or person.roots):
        raise RootsMissing("Name the organisation that they are the head of.")
    grant = queries.pending_grant(session, staff_id, role)
    if grant is None:
        grant = RoleGrant(id=new_id(), staff_id=staff_id, role=role)
    grant.roots = roots
    session.add(grant)
    session.flush()
    facts = {"staff_id": str(staff_id), "name": person.name, "role": role, "roots": _texts(roots)}
    return approvals.request(session, GRANT_ROLE, grant.id, by=by, facts=facts)


def request_readmission(session: Session, staff_id: UUID, *, by: Principal) -> Approval:
    """Ask for a new way in for somebody who lost theirs, or who comes back.

    Raises NoSuchPerson, PersonNotReady, Forbidden.
    """
    person = queries.lock_person(session, staff_id)
    if person.state == "new":
        raise PersonNotReady("They have no way in yet: give them credentials.")
    facts = {"staff_id": str(staff_id), "name": person.name, "state": person.state}
    return approvals.request(session, READMIT, staff_id, by=by, facts=facts)


def _grant_content(session: Session, grant_id: UUID) -> Any:
    grant = queries.lock_grant(session, grant_id)
    return {"staff_id": str(grant.staff_id), "role": grant.role, "roots": _texts(grant.roots)}


def _give_role(session: Session, approval: Approval, by: Principal) -> None:
    grant = queries.lock_grant(session, approval.subject_id)
    if grant.staff_id == by.subject:
        raise OwnRole("Another person must decide this.")
    person = queries.lock_person(session, grant.staff_id)
    if person.state == "deactivated":
        raise PersonNotReady("This person was deactivated.")
    queries.give_role(session, person.id, grant.role)
    if grant.roots is not None and grant.roots != person.roots:
        person.roots = grant.roots
        revoke(session, person.id)  # tokens that reach elsewhere
    grant.state = "granted"


def _refuse_role(session: Session, approval: Approval, by: Principal) -> None:
    queries.lock_grant(session, approval.subject_id).state = "refused"


def _person_content(session: Session, staff_id: UUID) -> Any:
    person = queries.lock_person(session, staff_id)
    return {"staff_id": str(staff_id), "state": person.state}


def _readmit(session: Session, approval: Approval, by: Principal) -> None:
    if approval.subject_id == by.subject:
        raise OwnRole("Another person must decide this.")
    person = queries.lock_person(session, approval.subject_id)
    person.state, person.password_hash, person.totp_sealed = "new", None, None
    shut_out(session, person.id)


def _texts(roots: list[UUID] | None) -> list[str] | None:
    return None if roots is None else [str(root) for root in roots]


GRANT_ROLE = approvals.Kind(
    "staff.grant_role", "staff:manage", _grant_content, _give_role, refuse=_refuse_role
)
READMIT = approvals.Kind("staff.readmit", "staff:manage", _person_content, _readmit)
KINDS = (GRANT_ROLE, READMIT)
