"""Coming in, going out, and the language of it all."""

from typing import Annotated

from fastapi import Form as Field
from fastapi import Request, Response

from gateway.db import SessionDep
from gateway.identity import sessions
from gateway.identity.sessions import PasswordIsTemporary, Proof
from gateway.identity.staff.problems import PasswordTooWeak
from gateway.locale import Language, catalogue
from gateway.pages.forms import Form
from gateway.pages.frame import Frame
from gateway.pages.plain import sentence
from gateway.pages.replies import LANGUAGE_COOKIE, go, html, language_of, local_path
from gateway.pages.routes import page_router
from gateway.pages.visits import PostedDep, VisitDep
from services.kit import clock
from services.kit.problems import Problem, TooManyRequests

router = page_router()

_YEAR_SECONDS = 365 * 24 * 3600
EMAIL_MAX, PASSWORD_MAX, CODE_MAX = 254, 256, 16


@router.get("/sign-in")
def ask_to_sign_in(request: Request, next: str | None = None) -> Response:
    """The form to come in by."""
    return _form(request, Form(), local_path(next))


@router.post("/sign-in")
def come_in(
    request: Request,
    session: SessionDep,
    email: Annotated[str, Field(max_length=EMAIL_MAX)] = "",
    password: Annotated[str, Field(max_length=PASSWORD_MAX)] = "",
    code: Annotated[str, Field(max_length=CODE_MAX)] = "",
    new_password: Annotated[str, Field(max_length=PASSWORD_MAX)] = "",
    next: Annotated[str | None, Field()] = None,
) -> Response:
    """Let a person in, and bring them where they were going."""
    sessions.ensure_same_site(request)
    onward = local_path(next)
    proof = Proof(email, password, code, new_password or None)
    try:
        # A refusal undoes what was done on the way to it, above all the using up of the code.
        with session.begin_nested():
            signed_in = sessions.sign_in(session, proof)
    except Problem as problem:
        return _refuse(request, Form({"email": email}), problem, onward)
    answer = go(onward)
    sessions.set_cookie(answer, signed_in)
    return answer


@router.post("/sign-out")
def go_out(reader: VisitDep, form: PostedDep, session: SessionDep) -> Response:
    """End the session."""
    sessions.sign_out(session, reader.signed_in)
    answer = go("/admin/sign-in")
    sessions.clear_cookie(answer)
    return answer


@router.get("/language")
def choose_language(to: Language, back: str | None = None) -> Response:
    """Remember the language that this browser's reader wants."""
    answer = go(local_path(back))
    answer.set_cookie(LANGUAGE_COOKIE, to, max_age=_YEAR_SECONDS, path="/", samesite="lax")
    return answer


def _refuse(request: Request, form: Form, problem: Problem, onward: str) -> Response:
    words = catalogue(language_of(request))
    said = sentence(words, problem.type(), problem.status)
    wants_new = isinstance(problem, PasswordIsTemporary | PasswordTooWeak)
    refused = form.refused({"new_password": said}) if wants_new else form.refused({}, said)
    answer = _form(request, refused, onward, problem.status, wants_new=wants_new)
    if isinstance(problem, TooManyRequests) and problem.headers:
        answer.headers.update(problem.headers)
    return answer


def _form(
    request: Request, form: Form, onward: str, status: int = 200, *, wants_new: bool = False
) -> Response:
    language = language_of(request)
    frame = Frame(language, onward, clock.now().date())
    return html("signin/new.html", frame, status, form=form, next=onward, wants_new=wants_new)
