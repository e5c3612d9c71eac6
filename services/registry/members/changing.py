"""Changing a member: who they are is kept with its history, how they live is written over.

A change of identity must be verified anew by a second person; until then the member is on no payroll.
"""

from uuid import UUID

from sqlmodel import Session

from services.kit import audit, clock, etags
from services.kit.db import raw
from services.kit.principals import Principal
from services.registry.members import queries, registering, rules
from services.registry.members.models import Agreement, Alias, IdentityDocument, Member
from services.registry.members.schemas import MemberPatch, agreements_of
from services.registry.members.service import ensure_fits, learn_names, touch
from services.registry.persons import DocumentIn

NAMES = ("given_names", "first_surname", "second_surname")
IDENTITY = (*NAMES, "sex", "birth_date")
CIRCUMSTANCES = ("language", "organisation_id", "occupation", "risk_class")


def change_member(
    session: Session, member_id: UUID, given: MemberPatch, *, version: int, by: Principal
) -> Member:
    """Change what is known of a member, and announce it if they are enrolled.

    Raises NoSuchMember, VersionChanged, UnknownOrganisation, DocumentTaken, WageBelowFloor,
    OtherCurrency, ImplausibleDate.
    """
    member = queries.lock_member(session, member_id, by)
    etags.ensure_version(version, member.version)
    today = clock.business_today(session)
    rules.ensure_plausible(given, today)
    organisation_id = given.organisation_id or member.organisation_id
    around = registering.look_around(
        raw(session),
        organisation_id=organisation_id,
        phone=given.phone,
        documents=given.documents,
        on=today,
        member_id=member.id,
    )
    ensure_fits(organisation_id, around, by)
    if given.declared_wage is not None:
        rules.ensure_wage_permitted(given.declared_wage, around.floor)

    names_change = _change_names(session, member, given, by)
    documents_change = _add_documents(session, member.id, given.documents, by)
    if _write(member, given, IDENTITY) or names_change or documents_change:
        member.identity_verified, member.content_by = False, by.subject
    _change_circumstances(member, given, phone_is_shared=around.phone_is_shared)
    for agreement in agreements_of(given.mandate, given.consent):
        session.add(Agreement(member_id=member.id, recorded_by=by.subject, **agreement))
    touch(session, member)
    fields = sorted(given.model_fields_set)
    audit.write(session, "members.change", member.id, by=by, details={"fields": fields})
    return member


def _change_names(session: Session, member: Member, given: MemberPatch, by: Principal) -> bool:
    """Keep the names before as an alias; says whether they change."""
    before = member.model_dump(include=set(NAMES))
    after = before | given.model_dump(include=set(NAMES), exclude_none=True)
    if after == before:
        return False
    session.add(Alias(member_id=member.id, recorded_by=by.subject, **before))
    learn_names(member, *after.values())
    return True


def _add_documents(session: Session, member_id: UUID, given: list[DocumentIn], by: Principal) -> bool:
    """Add documents, each in place of the one of its type; says whether any is new."""
    known = queries.documents_in_use(session, member_id) if given else []
    held = {(one.type, one.number) for one in known}
    new = [one for one in given if (one.type, one.number) not in held]
    types = {one.type for one in new}
    for before in known:
        if before.type in types:
            before.retired_at = clock.now()
    session.flush()
    for one in new:
        session.add(IdentityDocument(member_id=member_id, recorded_by=by.subject, **one.model_dump()))
    return bool(new)


def _change_circumstances(member: Member, given: MemberPatch, *, phone_is_shared: bool) -> None:
    _write(member, given, CIRCUMSTANCES)
    if "phone" in given.model_fields_set and given.phone != member.phone:
        member.phone, member.phone_needs_review = given.phone, phone_is_shared
    if given.declared_wage is not None:
        member.declared_wage_minor = given.declared_wage.minor
        member.currency = given.declared_wage.currency


def _write(member: Member, given: MemberPatch, fields: tuple[str, ...]) -> bool:
    """Set the fields that were given; says whether any changes."""
    changes = {field: getattr(given, field) for field in fields if getattr(given, field) is not None}
    changed = {field: value for field, value in changes.items() if value != getattr(member, field)}
    for field, value in changed.items():
        setattr(member, field, value)
    return bool(changed)
