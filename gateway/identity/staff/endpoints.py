"""HTTP face of staff."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.auth import AnyHolder, StaffManager
from gateway.db import SessionDep
from gateway.identity.staff import grants, problems, queries, service
from gateway.identity.staff.models import StaffMember
from gateway.identity.staff.schemas import (
    CredentialsOut,
    DeactivationIn,
    HolderOut,
    PeopleOut,
    PersonIn,
    PersonOut,
    RoleGrantIn,
    StaffRole,
)
from services.kit.approvals_api import ApprovalOut
from services.kit.paging import PageDep
from services.kit.problems import documented

router = APIRouter(prefix="/v1", tags=["staff"])

_KNOWN = documented(problems.NoSuchPerson)
_READY = documented(problems.NoSuchPerson, problems.PersonNotReady)


@router.get("/me", responses=documented())
def read_me(holder: AnyHolder) -> HolderOut:
    """Whom your token speaks for, and what it may do."""
    return HolderOut.of(holder)


@router.post("/staff", status_code=201, responses=documented(problems.EmailTaken))
def add_person(given: PersonIn, manager: StaffManager, session: SessionDep) -> PersonOut:
    """Add a member of staff, who can do nothing until a second person approves a role."""
    person = service.register(session, given.email, given.name, given.language, by=manager)
    session.refresh(person)
    return PersonOut.of(person, [])


@router.get("/staff", responses=documented())
def list_people(manager: StaffManager, page: PageDep, session: SessionDep) -> PeopleOut:
    """All members of staff, oldest first."""
    found = queries.people(session, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    held = queries.roles(session, [person.id for person in found])
    return PeopleOut(items=[PersonOut.of(person, held[person.id]) for person in found])


@router.get("/staff/{staff_id}", responses=_KNOWN)
def read_person(staff_id: UUID, manager: StaffManager, session: SessionDep) -> PersonOut:
    """One member of staff."""
    return _person(session, queries.person(session, staff_id))


@router.post("/staff/{staff_id}/credentials", status_code=201, responses=_READY)
def issue_credentials(
    staff_id: UUID, manager: StaffManager, session: SessionDep, response: Response
) -> CredentialsOut:
    """Give a new person their way in. The answer is told this once."""
    response.headers["Cache-Control"] = "no-store"
    return CredentialsOut.of(service.issue_credentials(session, staff_id, by=manager))


@router.post(
    "/staff/{staff_id}/role-grants",
    status_code=202,
    responses=documented(problems.NoSuchPerson, problems.PersonNotReady, problems.RootsMissing),
)
def request_role(
    staff_id: UUID, given: RoleGrantIn, manager: StaffManager, session: SessionDep
) -> ApprovalOut:
    """Ask for a role on somebody's behalf; a second person decides."""
    return ApprovalOut.of(grants.request_role(session, staff_id, given.role, given.roots, by=manager))


@router.delete("/staff/{staff_id}/roles/{role}", status_code=204, responses=_KNOWN)
def withdraw_role(staff_id: UUID, role: StaffRole, manager: StaffManager, session: SessionDep) -> None:
    """Take a role away, at once."""
    service.withdraw_role(session, staff_id, role, by=manager)


@router.post("/staff/{staff_id}/deactivations", status_code=201, responses=_KNOWN)
def deactivate_person(
    staff_id: UUID, given: DeactivationIn, manager: StaffManager, session: SessionDep
) -> PersonOut:
    """Shut somebody out, at once: sessions end, tokens are refused."""
    return _person(session, service.deactivate(session, staff_id, by=manager, reason=given.reason))


@router.post("/staff/{staff_id}/readmissions", status_code=202, responses=_READY)
def request_readmission(staff_id: UUID, manager: StaffManager, session: SessionDep) -> ApprovalOut:
    """Ask for a new way in for somebody who lost theirs, or comes back; a second person decides."""
    return ApprovalOut.of(grants.request_readmission(session, staff_id, by=manager))


def _person(session: SessionDep, person: StaffMember) -> PersonOut:
    return PersonOut.of(person, queries.roles(session, [person.id])[person.id])
