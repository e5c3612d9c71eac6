"""Deciding as the second of two people: a fresh one-time code, where the last one has grown old."""

from dataclasses import replace

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from gateway.db import engine
from gateway.identity import sessions
from gateway.identity.sessions import SignedIn
from gateway.pages.forms import Form
from gateway.pages.plain import sentence
from gateway.pages.visits import Visit
from gateway.pages.words import N_
from services.kit.problems import Problem

CODE_LENGTH_MAX = 16


class CodeRefused(Exception):
    """The code is missing or wrong; `form` says so at its field."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form


async def vouched(reader: Visit, form: Form) -> Visit:
    """The visit of somebody who may decide as the second person now. Raises CodeRefused.

    Takes the form's `code` if the last one that they gave is no longer fresh.
    """
    if not reader.needs_code:
        return reader
    code = form.value("code").strip()[:CODE_LENGTH_MAX]
    if not code:
        raise CodeRefused(form.refused({"code": reader.say(N_("Write the code that your telephone shows."))}))
    try:
        signed_in = await run_in_threadpool(_confirm, reader.signed_in, code)
    except Problem as problem:
        said = sentence(reader.words, problem.type(), problem.status)
        raise CodeRefused(form.refused({"code": said})) from None
    api = replace(reader.api, token=sessions.access_token(signed_in))
    return replace(reader, signed_in=signed_in, api=api)


def _confirm(signed_in: SignedIn, code: str) -> SignedIn:
    with Session(engine()) as session, session.begin():
        return sessions.confirm_code(session, signed_in, code)
