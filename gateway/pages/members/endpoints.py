"""HTTP face of members: find one, read the whole story, confirm who was registered."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from gateway.pages.api import Refused
from gateway.pages.forms import Form
from gateway.pages.frame import Notice
from gateway.pages.members import asking, story
from gateway.pages.members.views import EntryKind, Member, Results
from gateway.pages.plain import sentence
from gateway.pages.replies import go
from gateway.pages.routes import page_router
from gateway.pages.second_person import CodeRefused, vouched
from gateway.pages.visits import PostedDep, Visit, VisitDep
from gateway.pages.words import N_

router = page_router("/admin/members")


@router.get("")
def ask_who(reader: VisitDep) -> Response:
    """Whom are you looking for?"""
    return reader.page("members/find.html", view=Results())


@router.post("/searches")
async def search(request: Request, reader: VisitDep, form: PostedDep) -> Response:
    """The members found: a part of the page while one types, the whole page without JavaScript."""
    view = await asking.search(reader, form["text"])
    if request.headers.get("x-part"):
        return reader.page("members/results.html", view=view, onward="/admin/members")
    return reader.page("members/find.html", view=view)


@router.get("/unverified")
async def list_unverified(reader: VisitDep, after: UUID | None = None) -> Response:
    """Those who wait for a second person."""
    return reader.page("members/unverified.html", view=await asking.unverified(reader, after))


@router.get("/{member_id}")
async def show_member(
    member_id: UUID,
    reader: VisitDep,
    only: Annotated[EntryKind | None, Query()] = None,
    verified: bool = False,
) -> Response:
    """A member's page; `only` keeps one kind of entry in its story."""
    if verified:
        text = reader.say(N_("Verified. From now on this member is charged and can be declared."))
        reader.notices.append(Notice(text, "good"))
    return await _show(reader, member_id, Form(), only)


@router.post("/{member_id}/verifications")
async def verify(member_id: UUID, reader: VisitDep, form: PostedDep) -> Response:
    """Confirm, as the second person, that the member is who the papers say."""
    try:
        second = await vouched(reader, form.form)
        await second.api.post("registry", f"/v1/members/{member_id}/verifications", {})
    except CodeRefused as refused:
        return await _show(reader, member_id, refused.form)
    except Refused as refused:
        said = sentence(reader.words, refused.type, refused.status)
        return await _show(reader, member_id, form.form.refused({}, said))
    return go(f"/admin/members/{member_id}?verified=1")


async def _show(reader: Visit, member_id: UUID, form: Form, only: EntryKind | None = None) -> Response:
    # First of all the register: what it will not show, no other part's answer may.
    known = await asking.member(reader, member_id)
    told = await story.of(reader, known)
    view = Member(
        id=known.id,
        name=known.name,
        number=known.member_number,
        state=known.state,
        organisation=known.organisation_name,
        occupation=known.occupation,
        born_on=known.birth_date,
        documents=known.shown_documents,
        phone=asking.shown_phone(known.phone),
        declared_wage=known.declared_wage,
        family=known.family,
        coverage=told.coverage,
        account=told.account,
        entries=told.entries,
        only=only,
        may_be_verified=_may_verify(reader, known),
        needs_code=reader.needs_code,
    )
    return reader.page("members/show.html", 200 if form.ok else 422, view=view, form=form)


def _may_verify(reader: Visit, known: asking.RegisteredMember) -> bool:
    """Whether to offer it; whoever wrote the papers down is refused by the register in any case."""
    is_other = known.registered_by != str(reader.signed_in.principal.subject)
    return reader.may("members:verify") and not known.identity_verified and is_other
