"""Members: registered once, changed on the version that was read, opened under the auditor's eye."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, func, select

from services.kit.audit import audit_log
from services.kit.events.tables import outbox
from services.registry.dependants import Dependant
from services.registry.identities import mask_document, mask_phone
from services.registry.members.models import IdentityDocument, Member
from tests import tokens
from tests.registry.people import Office, a_dependant, a_member, cedula


def announced(session: Session, name: str) -> list[dict[str, Any]]:
    """The members of all events of this name, in order."""
    query = select(outbox.c.data).where(outbox.c.name == name).order_by(outbox.c.position)
    return [member for data in session.execute(query).scalars() for member in data["members"]]


def audited(session: Session, member_id: str) -> list[str]:
    query = (
        select(audit_log.c.action).where(audit_log.c.subject_id == UUID(member_id)).order_by(audit_log.c.id)
    )
    return list(session.execute(query).scalars())


def test_registering_keeps_the_person_the_papers_and_the_family(office: Office) -> None:
    organisation_id = office.organisation("Choferes")
    document = cedula()
    body = a_member(
        organisation_id,
        documents=[
            {"type": "C", "number": f"{document[:3]}-{document[3:10]}-{document[10]}"},
            {"type": "P", "number": "sc 123 456"},
        ],
        phone="809-555-0100",
        dependants=[
            a_dependant(document={"type": "N", "number": "12345"}),
            a_dependant(relation="parent", kind="additional", given_names="Ada", birth_date="1960-05-01"),
        ],
    )
    answer = office.register(body)

    assert answer.status_code == 201
    made = answer.json()
    assert (made["version"], made["state"], made["identity_verified"]) == (1, "applicant", False)
    shown = office.opened(made["id"])
    assert shown["member_number"] == made["member_number"]
    assert shown["organisation_name"] == "Choferes"
    assert [(one["type"], one["number"]) for one in shown["documents"]] == [
        ("C", document),
        ("P", "SC123456"),
    ]
    assert (shown["phone"], shown["has_mandate"]) == ("+18095550100", True)
    assert [one["kind"] for one in shown["agreements"]] == ["mandate", "consent"]
    assert [(one["given_names"], one["document_number"]) for one in shown["dependants"]] == [
        ("Nina", "12345"),
        ("Ada", None),
    ]
    assert shown["declared_wage"] == {"amount": "18421.20", "currency": "DOP"}


def test_an_applicant_is_announced_to_nobody(office: Office, session: Session) -> None:
    office.registered()
    assert announced(session, "registry.member_enrolled.v1") == []
    assert announced(session, "registry.member_changed.v1") == []


def test_the_same_key_registers_once(office: Office, session: Session) -> None:
    body, key = a_member(office.organisation()), str(uuid4())
    first = office.register(body, key=key)
    assert office.register(body, key=key).json() == first.json()
    assert office.register(body, key=f'"{key}"').json() == first.json()
    assert session.exec(select(func.count()).select_from(Member)).one() == 1

    other = office.register(body | {"occupation": "pintora"}, key=key)
    assert (other.status_code, other.json()["type"]) == (422, "key-reused")
    assert office.send(office.promoter, "POST", "/v1/members", body).status_code == 422  # no key at all


def test_a_refusal_keeps_no_key(office: Office) -> None:
    body, key = a_member(str(uuid4())), str(uuid4())
    assert office.register(body, key=key).status_code == 422
    assert office.register(body | {"organisation_id": office.organisation()}, key=key).status_code == 201


def test_a_document_belongs_to_one_member(office: Office) -> None:
    organisation_id, document = office.organisation(), {"type": "C", "number": cedula()}
    office.registered(organisation_id, documents=[document])
    for documents in ([document], [{"type": "P", "number": "AB12345"}, document]):
        refused = office.register(a_member(organisation_id, documents=documents))
        assert (refused.status_code, refused.json()["type"]) == (409, "document-taken")
    twice = office.register(a_member(organisation_id, documents=[{"type": "P", "number": "ZZ99999"}] * 2))
    assert (twice.status_code, twice.json()["type"]) == (409, "document-taken")


def test_a_document_that_fails_its_check_needs_a_reason_which_is_kept(office: Office) -> None:
    organisation_id, wrong = office.organisation(), cedula(checks=False)
    refused = office.register(a_member(organisation_id, documents=[{"type": "C", "number": wrong}]))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "documents.0")
    seen = {"type": "C", "number": wrong, "override_reason": "visto el original"}
    made = office.registered(organisation_id, documents=[seen])
    [document] = office.opened(made["id"])["documents"]
    assert (document["number"], document["override_reason"]) == (wrong, "visto el original")


REFUSED = [
    ({"birth_date": "2020-01-01"}, "implausible-date"),
    ({"birth_date": "1890-01-01"}, "implausible-date"),
    ({"birth_date": "1995-02-30"}, "invalid"),
    ({"mandate": {"signed_on": "2026-07-07", "text_version": "1"}}, "implausible-date"),
    ({"declared_wage": {"amount": "16993.19", "currency": "DOP"}}, "wage-below-floor"),
    ({"declared_wage": {"amount": "400.00", "currency": "USD"}}, "other-currency"),
    ({"declared_wage": {"amount": "0.00", "currency": "DOP"}}, "invalid"),
    ({"dependants": [a_dependant(relation="spouse", kind="additional")]}, "relation-of-other-kind"),
    ({"dependants": [a_dependant(relation="parent", kind="direct")]}, "relation-of-other-kind"),
    ({"dependants": [a_dependant(birth_date="2027-01-01")]}, "implausible-date"),
    ({"dependants": [a_dependant(document={"type": "N", "number": "77"})] * 2}, "dependant-already-there"),
    ({"given_names": "R2D2"}, "invalid"),
    ({"first_surname": "  "}, "invalid"),
    ({"phone": "555-0100"}, "invalid"),
    ({"risk_class": "V"}, "invalid"),
    ({"nickname": "Lala"}, "invalid"),
]


@pytest.mark.parametrize(("given", "problem"), REFUSED)
def test_a_refusal_registers_nobody(
    office: Office, session: Session, given: dict[str, Any], problem: str
) -> None:
    office.authorised()
    refused = office.register(a_member(office.organisation(), **given))
    assert (refused.json()["type"], refused.status_code // 100) == (problem, 4)
    assert session.exec(select(func.count()).select_from(Member)).one() == 0
    assert session.exec(select(func.count()).select_from(Dependant)).one() == 0


def test_a_shared_phone_is_flagged_and_not_refused(office: Office) -> None:
    organisation_id = office.organisation()
    first = office.registered(organisation_id, phone="+1 809 555 0101")
    second = office.registered(organisation_id, phone="8095550101")
    assert (first["phone_needs_review"], second["phone_needs_review"]) == (False, True)
    listed = office.send(office.promoter, "GET", "/v1/members?phone_needs_review=true").json()["items"]
    assert [one["id"] for one in listed] == [second["id"]]


def test_opening_is_written_down_and_masked_without_the_right(office: Office, session: Session) -> None:
    document = cedula()
    made = office.registered(
        documents=[{"type": "C", "number": document}],
        phone="8095550102",
        dependants=[a_dependant(document={"type": "N", "number": "1234567"})],
    )
    whole, masked = office.opened(made["id"]), office.opened(made["id"], who=office.promoter)

    assert whole["documents"][0]["number"] == document
    assert masked["documents"][0]["number"] == mask_document(document)
    assert masked["phone"] == mask_phone("+18095550102")
    assert (masked["birth_date"], masked["masked"], whole["masked"]) == (None, True, False)
    assert masked["dependants"][0]["document_number"] == mask_document("1234567")
    assert masked["dependants"][0]["birth_date"] is None
    assert document not in str(masked)
    assert audited(session, made["id"]) == ["members.register", "members.open", "members.open_masked"]


def test_whom_a_list_shows_unmasked_is_written_down(office: Office, session: Session) -> None:
    made = office.registered()
    [masked] = office.send(office.promoter, "GET", "/v1/members").json()["items"]
    assert masked["document_number"].startswith("••••")
    assert audited(session, made["id"]) == ["members.register"]
    [whole] = office.send(office.officer, "GET", "/v1/members").json()["items"]
    assert whole["document_number"].startswith("999")
    assert audited(session, made["id"]) == ["members.register", "members.list"]


def test_a_change_of_circumstances_is_announced_and_needs_no_second_person(
    office: Office, session: Session
) -> None:
    made = office.enrolled()
    path = f"/v1/members/{made['id']}"
    body = {
        "declared_wage": {"amount": "23223.00", "currency": "DOP"},
        "phone": "8295550103",
        "occupation": "chofer",
    }
    changed = office.send(office.promoter, "PATCH", path, body, if_match='"2"')

    assert (changed.status_code, changed.headers["ETag"], changed.json()["identity_verified"]) == (
        200,
        '"3"',
        True,
    )
    [state] = announced(session, "registry.member_changed.v1")
    assert (state["version"], state["declared_wage_minor"], state["phone"]) == (3, 2322300, "+18295550103")
    assert office.opened(made["id"])["occupation"] == "chofer"


def test_a_change_of_identity_keeps_what_was_and_must_be_verified_anew(
    office: Office, session: Session
) -> None:
    before, after = cedula(), cedula()
    made = office.enrolled(documents=[{"type": "C", "number": before}])
    body = {"first_surname": "Méndes", "documents": [{"type": "C", "number": after}]}
    changed = office.send(office.officer, "PATCH", f"/v1/members/{made['id']}", body, if_match='"2"')

    assert changed.json()["identity_verified"] is False
    shown = office.opened(made["id"])
    assert (shown["state"], shown["first_surname"]) == ("active", "Méndes")
    assert [one["first_surname"] for one in shown["aliases"]] == ["Méndez"]
    assert [(one["number"], one["retired_at"] is None) for one in shown["documents"]] == [
        (before, False),
        (after, True),
    ]
    [state] = announced(session, "registry.member_changed.v1")
    assert (state["identity_verified"], state["document_number"]) == (False, after)

    again = office.send(office.verifier, "POST", f"/v1/members/{made['id']}/verifications")
    assert again.status_code == 201
    assert len(announced(session, "registry.member_enrolled.v1")) == 1
    assert announced(session, "registry.member_changed.v1")[-1]["identity_verified"] is True


def test_a_document_that_was_replaced_is_free_for_its_true_owner(office: Office) -> None:
    organisation_id, typo = office.organisation(), cedula()
    made = office.registered(organisation_id, documents=[{"type": "C", "number": typo}])
    body = {"documents": [{"type": "C", "number": cedula()}]}
    office.send(office.promoter, "PATCH", f"/v1/members/{made['id']}", body, if_match='"1"')
    office.registered(organisation_id, documents=[{"type": "C", "number": typo}])


@pytest.mark.parametrize("given", [{"birth_date": "1995-03-12"}, {"first_surname": "Méndez"}, {"sex": "F"}])
def test_saying_the_same_again_changes_no_identity(office: Office, given: dict[str, str]) -> None:
    made = office.enrolled()
    changed = office.send(office.promoter, "PATCH", f"/v1/members/{made['id']}", given, if_match='"2"')
    assert changed.json()["identity_verified"] is True


def test_a_change_names_the_version_it_was_made_on(office: Office) -> None:
    path = f"/v1/members/{office.registered()['id']}"
    assert office.send(office.promoter, "PATCH", path, {}).status_code == 428
    assert office.send(office.promoter, "PATCH", path, {}, if_match='"2"').status_code == 412


def test_changing_cannot_take_another_ones_document(office: Office, session: Session) -> None:
    taken = cedula()
    office.registered(documents=[{"type": "C", "number": taken}])
    made = office.registered()
    body = {"documents": [{"type": "C", "number": taken}]}
    refused = office.send(office.promoter, "PATCH", f"/v1/members/{made['id']}", body, if_match='"1"')
    assert (refused.status_code, refused.json()["type"]) == (409, "document-taken")
    kept = session.exec(select(IdentityDocument).where(IdentityDocument.member_id == UUID(made["id"]))).one()
    assert kept.retired_at is None


def test_a_member_may_be_known_by_further_names(office: Office) -> None:
    made = office.registered()
    body = {"given_names": "Lora", "first_surname": "Mendes"}
    answer = office.send(office.promoter, "POST", f"/v1/members/{made['id']}/aliases", body)
    assert (answer.status_code, answer.json()["version"]) == (201, 2)
    assert [one["given_names"] for one in office.opened(made["id"])["aliases"]] == ["Lora"]


def test_who_is_limited_to_a_branch_reaches_its_members_only(office: Office) -> None:
    mine, other = office.organisation(), office.organisation()
    below = office.organisation(parent_id=mine)
    near, far = office.registered(below), office.registered(other)
    head = tokens.staff("members:read", "members:write", roots=[UUID(mine)])

    assert [one["id"] for one in office.send(head, "GET", "/v1/members").json()["items"]] == [near["id"]]
    assert office.send(head, "GET", f"/v1/members/{near['id']}").status_code == 200
    for method, path in (("GET", ""), ("PATCH", ""), ("POST", "/aliases"), ("POST", "/dependants")):
        body = {
            "": {},
            "/aliases": {"given_names": "A", "first_surname": "B"},
            "/dependants": a_dependant(),
        }[path]
        answer = office.send(head, method, f"/v1/members/{far['id']}{path}", body, if_match='"1"')
        assert (answer.status_code, answer.json()["type"]) == (404, "no-such-member")
    assert office.register(a_member(other), who=head).status_code == 422
    assert office.register(a_member(below), who=head).status_code == 201
    moved = {"organisation_id": other}
    assert office.send(head, "PATCH", f"/v1/members/{near['id']}", moved, if_match='"1"').status_code == 422


def test_lists_are_filtered_and_walked_page_by_page(office: Office) -> None:
    here, there = office.organisation(), office.organisation()
    made = [office.registered(here)["id"] for _ in range(3)]
    enrolled = office.enrolled(there)["id"]

    first = office.send(office.promoter, "GET", f"/v1/members?organisation_id={here}&limit=2")
    assert [one["id"] for one in first.json()["items"]] == made[:2]
    rest = office.send(office.promoter, "GET", f"/v1/members?organisation_id={here}&after={made[1]}")
    assert [one["id"] for one in rest.json()["items"]] == made[2:]
    assert "Link" in first.headers
    assert "Link" not in rest.headers
    active = office.send(office.promoter, "GET", "/v1/members?state=active").json()["items"]
    assert [one["id"] for one in active] == [enrolled]


def test_rights_are_asked_for(office: Office) -> None:
    nobody = tokens.staff("approvals:read")
    assert office.send(nobody, "GET", "/v1/members").status_code == 403
    assert office.register(a_member(str(uuid4())), who=nobody).status_code == 403
    assert office.api.get("/v1/members").status_code == 401


def test_a_mandate_may_be_taken_back_and_given_again(office: Office, session: Session) -> None:
    made = office.enrolled()
    path = f"/v1/members/{made['id']}/withdrawals"
    taken_back = {"kind": "mandate", "withdrawn_on": "2026-07-01", "reason": "carta del 1 de julio"}
    assert office.send(office.promoter, "POST", path, taken_back).status_code == 201
    assert announced(session, "registry.member_changed.v1")[-1]["has_mandate"] is False
    again = office.send(office.promoter, "POST", path, taken_back)
    assert (again.status_code, again.json()["type"]) == (409, "nothing-to-withdraw")
    ahead = taken_back | {"withdrawn_on": "2026-07-07"}
    assert office.send(office.promoter, "POST", path, ahead).json()["type"] == "implausible-date"

    anew = {"mandate": {"signed_on": "2026-07-05", "text_version": "2026-02"}}
    office.send(office.promoter, "PATCH", f"/v1/members/{made['id']}", anew, if_match='"3"')
    state = announced(session, "registry.member_changed.v1")[-1]
    assert (state["has_mandate"], state["identity_verified"]) == (True, True)
    mandates = [one for one in office.opened(made["id"])["agreements"] if one["kind"] == "mandate"]
    assert [(one["text_version"], one["withdrawn_on"]) for one in mandates] == [
        ("2026-01", "2026-07-01"),
        ("2026-02", None),
    ]
