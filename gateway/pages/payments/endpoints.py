"""HTTP face of the counter: find whose it is, take the money, give the receipt."""

import asyncio
from uuid import UUID

from fastapi import Request, Response

from gateway.pages.amounts import parse_amount
from gateway.pages.api import Refused
from gateway.pages.forms import Form
from gateway.pages.frame import Notice
from gateway.pages.members import asking as register
from gateway.pages.members.views import Results
from gateway.pages.payments import asking
from gateway.pages.payments.presenting import receipt_of
from gateway.pages.payments.views import Till
from gateway.pages.plain import sentence
from gateway.pages.replies import go
from gateway.pages.routes import page_router
from gateway.pages.visits import PostedDep, Visit, VisitDep
from gateway.pages.words import N_

router = page_router("/admin/payments")

REASON_LENGTH_MIN = 3


@router.get("/new")
def ask_whose(reader: VisitDep) -> Response:
    """Whose payment is it?"""
    return reader.page("payments/find.html", view=Results())


@router.post("/searches")
async def search(request: Request, reader: VisitDep, form: PostedDep) -> Response:
    """Members to take money from; a single one opens by itself."""
    view = await register.search(reader, form["text"])
    if request.headers.get("x-part"):
        return reader.page("members/results.html", view=view, onward="/admin/payments/new")
    if view.found and len(view.found) == 1:
        return go(f"/admin/payments/new/{view.found[0].id}")
    return reader.page("payments/find.html", view=view)


@router.get("/new/{member_id}")
async def ask_amount(member_id: UUID, reader: VisitDep) -> Response:
    """The till, with what is due written in."""
    return await _till(reader, member_id, None)


@router.post("/new/{member_id}")
async def take_payment(member_id: UUID, reader: VisitDep, form: PostedDep) -> Response:
    """Take the money and go on to the receipt; the same form again leads to the same receipt."""
    try:
        amount = parse_amount(form["amount"], form["currency"])
    except ValueError:
        said = reader.say(N_("Write the amount with a point before the cents: 1234.50"))
        return await _till(reader, member_id, form.form.refused({"amount": said}))
    try:
        taken = await asking.take(reader, member_id, amount, form["reference"] or None, key=form.form.key)
    except Refused as refused:
        return await _till(reader, member_id, _refused(reader, form.form, refused))
    return go(f"/admin/payments/{taken.id}")


@router.get("/{payment_id}")
async def show_receipt(payment_id: UUID, reader: VisitDep, asked: bool = False) -> Response:
    """The receipt, to print; with `asked`, after its reversal was asked for."""
    if asked:
        told = reader.say(N_("The reversal was asked for. It takes effect when a second person approves it."))
        reader.notices.append(Notice(told, "good"))
    return await _receipt(reader, payment_id, Form())


@router.post("/{payment_id}/reversals")
async def ask_to_reverse(payment_id: UUID, reader: VisitDep, form: PostedDep) -> Response:
    """Ask that the payment be undone; a second person decides it."""
    if len(form["reason"]) < REASON_LENGTH_MIN:
        said = reader.say(N_("Say why, so that the second person can judge."))
        return await _receipt(reader, payment_id, form.form.refused({"reason": said}))
    try:
        await asking.ask_to_reverse(reader, payment_id, form["reason"])
    except Refused as refused:
        said = sentence(reader.words, refused.type, refused.status)
        return await _receipt(reader, payment_id, form.form.refused({}, said))
    return go(f"/admin/payments/{payment_id}?asked=1")


@router.post("/{payment_id}/messages/{message_id}/resends")
async def tell_again(payment_id: UUID, message_id: UUID, reader: VisitDep, form: PostedDep) -> Response:
    """Send the receipt by SMS once more."""
    await asking.tell_again(reader, message_id)
    return go(f"/admin/payments/{payment_id}")


async def _till(reader: Visit, member_id: UUID, refused: Form | None) -> Response:
    member, account = await asyncio.gather(
        register.member(reader, member_id), asking.account(reader, member_id)
    )
    due = account.due.amount if account.due.minor > 0 else ""
    form = refused or Form({"amount": due})
    view = Till(str(member_id), member.name, member.member_number, account, form)
    return reader.page("payments/new.html", 200 if form.ok else 422, view=view)


async def _receipt(reader: Visit, payment_id: UUID, form: Form) -> Response:
    paid = await asking.payment(reader, payment_id)
    member, account, told = await asyncio.gather(
        register.member(reader, paid.member_id),
        asking.account(reader, paid.member_id),
        asking.told_by_sms(reader, paid),
    )
    view = receipt_of(paid, member, account, told)
    return reader.page("payments/receipt.html", 200 if form.ok else 422, view=view, form=form)


def _refused(reader: Visit, form: Form, refused: Refused) -> Form:
    said = sentence(reader.words, refused.type, refused.status)
    field = {"reference-taken": "reference", "other-currency": "amount"}.get(refused.type)
    if field:
        return form.refused({field: said})
    named = {name: said for name in refused.fields if name in ("amount", "reference")}
    return form.refused(named, None if named else said)
