"""What is done with members: they are registered, and become known by further names."""

from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.errors import LockNotAvailable, UniqueViolation
from sqlmodel import Session

from services.kit import audit, clock, idempotency, ids, key_sets
from services.kit.db import raw
from services.kit.key_sets import Wanted
from services.kit.principals import Principal
from services.kit.problems import Problem
from services.registry.dependants import DependantAlreadyThere
from services.registry.events import MemberChanged
from services.registry.identities import name_keys
from services.registry.members import queries, registering, rules
from services.registry.members.models import Alias, Member
from services.registry.members.problems import DocumentTaken, NothingToWithdraw
from services.registry.members.registering import Registered
from services.registry.members.schemas import MemberIn, WithdrawalIn
from services.registry.members.states import announce
from services.registry.organisations import UnknownOrganisation
from services.registry.persons import NamesIn


def register_member(
    connection: Connection[Any], given: MemberIn, *, key: idempotency.Key, by: Principal
) -> Registered:
    """Register an applicant with documents, agreements and family; the same key registers once.

    Writes in one statement on a connection that commits by itself. Raises KeyReused, KeyStillRunning,
    UnknownOrganisation, DocumentTaken, WageBelowFloor, OtherCurrency, ImplausibleDate,
    RelationOfOtherKind, DependantAlreadyThere.
    """
    wanted = Wanted(key, idempotency.content_hash(given), ids.new_id())
    today = clock.booking_date(connection)
    around = registering.look_around(
        connection,
        organisation_id=given.organisation_id,
        phone=given.phone,
        documents=given.documents,
        on=today,
    )
    try:
        rules.ensure_plausible(given, today)
        ensure_fits(given.organisation_id, around, by)
        rules.ensure_wage_permitted(given.declared_wage, around.floor)
    except Problem:
        # What is refused now (the document is taken) may be what this very request did before.
        if earlier := _earlier(connection, wanted):
            return earlier
        raise
    made = _insert(connection, wanted, given, around, by) or _earlier(connection, wanted)
    assert made is not None
    return made


def add_alias(session: Session, member_id: UUID, given: NamesIn, *, by: Principal) -> Member:
    """Note a name under which a member is also known; the search finds them by it. Raises NoSuchMember."""
    member = queries.lock_member(session, member_id, by)
    session.add(Alias(member_id=member.id, recorded_by=by.subject, **given.model_dump()))
    learn_names(member, given.given_names, given.first_surname, given.second_surname)
    touch(session, member)
    audit.write(session, "members.add_alias", member.id, by=by)
    return member


def withdraw(session: Session, member_id: UUID, given: WithdrawalIn, *, by: Principal) -> Member:
    """Note that a mandate or consent was taken back; without a mandate nobody is on a payroll.

    Raises NoSuchMember, ImplausibleDate, NothingToWithdraw.
    """
    rules.ensure_has_come("withdrawn_on", given.withdrawn_on, clock.business_today(session))
    member = queries.lock_member(session, member_id, by)
    standing = queries.agreements_standing(session, member_id, given.kind)
    if not standing:
        raise NothingToWithdraw(f"Member {member.member_number} has no {given.kind} that stands.")
    for agreement in standing:
        agreement.withdrawn_on = max(given.withdrawn_on, agreement.given_on)
    touch(session, member)
    audit.write(session, f"members.withdraw_{given.kind}", member_id, by=by, reason=given.reason)
    return member


def touch(session: Session, member: Member) -> None:
    """Give a changed member (or family) its next version, and announce it if it is enrolled."""
    member.version += 1
    session.flush()
    announce(raw(session), MemberChanged, [member.id])


def _insert(
    connection: Connection[Any],
    wanted: Wanted,
    given: MemberIn,
    around: registering.Surroundings,
    by: Principal,
) -> Registered | None:
    try:
        return registering.insert(connection, wanted, given, phone_is_shared=around.phone_is_shared, by=by)
    except LockNotAvailable:
        raise idempotency.KeyStillRunning("Wait a moment, then send the same request again.") from None
    except UniqueViolation as error:
        if error.diag.constraint_name == "uq_dependants_document":
            raise DependantAlreadyThere("Two dependants have the same document.") from None
        # Somebody was faster, or the request names a document twice.
        raise DocumentTaken("Look the member up by this document.") from None


def _earlier(connection: Connection[Any], wanted: Wanted) -> Registered | None:
    """The member that this key made before, if it did. Raises KeyReused."""
    [result] = key_sets.results(connection, [wanted])
    if isinstance(result, idempotency.KeyReused):
        raise result
    return None if result is None else registering.registered(connection, result)


def ensure_fits(organisation_id: UUID, around: registering.Surroundings, by: Principal) -> None:
    """Raises UnknownOrganisation for one out of reach, DocumentTaken for a document of another member."""
    lineage = around.lineage
    if lineage is None or (by.roots is not None and set(by.roots).isdisjoint(lineage)):
        raise UnknownOrganisation(f"No organisation that you act for has the id {organisation_id}.")
    if around.taken is not None:
        raise DocumentTaken("Look the member up by this document.", document_type=around.taken)


def learn_names(member: Member, *names: str) -> None:
    """Have the search find a member by these names too."""
    member.name_keys = sorted({*member.name_keys, *name_keys(*names)})
