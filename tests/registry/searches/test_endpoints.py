"""Finding a member by document, number, phone or name."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from services.kit.principals import Principal
from tests import tokens
from tests.registry.members.test_endpoints import audited
from tests.registry.people import Office, cedula


def search(office: Office, who: Principal | None = None, **asked: Any) -> list[dict[str, Any]]:
    answer = office.send(who or office.promoter, "POST", "/v1/members/searches", asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def found(office: Office, **asked: Any) -> list[str]:
    return [one["id"] for one in search(office, **asked)]


def test_a_member_is_found_in_every_way(office: Office) -> None:
    document = cedula()
    laura = office.registered(
        documents=[{"type": "C", "number": document}, {"type": "P", "number": "AB12345"}],
        phone="8095550109",
        given_names="María Laura",
        first_surname="De la Cruz",
        second_surname="Núñez",
    )
    office.registered(given_names="Otra", first_surname="Persona", phone="8095550110")
    dashed = f"{document[:3]}-{document[3:10]}-{document[10]}"

    for asked in (
        {"document": dashed},
        {"document": "ab-12345"},
        {"number": laura["member_number"]},
        {"phone": "(809) 555 0109"},
        {"name": "LAURA cruz"},
        {"name": "nunez"},
        {"name": "mar cru"},
        {"text": dashed},
        {"text": document},
        {"text": laura["member_number"]},
        {"text": "809-555-0109"},
        {"text": "ab12345"},
        {"text": "cruz de la, maría"},
    ):
        assert found(office, **asked) == [laura["id"]], asked


@pytest.mark.parametrize("asked", [{"name": "zzz"}, {"text": "%"}, {"text": "'"}, {"document": "-"}])
def test_nobody_is_found_where_nobody_fits(office: Office, asked: dict[str, str]) -> None:
    office.registered()
    assert found(office, **asked) == []


def test_whole_words_come_before_beginnings(office: Office) -> None:
    organisation_id = office.organisation()
    begun = office.registered(organisation_id, given_names="Anabel", first_surname="Abreu")
    whole = office.registered(organisation_id, given_names="Ana", first_surname="Zapata")
    assert found(office, name="ana") == [whole["id"], begun["id"]]
    assert found(office, name="ana", limit=1) == [whole["id"]]


def test_former_names_and_documents_still_find_the_member(office: Office) -> None:
    before = cedula()
    made = office.registered(first_surname="Casada", documents=[{"type": "C", "number": before}])
    body = {"first_surname": "Soltera", "documents": [{"type": "C", "number": cedula()}]}
    office.send(office.promoter, "PATCH", f"/v1/members/{made['id']}", body, if_match='"1"')
    assert found(office, name="casada") == [made["id"]]
    assert found(office, name="soltera") == [made["id"]]
    assert found(office, document=before) == [made["id"]]


def test_those_who_share_a_phone_are_all_found(office: Office) -> None:
    made = [office.registered(phone="8095550111")["id"] for _ in range(3)]
    assert sorted(found(office, phone="8095550111")) == sorted(made)


def test_only_those_within_reach_are_found(office: Office) -> None:
    mine, document = office.organisation(), cedula()
    near = office.registered(mine, given_names="Lucrecia")
    office.registered(
        given_names="Lucrecia", documents=[{"type": "C", "number": document}], phone="8095550112"
    )
    head = tokens.staff("members:read", roots=[UUID(mine)])
    assert [one["id"] for one in search(office, head, name="lucrecia")] == [near["id"]]
    assert search(office, head, document=document) == []
    assert search(office, head, phone="8095550112") == []


def test_what_is_shown_unmasked_is_written_down(office: Office, session: Session) -> None:
    document = cedula()
    made = office.registered(documents=[{"type": "C", "number": document}])
    [masked] = search(office, name="laura")
    assert document not in str(masked)
    assert audited(session, made["id"]) == ["members.register"]
    [whole] = search(office, office.officer, name="laura")
    assert whole["document_number"] == document
    assert audited(session, made["id"]) == ["members.register", "members.list"]


@pytest.mark.parametrize(
    "asked", [{}, {"text": "a", "name": "b"}, {"number": "x"}, {"phone": "123"}, {"text": " "}, {"id": "1"}]
)
def test_a_search_asks_by_exactly_one_thing(office: Office, asked: dict[str, str]) -> None:
    assert office.send(office.promoter, "POST", "/v1/members/searches", asked).status_code == 422
