"""HTTP face of imports: choose a file, watch it being read, take the list of what is wrong."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from gateway.pages.api import Refused
from gateway.pages.forms import Form
from gateway.pages.headers import PAGE_HEADERS
from gateway.pages.imports import asking
from gateway.pages.imports.views import Upload
from gateway.pages.plain import sentence
from gateway.pages.replies import go
from gateway.pages.routes import page_router
from gateway.pages.second_person import CodeRefused, vouched
from gateway.pages.visits import PostedDep, Visit, VisitDep
from gateway.pages.words import N_

router = page_router("/admin/imports")

_MODES = ("dry_run", "good_rows", "all_or_none")


@router.get("/new")
async def choose_file(reader: VisitDep) -> Response:
    """The form that takes a roster; it begins with the dry run."""
    return await _upload(reader, Form({"mode": "dry_run"}))


@router.post("")
async def bring_in(reader: VisitDep, form: PostedDep) -> Response:
    """Take the file on, and go where its progress is shown."""
    file = form.files.get("file")
    errors = {}
    if file is None or not file.filename:
        errors["file"] = reader.say(N_("Choose a file."))
    if form["mode"] not in _MODES:
        errors["mode"] = reader.say(N_("Choose what to do."))
    if errors or file is None:
        return await _upload(reader, form.form.refused(errors))
    fields = {"mode": form["mode"]}
    if form["organisation_id"]:
        fields["organisation_id"] = form["organisation_id"]
    try:
        import_id = await asking.bring_in(reader, fields, file, key=form.form.key)
    except Refused as refused:
        said = sentence(reader.words, refused.type, refused.status)
        return await _upload(reader, form.form.refused({"file": said}))
    return go(f"/admin/imports/{import_id}")


@router.get("/{import_id}")
async def show_import(request: Request, import_id: UUID, reader: VisitDep) -> Response:
    """How far it is, what came of it, what was wrong; fetched again in part while it runs."""
    view = await asking.state(reader, import_id)
    if request.headers.get("x-part"):
        headers = {"X-Running": "1" if view.going_on else "0"}
        return reader.page("imports/state.html", headers=headers, view=view, form=Form())
    return reader.page("imports/show.html", view=view, form=Form())


@router.post("/{import_id}/verifications")
async def verify(import_id: UUID, reader: VisitDep, form: PostedDep) -> Response:
    """Confirm everybody in the roster, as the second person."""
    try:
        second = await vouched(reader, form.form)
        await asking.verify(second, import_id)
    except CodeRefused as refused:
        return await _again(reader, import_id, refused.form)
    except Refused as refused:
        said = sentence(reader.words, refused.type, refused.status)
        return await _again(reader, import_id, form.form.refused({}, said))
    return go(f"/admin/imports/{import_id}")


@router.get("/{import_id}/errors.csv")
async def send_errors(import_id: UUID, reader: VisitDep) -> Response:
    """Everything that was wrong, as a file that can be sent back to who wrote the roster."""
    lines = reader.api.stream("registry", f"/v1/imports/{import_id}/errors", format="csv")
    # The first piece is awaited here, so that a refusal is still a page.
    first = await anext(lines, b"")

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for piece in lines:
            yield piece

    headers = {**PAGE_HEADERS, "Content-Disposition": f'attachment; filename="errores-{import_id}.csv"'}
    return StreamingResponse(whole(), media_type="text/csv; charset=utf-8", headers=headers)


async def _again(reader: Visit, import_id: UUID, form: Form) -> Response:
    view = await asking.state(reader, import_id)
    return reader.page("imports/show.html", 422, view=view, form=form)


async def _upload(reader: Visit, form: Form) -> Response:
    view = Upload(form, await asking.organisations(reader))
    return reader.page("imports/new.html", 200 if form.ok else 422, view=view)
