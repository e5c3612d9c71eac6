"""Rosters: each bad cell is told, the good rows go in, and nobody twice."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, func, select

from deploy.sample.roster import Roster, write_roster
from services.kit.events.tables import outbox
from services.registry import db
from services.registry.dependants import Dependant
from services.registry.imports import running
from services.registry.members import Member
from tests import tokens
from tests.registry.imports import rosters
from tests.registry.imports.rosters import as_csv, child, member
from tests.registry.people import Office, a_dependant, cedula

FLOOR = {"amount": "14161.00", "currency": "DOP"}


def count(table: type[Member] | type[Dependant]) -> int:
    with Session(db.engine()) as session:
        return session.exec(select(func.count()).select_from(table)).one()


def told(office: Office, *rows: dict[str, str], **given: Any) -> list[tuple[int, str, str]]:
    """Import these rows; answers line, column and code of what was wrong."""
    given = {"organisation_id": office.organisation()} | given
    done = rosters.imported(office, as_csv(*rows), **given)
    assert done["state"] == "done"
    return [(e["line"], e["column"], e["code"]) for e in rosters.errors(office, done["id"])]


@pytest.fixture
def office(own_office: Office) -> Office:
    own_office.authorised(minimum_wage=FLOOR)
    return own_office


def ensure_as_planted(office: Office, roster: Roster, done: dict[str, Any]) -> None:
    """What went in and what was told is what the sample knows of itself."""
    assert (done["state"], done["problem"]) == ("done", None)
    assert done["rows_read"] == roster.rows
    assert done["rows_expected"] in (roster.rows, None)
    assert done["members_written"] == roster.good_members == count(Member)
    assert done["dependants_written"] == roster.good_dependants == count(Dependant)
    assert done["rows_good"] == done["rows_written"]
    found = rosters.errors(office, done["id"])
    planted = {(p.line, p.column, p.value) for p in roster.planted}
    strays = {(line, "member_document") for p in roster.planted for line in p.family_lines}
    assert planted <= {(e["line"], e["column"], e["value"]) for e in found}
    assert {(e["line"], e["column"]) for e in found} == {(*p[:2],) for p in planted} | strays


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_sample_roster_goes_in_but_for_the_mistakes_in_it(
    office: Office, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK_ROWS", 100)
    roster = write_roster(tmp_path / f"roster{suffix}", 250, error_share=0.1, organisations=["Norte", "Sur"])
    for name in ("Norte", "SUR"):
        office.organisation(name)
    ensure_as_planted(office, roster, rosters.imported(office, roster.path))


def test_the_same_roster_again_brings_nobody(office: Office, tmp_path: Path) -> None:
    roster = write_roster(tmp_path / "roster.csv", 40, error_share=0)
    organisation_id = office.organisation()
    rosters.imported(office, roster.path, organisation_id=organisation_id)
    again = rosters.imported(office, roster.path, organisation_id=organisation_id)

    assert (again["rows_bad"], again["rows_written"]) == (roster.rows, 0)
    assert (count(Member), count(Dependant)) == (roster.members, roster.dependants)
    codes = {error["code"] for error in rosters.errors(office, again["id"])}
    assert codes == {"duplicate_in_registry"}


def test_a_dry_run_tells_the_same_and_writes_nobody(office: Office, tmp_path: Path) -> None:
    roster = write_roster(tmp_path / "roster.csv", 120, error_share=0.2)
    organisation_id = office.organisation()
    dry = rosters.imported(office, roster.path, organisation_id=organisation_id, mode="dry_run")
    assert (count(Member), count(Dependant), dry["rows_written"]) == (0, 0, 0)
    real = rosters.imported(office, roster.path, organisation_id=organisation_id)

    assert dry["rows_good"] == real["rows_written"]
    assert rosters.errors(office, dry["id"]) == rosters.errors(office, real["id"])


def test_all_or_none_writes_none_because_of_one_bad_row_and_all_without(office: Office) -> None:
    organisation_id, good = office.organisation(), [member(), member()]
    bad = as_csv(*good, member(sex="?"))
    done = rosters.imported(office, bad, organisation_id=organisation_id, mode="all_or_none")
    assert (done["state"], done["rows_bad"], done["rows_written"], count(Member)) == ("done", 1, 0, 0)

    rows = as_csv(*good, child(good[0]["document_number"]))
    done = rosters.imported(office, rows, organisation_id=organisation_id, mode="all_or_none")
    assert (done["rows_read"], done["members_written"], done["dependants_written"]) == (3, 2, 1)
    assert (count(Member), count(Dependant)) == (2, 1)


BAD_CELLS = [
    ({"document_number": ""}, "document_number", "document_missing"),
    ({"document_number": "1234"}, "document_number", "document_length"),
    ({"document_number": "9990000000A"}, "document_number", "document_characters"),
    ({"document_number": cedula(checks=False)}, "document_number", "document_in_doubt"),
    ({"document_type": "carné"}, "document_type", "word_unknown"),
    ({"given_names": ""}, "given_names", "name_missing"),
    ({"first_surname": "M3ndez"}, "first_surname", "name_characters"),
    ({"second_surname": "x" * 81}, "second_surname", "name_length"),
    ({"sex": ""}, "sex", "word_missing"),
    ({"birth_date": "31/02/1990"}, "birth_date", "date_unreadable"),
    ({"birth_date": "1990"}, "birth_date", "date_unreadable"),
    ({"birth_date": "2020-01-01"}, "birth_date", "age_implausible"),
    ({"phone": "555-0100"}, "phone", "phone_area_code"),
    ({"language": "latín"}, "language", "word_unknown"),
    ({"risk_class": "VII"}, "risk_class", "word_unknown"),
    ({"declared_wage": ""}, "declared_wage", "wage_missing"),
    ({"declared_wage": "14.161,00"}, "declared_wage", "wage_unreadable"),
    ({"declared_wage": "14160.99"}, "declared_wage", "wage_below_floor"),
    ({"declared_wage": "15000.001"}, "declared_wage", "wage_unreadable"),
    ({"occupation": "x" * 101}, "occupation", "text_too_long"),
    ({"mandate_signed_on": "2026-07-07"}, "mandate_signed_on", "date_ahead"),
    ({"mandate_signed_on": ""}, "mandate_signed_on", "date_missing"),
    ({"mandate_text_version": ""}, "mandate_text_version", "version_missing"),
    ({"relation": "hija"}, "member_document", "member_missing"),
]


def test_each_bad_cell_is_told_by_line_column_and_reason(office: Office) -> None:
    found = told(office, *(member(**cells) for cells, _, _ in BAD_CELLS))
    assert found == [(line, column, code) for line, (_, column, code) in enumerate(BAD_CELLS, start=2)]
    assert count(Member) == 0


BAD_RELATIVES = [
    ({"relation": ""}, "relation", "word_missing"),
    ({"relation": "vecina"}, "relation", "word_unknown"),
    ({"relation": "titular"}, "relation", "word_missing"),
    ({"birth_date": "2030-01-01"}, "birth_date", "age_implausible"),
    ({"birth_date": "2000-01-01"}, "kind", "kind_missing"),
    ({"kind": "gratis"}, "kind", "word_unknown"),
    ({"relation": "madre", "kind": "directo"}, "kind", "kind_of_other_relation"),
    ({"document_number": "12"}, "document_number", "document_length"),
    ({"member_document": "9" * 4000}, "member_document", "document_length"),
]


def test_each_bad_cell_of_a_relative_is_told(office: Office) -> None:
    parent = member()
    found = told(
        office, parent, *(child(parent["document_number"], **cells) for cells, _, _ in BAD_RELATIVES)
    )
    assert found == [(line, column, code) for line, (_, column, code) in enumerate(BAD_RELATIVES, start=3)]
    assert (count(Member), count(Dependant)) == (1, 0)


def test_several_bad_cells_of_a_row_are_all_told(office: Office) -> None:
    found = told(office, member(sex="?", phone="no tiene", declared_wage="mucho"))
    assert {column for _, column, _ in found} == {"sex", "phone", "declared_wage"}


def test_what_was_written_comes_back_in_its_normal_form(office: Office) -> None:
    document = cedula(checks=False)
    row = member(
        document_number=f"{document[:3]}-{document[3:10]}-{document[10]}",
        document_override_reason="vista",
        given_names="  José   Ángel ",
        phone="(809) 555-0106",
        occupation='vende\tpan \\ "dulces"',
        declared_wage="RD$ 18,421.20",
        consent_given_on="01/06/2026",
        consent_text_version="2026-01",
    )
    grown = child(row["document_number"], birth_date="1999-01-31", kind="adicional", relation="hijo", sex="M")
    mother = child(row["document_number"], relation="Madre", birth_date="31/12/1950", given_names="Ada")
    assert told(office, row, grown, mother) == []

    [line] = office.send(office.officer, "GET", "/v1/members").json()["items"]
    shown = office.opened(line["id"])
    assert shown["given_names"] == "José Ángel"
    assert [(one["number"], one["override_reason"]) for one in shown["documents"]] == [(document, "vista")]
    assert (shown["phone"], shown["occupation"]) == ("+18095550106", 'vende pan \\ "dulces"')
    assert shown["declared_wage"] == {"amount": "18421.20", "currency": "DOP"}
    assert [one["kind"] for one in shown["agreements"]] == ["mandate", "consent"]
    assert [(d["relation"], d["kind"]) for d in shown["dependants"]] == [
        ("child", "additional"),
        ("parent", "additional"),
    ]
    assert (shown["registered_by"], shown["state"]) == (str(office.promoter.subject), "applicant")


def test_a_family_is_found_wherever_its_member_stands(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK_ROWS", 1)
    late, early = member(), member()
    known = cedula()
    enrolled = office.enrolled(documents=[{"type": "C", "number": known}])
    rows = [
        child(late["document_number"]),
        early,
        late,
        child(early["document_number"]),
        child(known, relation="madre", birth_date="1960-01-01"),
        child(cedula()),
    ]
    dry = rosters.imported(office, as_csv(*rows), organisation_id=office.organisation(), mode="dry_run")
    found = told(office, *rows)

    assert found == [(7, "member_document", "member_not_found")]
    assert (dry["rows_bad"], count(Dependant)) == (1, 3)
    # Who was announced before is announced anew, with the paid dependant.
    shown = office.opened(enrolled["id"])
    assert (shown["version"], len(shown["dependants"])) == (enrolled["version"] + 1, 1)
    with Session(db.engine()) as session:
        query = select(outbox.c.data).where(outbox.c.name == "registry.member_changed.v1")
        [data] = session.execute(query).scalars()
        assert [(m["member_id"], m["additional_dependants"]) for m in data["members"]] == [
            (enrolled["id"], 1)
        ]


@pytest.mark.parametrize("mode", ["good_rows", "dry_run"])
@pytest.mark.parametrize("chunk_rows", [1, 100])
def test_nobody_is_twice_in_a_file(
    office: Office, monkeypatch: pytest.MonkeyPatch, chunk_rows: int, mode: str
) -> None:
    monkeypatch.setattr(running, "CHUNK_ROWS", chunk_rows)
    first = member()
    document = first["document_number"]
    nina = child(document, document_type="NSS", document_number="4711")
    found = told(
        office,
        first,
        member(document_number=f"{document[:3]}-{document[3:10]}-{document[10]}"),
        nina,
        child(document),
        child(document, given_names="Otra", document_type="NSS", document_number="4711"),
        child(document, given_names="Lina"),
        mode=mode,
    )
    assert [(line, column) for line, column, _ in found] == [
        (3, "document_number"),
        (5, "given_names"),
        (6, "given_names"),
    ]
    # Relatives that an earlier chunk wrote are in the registry by now.
    assert {code for _, _, code in found} - {"duplicate_in_registry"} == {"duplicate_in_file"}


def test_a_shared_phone_is_flagged(office: Office) -> None:
    office.registered(phone="8095550107")
    rows = [member(phone=phone) for phone in ("8095550107", "8095550108", "8095550108", "")]
    assert told(office, *rows) == []
    query = select(Member.import_line, Member.phone_needs_review).where(col(Member.import_line).is_not(None))
    with Session(db.engine()) as session:
        flagged = dict(session.exec(query).all())
    assert flagged == {2: True, 3: False, 4: True, 5: False}


def test_rows_name_organisations_within_the_clerks_reach(office: Office) -> None:
    mine, other = office.organisation("Unión Norte"), office.organisation("Unión Sur")
    office.organisation("Filial", parent_id=mine)
    office.organisation("Filial", parent_id=other)
    clerk = tokens.staff("members:import", "members:read", roots=[UUID(mine)])
    office.promoter = clerk
    named = [member(organisation=name) for name in ("UNION NORTE", mine, "filial", "Unión Sur", other, "")]
    found = told(office, *named, organisation_id=None, who=clerk)
    assert found == [(line, "organisation", "organisation_unknown") for line in (5, 6, 7)]
    assert rosters.send(office, as_csv(member()), organisation_id=other, who=clerk).status_code == 422


def test_two_organisations_of_one_name_must_be_named_by_id(office: Office) -> None:
    twins = [office.organisation("Filial", parent_id=office.organisation()) for _ in range(2)]
    rows = [member(organisation=name) for name in ("Filial", *twins)]
    assert told(office, *rows, organisation_id=None) == [(2, "organisation", "organisation_unknown")]


def test_a_clerk_cannot_add_to_a_family_out_of_reach(office: Office) -> None:
    known = cedula()
    office.registered(documents=[{"type": "C", "number": known}])
    mine = office.organisation()
    office.promoter = tokens.staff("members:import", "members:read", roots=[UUID(mine)])
    assert told(office, child(known), organisation_id=mine) == [(2, "member_document", "member_not_found")]
    assert count(Dependant) == 0


def test_who_is_in_a_family_already_is_not_added_again(office: Office) -> None:
    known = cedula()
    office.registered(documents=[{"type": "C", "number": known}], dependants=[a_dependant()])
    assert told(office, child(known)) == [(2, "given_names", "duplicate_in_registry")]


def test_the_errors_come_as_a_table_that_no_program_takes_for_formulas(office: Office) -> None:
    done = rosters.imported(
        office, as_csv(member(phone="=HYPERLINK(1)")), organisation_id=office.organisation()
    )
    path = f"/v1/imports/{done['id']}/errors?format=csv"
    answer = office.send(office.promoter, "GET", path)
    assert answer.headers["content-type"].startswith("text/csv")
    heading, row = answer.content.decode("utf-8-sig").splitlines()
    assert heading.startswith("Línea,Columna")
    assert row.startswith("2,Teléfono,'=HYPERLINK(1),phone_invalid,")
