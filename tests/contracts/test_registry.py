"""What the registry really announces and answers, every other part can read."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from gateway.consumers import consumers as gateway
from services.benefits.consumers import consumers as benefits
from services.contributions.consumers import consumers as contributions
from services.contributions.declarations.filing_checks import _Checks
from services.kit.events import Event
from services.kit.events.consumers import Consumers
from services.kit.events.envelope import envelope
from services.kit.events.outbox import Numbered
from services.registry import events
from tests import tokens
from tests.registry.conftest import api, app, connection, office, registry, registry_database, session
from tests.registry.people import Office, a_dependant

__all__ = ["api", "app", "connection", "office", "registry", "registry_database", "session"]

READ_BY: dict[str, list[Consumers]] = {
    "registry.organisation_changed.v1": [contributions, benefits, gateway],
    "registry.member_enrolled.v1": [contributions, benefits, gateway],
    "registry.member_changed.v1": [contributions, benefits, gateway],
    "registry.authorisation_changed.v1": [contributions],
}


OUTBOX = "SELECT id, name, occurred_at, request_id, data::text FROM outbox ORDER BY position"


def messages(session: Session) -> dict[str, list[bytes]]:
    """All that was announced, as it goes over the wire, by name."""
    rows = session.execute(text(OUTBOX)).all()
    found: dict[str, list[bytes]] = {}
    for number, row in enumerate(rows, start=1):
        numbered = Numbered(number, row.id, row.name, row.occurred_at, row.request_id, row.data)
        found.setdefault(row.name, []).append(envelope(numbered))
    return found


def live_through_all(office: Office) -> None:
    """Everything happens once that the registry announces, with and without what may be missing."""
    organisation_id = office.organisation(parent_id=office.organisation())
    office.authorised(expires_on="2026-12-31")
    whole = office.enrolled(
        organisation_id,
        phone="8095550113",
        dependants=[a_dependant(relation="parent", kind="additional")],
    )
    office.enrolled(organisation_id, second_surname=None, mandate=None, consent=None, language="en")
    change = {"phone": None, "declared_wage": {"amount": "20000.00", "currency": "DOP"}}
    changed = office.send(office.officer, "PATCH", f"/v1/members/{whole['id']}", change, if_match='"2"')
    assert changed.status_code == 200


def test_every_announcement_is_read_by_who_listens(office: Office, session: Session) -> None:
    live_through_all(office)
    announced = messages(session)
    assert set(announced) == set(READ_BY)
    for name, listeners in READ_BY.items():
        for listener in listeners:
            reactions = listener.reactions(name)
            assert reactions, f"{listener.part} does not listen to {name}"
            for reaction in reactions:
                for message in announced[name]:
                    assert reaction.reader.model_validate_json(message).type == name


def test_nobody_listens_for_what_the_registry_does_not_announce() -> None:
    names = {event.name for event in Event.__subclasses__() if event.name.startswith("registry.")}
    assert names == set(READ_BY)
    for listener in (contributions, benefits, gateway):
        heard = {name for name in listener._reactions if name.startswith("registry.")}
        assert heard <= names


def test_the_check_before_a_filing_is_read(office: Office) -> None:
    office.authorised()
    member = office.enrolled()
    body = {"member_ids": [member["id"]], "on": "2026-07-01", "scheme": "do-sdss"}
    answer = office.send(tokens.service(), "POST", "/internal/filing-checks", body)
    read = _Checks.model_validate(answer.json())
    assert read.authorisation is not None
    [checked] = read.members
    assert (checked.state, checked.has_mandate, checked.identity_verified) == ("active", True, True)


@pytest.mark.parametrize("event", [events.MemberEnrolled, events.MemberChanged])
def test_the_largest_announcement_fits_a_message(event: type[events.MemberEnrolled]) -> None:
    longest = events.MemberState(
        member_id=tokens.staff().subject,
        version=10**9,
        member_number="9" * 18,
        organisation_id=tokens.staff().subject,
        state="applicant",
        given_names="Ñ" * 80,
        first_surname="Ñ" * 80,
        second_surname="Ñ" * 80,
        sex="F",
        birth_date="1990-01-01",
        document_type="C",
        document_number="9" * 25,
        phone="+" + "9" * 15,
        language="es",
        declared_wage_minor=10**15,
        currency="DOP",
        risk_class="III",
        additional_dependants=99,
        has_mandate=False,
        identity_verified=False,
    )
    assert event(members=[longest] * events.MEMBERS_MAX).data()
