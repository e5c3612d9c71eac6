"""HTTP face of members. Opening one leaves an audit row; without members:read_personal it is masked."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.kit import etags
from services.kit.idempotency import IdempotencyKey, KeyReused, KeyStillRunning
from services.kit.paging import PageDep
from services.kit.problems import documented
from services.registry.auth import READ_PERSONAL, MembersReader, Promoter
from services.registry.db import Connections, SessionDep
from services.registry.dependants import DependantAlreadyThere, RelationOfOtherKind
from services.registry.members import changing, problems, queries, service
from services.registry.members.answers import MemberLineOut, MemberOut, MembersOut, RegisteredOut
from services.registry.members.schemas import MemberIn, MemberPatch, WithdrawalIn
from services.registry.persons import NamesIn

router = APIRouter(prefix="/v1/members", tags=["members"])

State = Literal["applicant", "active", "out"]


@router.post(
    "",
    status_code=201,
    responses=documented(
        *problems.WHEN_WRITING, DependantAlreadyThere, RelationOfOtherKind, KeyReused, KeyStillRunning
    ),
)
def register_member(
    given: MemberIn, promoter: Promoter, key: IdempotencyKey, connections: Connections
) -> RegisteredOut:
    """Register a member with documents and family; the same key again registers nobody twice."""
    with connections() as connection:
        registered = service.register_member(connection, given, key=key, by=promoter)
    return RegisteredOut.of(registered)


@router.get("", responses=documented())
def list_members(
    reader: MembersReader,
    page: PageDep,
    session: SessionDep,
    organisation_id: UUID | None = None,
    state: State | None = None,
    phone_needs_review: bool | None = None,
    import_id: Annotated[UUID | None, Query(description="Only those of this roster")] = None,
) -> MembersOut:
    """The members that you may see, in order of registration."""
    found = queries.list_members(
        session,
        reader,
        organisation_id=organisation_id,
        state=state,
        phone_needs_review=phone_needs_review,
        import_id=import_id,
        after=page.after,
        limit=page.limit,
    )
    page.link_next(found[-1]["id"] if found else None, len(found))
    may = reader.may(READ_PERSONAL)
    return MembersOut(items=[MemberLineOut.of(row, may_read_personal=may) for row in found])


@router.get("/{member_id}", responses=documented(problems.NoSuchMember))
def read_member(
    member_id: UUID, reader: MembersReader, connections: Connections, response: Response
) -> MemberOut:
    """One member with family. That you looked is written down."""
    with connections() as connection:
        row = queries.open_member(connection, member_id, reader)
    etags.show_version(response, row["version"])
    return MemberOut.of(row, may_read_personal=reader.may(READ_PERSONAL))


@router.patch(
    "/{member_id}",
    responses=documented(problems.NoSuchMember, *problems.WHEN_WRITING, *etags.WHEN_CHANGING),
)
def change_member(
    member_id: UUID,
    given: MemberPatch,
    promoter: Promoter,
    version: etags.IfMatch,
    session: SessionDep,
    response: Response,
) -> RegisteredOut:
    """Change what is known of a member. A change of identity must be verified anew."""
    member = changing.change_member(session, member_id, given, version=version, by=promoter)
    etags.show_version(response, member.version)
    return RegisteredOut.of(member)


@router.post("/{member_id}/aliases", status_code=201, responses=documented(problems.NoSuchMember))
def add_alias(
    member_id: UUID, given: NamesIn, promoter: Promoter, session: SessionDep, response: Response
) -> RegisteredOut:
    """Note a name under which a member is also known."""
    member = service.add_alias(session, member_id, given, by=promoter)
    etags.show_version(response, member.version)
    return RegisteredOut.of(member)


@router.post(
    "/{member_id}/withdrawals",
    status_code=201,
    responses=documented(problems.NoSuchMember, problems.ImplausibleDate, problems.NothingToWithdraw),
)
def withdraw(
    member_id: UUID, given: WithdrawalIn, promoter: Promoter, session: SessionDep, response: Response
) -> RegisteredOut:
    """Note that a member takes back a mandate or consent."""
    member = service.withdraw(session, member_id, given, by=promoter)
    etags.show_version(response, member.version)
    return RegisteredOut.of(member)
