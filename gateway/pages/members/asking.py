"""Asking the register for members: by what a person types, and one by one."""

from datetime import date, datetime
from typing import Any, Literal

import phonenumbers
from pydantic import BaseModel
from stdnum.do import cedula

from gateway.pages.members.views import Document, MemberLine, Relative, Results, Unverified
from gateway.pages.visits import Visit
from services.kit.money import Money

RESULTS_MAX = 20
LINES_MAX = 50
ASKED_LENGTH_MIN, ASKED_LENGTH_MAX = 2, 100


class Named(BaseModel):
    """Whoever has a name."""

    given_names: str
    first_surname: str
    second_surname: str | None = None

    @property
    def name(self) -> str:
        """Given names and surnames, as they are spoken."""
        parts = (self.given_names, self.first_surname, self.second_surname)
        return " ".join(part for part in parts if part)


class _Line(Named):
    id: str
    member_number: str
    state: str
    organisation_name: str
    document_type: str | None
    document_number: str | None


class _Document(BaseModel):
    type: str
    number: str
    retired_at: str | None


class _Dependant(Named):
    relation: str
    kind: Literal["direct", "additional"]
    birth_date: date | None
    ended_on: date | None


class RegisteredMember(Named):
    """A member as the register knows them; masked unless the reader may see the whole."""

    id: str
    member_number: str
    state: str
    organisation_name: str
    birth_date: date | None
    documents: list[_Document]
    phone: str | None
    occupation: str
    declared_wage: Money
    dependants: list[_Dependant]
    identity_verified: bool
    registered_by: str
    registered_at: datetime
    enrolled_at: datetime | None

    @property
    def shown_documents(self) -> tuple[Document, ...]:
        """The documents that hold today."""
        return tuple(
            Document(one.type, shown_document(one.type, one.number))
            for one in self.documents
            if one.retired_at is None
        )

    @property
    def family(self) -> tuple[Relative, ...]:
        """Who belongs to the family today."""
        return tuple(
            Relative(one.name, one.relation, one.kind, one.birth_date)
            for one in self.dependants
            if one.ended_on is None
        )


async def search(reader: Visit, asked: str) -> Results:
    """The members nearest to what was typed; too short a text asks nothing. Raises Refused, Unanswered."""
    text = asked.strip()[:ASKED_LENGTH_MAX]
    if len(text) < ASKED_LENGTH_MIN:
        return Results(text)
    body = await reader.api.post("registry", "/v1/members/searches", {"text": text, "limit": RESULTS_MAX})
    lines = [_Line.model_validate(item) for item in body["items"]]
    return Results(text, tuple(_shown(line) for line in lines), more=len(lines) >= RESULTS_MAX)


async def unverified(reader: Visit, after: Any) -> Unverified:
    """Those who were registered and not yet verified. Raises Refused, Unanswered."""
    answer = await reader.api.get_page(
        "registry", "/v1/members", state="applicant", limit=LINES_MAX, after=str(after) if after else None
    )
    lines = tuple(_shown(_Line.model_validate(item)) for item in answer.body["items"])
    following = lines[-1].id if lines and answer.next_query else None
    return Unverified(lines, following, is_later=after is not None)


async def member(reader: Visit, member_id: Any) -> RegisteredMember:
    """One member; that the reader looked is written down. Raises Refused, Unanswered."""
    body = await reader.api.get("registry", f"/v1/members/{member_id}")
    return RegisteredMember.model_validate(body)


def _shown(line: _Line) -> MemberLine:
    number = line.document_number or ""
    return MemberLine(
        id=line.id,
        name=line.name,
        number=line.member_number,
        state=line.state,
        organisation=line.organisation_name,
        document=shown_document(line.document_type or "", number),
    )


def shown_document(type_: str, number: str) -> str:
    """A cédula with its dashes, as it is printed; whatever else, and what is masked, as it is."""
    return str(cedula.format(number)) if type_ == "C" and number.isdigit() else number


def shown_phone(phone: str | None) -> str | None:
    """`+18095550114` as people of the country write it: `(809) 555-0114`; a masked one as it is."""
    if not phone or not phone.startswith("+"):
        return phone
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    home = number.country_code == 1
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
