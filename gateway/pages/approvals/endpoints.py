"""HTTP face of approvals: see what waits, open one, decide it."""

from typing import Literal
from uuid import UUID

from fastapi import Response

from gateway.pages.api import Part, Refused
from gateway.pages.approvals.asking import waiting
from gateway.pages.approvals.views import Desk
from gateway.pages.forms import Form
from gateway.pages.frame import Notice
from gateway.pages.plain import sentence
from gateway.pages.replies import go
from gateway.pages.routes import page_router
from gateway.pages.second_person import CodeRefused, vouched
from gateway.pages.visits import PostedDep, Visit, VisitDep
from gateway.pages.words import N_

router = page_router("/admin/approvals")

_TOLD: dict[str, Notice] = {
    "approved": Notice(N_("Approved. It has taken effect."), "good"),
    "refused": Notice(N_("Refused. Who asked for it will see your reason."), "plain"),
}


@router.get("")
async def show_approvals(
    reader: VisitDep,
    open: UUID | None = None,
    told: Literal["approved", "refused"] | None = None,
) -> Response:
    """What waits for a second person; with `open`, one of them to decide."""
    if told:
        reader.notices.append(Notice(reader.say(_TOLD[told].text), _TOLD[told].kind))
    return await _desk(reader, Form(), str(open) if open else None)


@router.post("/{service}/{request_id}")
async def decide(service: Part, request_id: UUID, reader: VisitDep, form: PostedDep) -> Response:
    """Approve or refuse. Again, or too late, it is told that it was decided."""
    decision, reason = form["decision"], form["reason"]
    if decision not in ("approve", "refuse"):
        return await _desk(reader, form.form.refused({}, reader.say(N_("Approve or refuse?"))), request_id)
    if decision == "refuse" and not reason:
        asked = form.form.refused({"reason": reader.say(N_("Say why you refuse it."))})
        return await _desk(reader, asked, request_id)
    try:
        second = await vouched(reader, form.form)
        await second.api.post(
            service, f"/v1/approvals/{request_id}/decisions", {"decision": decision, "reason": reason or None}
        )
    except CodeRefused as refused:
        return await _desk(reader, refused.form, request_id)
    except Refused as refused:
        said = sentence(reader.words, refused.type, refused.status)
        return await _desk(reader, form.form.refused({}, said), request_id)
    return go(f"/admin/approvals?told={'approved' if decision == 'approve' else 'refused'}")


async def _desk(reader: Visit, form: Form, open_id: UUID | str | None) -> Response:
    requests = await waiting(reader)
    view = Desk(requests, form, str(open_id) if open_id else None, reader.needs_code)
    return reader.page("approvals/list.html", 200 if form.ok else 422, view=view)
