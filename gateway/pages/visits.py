"""One request for a page by somebody who is signed in: who, what they may ask, how they are answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from babel.support import NullTranslations
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from gateway.db import engine
from gateway.identity import sessions
from gateway.identity.sessions import SignedIn
from gateway.identity.sessions.current import current_session
from gateway.locale import Language, catalogue
from gateway.pages.api import Api, Unanswered
from gateway.pages.forms import Form
from gateway.pages.frame import Frame, Notice, Reader
from gateway.pages.replies import html, language_of
from gateway.pages.words import N_
from services.kit import clock
from services.kit.principals import FRESH

_PARTS = {
    "registry": N_("The register of members"),
    "contributions": N_("The cash desk"),
    "benefits": N_("Benefits"),
    "gateway": N_("The front door"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody's request for one page."""

    request: Request
    signed_in: SignedIn
    today: date
    language: Language
    api: Api
    notices: list[Notice] = field(default_factory=list)

    @property
    def words(self) -> NullTranslations:
        return catalogue(self.language)

    def say(self, message: str, **given: Any) -> str:
        """A sentence in the reader's language."""
        text = self.words.gettext(message)
        return text % given if given else text

    def may(self, scope: str) -> bool:
        """To show or hide, and to spare a question whose answer is known; the services decide."""
        return scope in self.signed_in.scopes

    @property
    def needs_code(self) -> bool:
        """True if deciding as a second person takes a fresh one-time code first."""
        given_at = self.signed_in.principal.totp_at
        # A minute early: the form is filled in before it is sent.
        return given_at is None or (clock.now() - given_at).total_seconds() > FRESH.total_seconds() - 60

    def note_unanswered(self, error: Unanswered) -> None:
        """Tell the reader that a part is missing from the page."""
        part = self.part_name(error.service)
        text = self.say(N_("%(part)s does not answer just now: some of this page is missing."), part=part)
        notice = Notice(text, "amber")
        if notice not in self.notices:
            self.notices.append(notice)

    def part_name(self, service: str) -> str:
        return self.say(_PARTS[service])

    def page(
        self,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **view: Any,
    ) -> HTMLResponse:
        """The page, in its frame."""
        return html(template, self.frame(), status, headers, **view)

    def frame(self) -> Frame:
        person = self.signed_in
        return Frame(
            self.language,
            self.request.url.path,
            self.today,
            Reader(person.name, person.roles, person.scopes),
            sessions.csrf_token(person),
            tuple(self.notices),
        )


async def visit(request: Request) -> Visit:
    """Who is signed in in this browser. Raises NotSignedIn."""
    # In a transaction of its own: none stays open while the services are asked.
    signed_in, today = await run_in_threadpool(_look, request)
    api = Api(request.state.pages_http, sessions.access_token(signed_in))
    return Visit(request, signed_in, today, language_of(request, signed_in.language), api)


def _look(request: Request) -> tuple[SignedIn, date]:
    with Session(engine()) as session, session.begin():
        return current_session(request, session), clock.business_today(session)


VisitDep = Annotated[Visit, Depends(visit)]


@dataclass(frozen=True, slots=True)
class Posted:
    """A form that came from one of our own pages, for this session."""

    form: Form
    files: Mapping[str, UploadFile]

    def __getitem__(self, name: str) -> str:
        return self.form.value(name).strip()


async def posted(request: Request, reader: VisitDep) -> Posted:
    """What was posted. Raises CsrfRefused for a form that is not ours."""
    sent = await request.form(max_files=1, max_fields=40)
    values = {name: value for name, value in sent.items() if isinstance(value, str)}
    sessions.ensure_csrf(reader.signed_in, values.pop("csrf", None))
    key = values.pop("idempotency_key", "")
    files = {name: value for name, value in sent.items() if isinstance(value, UploadFile)}
    return Posted(Form(values, key=key) if key else Form(values), files)


PostedDep = Annotated[Posted, Depends(posted)]
