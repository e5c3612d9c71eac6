"""What is done with people. Giving rights is in `grants.py`, since it needs a second person."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from gateway.identity.sessions import queries as sessions
from gateway.identity.staff import credentials, queries
from gateway.identity.staff.credentials import Credentials
from gateway.identity.staff.models import StaffMember
from gateway.identity.staff.problems import EmailTaken, PersonNotReady, RootsMissing
from gateway.identity.tokens.revocations import revoke
from gateway.roles import NEEDS_ROOTS, STAFF_ROLES
from services.kit import audit
from services.kit.ids import new_id
from services.kit.principals import Principal

CONSOLE = "from the host's console"


def add(
    session: Session,
    email: str,
    name: str,
    roles: Iterable[str],
    roots: Iterable[UUID] | None = None,
    language: str = "es",
) -> Credentials:
    """Add a person with roles, alone, as whoever holds the host's console may.

    The password and the one-time code's address are told this once. Raises EmailTaken,
    RootsMissing; ValueError for a role that no person can hold.
    """
    wanted = set(roles)
    if unknown := wanted - STAFF_ROLES:
        raise ValueError(f"no person can hold the role {', '.join(sorted(unknown))}")
    limits = None if roots is None else list(roots)
    if wanted & NEEDS_ROOTS and not limits:
        raise RootsMissing()
    person = _new_person(session, email, name, language)
    person.roots = limits
    for role in wanted:
        queries.give_role(session, person.id, role)
    audit.write(
        session,
        "staff.add",
        person.id,
        by=None,
        reason=CONSOLE,
        details={"email": person.email, "name": name, "roles": sorted(wanted)},
    )
    return _give_credentials(person, is_temporary=False)


def register(session: Session, email: str, name: str, language: str, *, by: Principal) -> StaffMember:
    """Add a person who can do nothing yet. Raises EmailTaken."""
    person = _new_person(session, email, name, language)
    audit.write(session, "staff.add", person.id, by=by, details={"email": person.email, "name": name})
    return person


def issue_credentials(session: Session, staff_id: UUID, *, by: Principal) -> Credentials:
    """Give a new person their way in, told this once; they choose another password when they first use it.

    Raises NoSuchPerson, PersonNotReady.
    """
    person = queries.lock_person(session, staff_id)
    if person.state != "new":
        raise PersonNotReady("They have their way in already; ask for their readmission if they lost it.")
    issued = _give_credentials(person, is_temporary=True)
    audit.write(session, "staff.issue_credentials", staff_id, by=by)
    return issued


def deactivate(session: Session, staff_id: UUID, *, by: Principal, reason: str) -> StaffMember:
    """Shut a person out: their sessions end and their tokens are refused at once. Again, no effect.

    Raises NoSuchPerson.
    """
    person = queries.lock_person(session, staff_id)
    if person.state != "deactivated":
        person.state = "deactivated"
        shut_out(session, staff_id)
        audit.write(session, "staff.deactivate", staff_id, by=by, reason=reason)
    return person


def withdraw_role(session: Session, staff_id: UUID, role: str, *, by: Principal) -> None:
    """Take a role away; tokens that still hold its rights are refused. Again, no effect.

    Raises NoSuchPerson.
    """
    person = queries.lock_person(session, staff_id)
    if queries.take_role(session, person.id, role):
        revoke(session, person.id)
        audit.write(session, "staff.withdraw_role", staff_id, by=by, details={"role": role})


def shut_out(session: Session, staff_id: UUID) -> None:
    """End a person's sessions and have their tokens refused."""
    sessions.end_sessions(session, staff_id)
    revoke(session, staff_id)


def _new_person(session: Session, email: str, name: str, language: str) -> StaffMember:
    person = StaffMember(
        id=new_id(), email=credentials.plain_email(email), name=name.strip(), language=language
    )
    session.add(person)
    try:
        session.flush()
    except IntegrityError:
        raise EmailTaken() from None
    return person


def _give_credentials(person: StaffMember, *, is_temporary: bool) -> Credentials:
    password, seed = credentials.new_password(), credentials.new_seed()
    person.password_hash = credentials.hash_password(password)
    person.password_is_temporary = is_temporary
    person.totp_sealed = credentials.seal_seed(seed)
    person.totp_last_step = 0
    person.state = "active"
    return Credentials(person.id, person.email, password, credentials.provisioning_uri(seed, person.email))
