"""What is no roster is refused at once; whom a roster brought is verified by another person."""

import io
import zipfile
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from services.kit.events.tables import outbox
from services.kit.principals import Principal
from services.registry import db
from services.registry.imports import pieces, verifying
from services.registry.imports.verifying import verify_import
from services.registry.members import Member
from tests import tokens
from tests.registry.imports import rosters
from tests.registry.imports.rosters import as_csv, child, member
from tests.registry.people import Office


def bomb() -> bytes:
    """A small file that would unpack to a large one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return file.getvalue()


NO_ROSTERS = [
    ("padrón.csv", b"", "empty-sheet"),
    ("padrón.csv", b"\x7fELF\x00\x01\x02", "not-a-sheet"),
    ("padrón.csv", bomb(), "not-what-it-says"),
    ("padrón.xlsx", bomb(), "suspicious-workbook"),
    ("padrón.xlsx", as_csv(member()), "not-what-it-says"),
    ("padrón.csv", b"Documento,Nombres,Primer apellido\n1,2,3\n", "missing-columns"),
    ("padrón.csv", b"uno,dos,tres\n1,2,3\n", "headings-not-found"),
]


@pytest.mark.parametrize(("filename", "content", "problem"), NO_ROSTERS)
def test_what_is_no_roster_is_refused_at_once(
    office: Office, filename: str, content: bytes, problem: str
) -> None:
    refused = rosters.send(office, content, filename=filename)
    assert (refused.status_code, refused.json()["type"]) == (422, problem)
    assert office.send(office.promoter, "GET", "/v1/imports").json()["items"] == []


def test_a_file_beyond_the_limit_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "FILE_BYTES_MAX", 300)
    refused = rosters.send(office, as_csv(*[member()] * 10))
    assert (refused.status_code, refused.json()["type"]) == (413, "roster-too-large")


def test_a_roster_is_its_senders_and_its_organisations(office: Office) -> None:
    mine, other = office.organisation(), office.organisation()
    sent = [rosters.send(office, as_csv(member()), organisation_id=one).json()["id"] for one in (mine, other)]
    head = tokens.staff("members:read", "members:import", roots=[UUID(mine)])

    newest_first = office.send(office.promoter, "GET", "/v1/imports").json()["items"]
    assert [one["id"] for one in newest_first] == sent[::-1]
    assert [one["id"] for one in office.send(head, "GET", "/v1/imports").json()["items"]] == sent[:1]
    for path in ("", "/errors"):
        assert office.send(head, "GET", f"/v1/imports/{sent[1]}{path}").status_code == 404
    assert office.send(office.promoter, "GET", f"/v1/imports/{uuid4()}").json()["type"] == "no-such-import"


def test_rights_are_asked_for(office: Office) -> None:
    nobody = tokens.staff("members:read")
    assert rosters.send(office, as_csv(member()), who=nobody).status_code == 403
    sent = rosters.send(office, as_csv(member())).json()["id"]
    assert office.send(nobody, "GET", f"/v1/imports/{sent}/errors").status_code == 403
    assert office.send(nobody, "POST", f"/v1/imports/{sent}/verifications").status_code == 403


def test_another_person_verifies_all_at_once(own_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "VERIFIED_AT_ONCE", 2)
    rows = [member() for _ in range(5)]
    family = [child(rows[0]["document_number"], relation="madre", birth_date="1960-01-01")]
    content = as_csv(*rows, *family)
    done = rosters.imported(own_office, content, organisation_id=own_office.organisation())
    verified = rosters.verified(own_office, done["id"])

    assert (verified["members_verified"], verified["verified_by"]) == (5, str(own_office.verifier.subject))
    with Session(db.engine()) as session:
        assert {(m.state, m.identity_verified, m.version) for m in session.exec(select(Member))} == {
            ("active", True, 2)
        }
        query = select(outbox.c.data).where(outbox.c.name == "registry.member_enrolled.v1")
        announced = [data["members"] for data in session.execute(query.order_by(outbox.c.position)).scalars()]
    assert [len(members) for members in announced] == [2, 2, 1]
    assert sum(state["additional_dependants"] for members in announced for state in members) == 1

    verify_import(db.engine(), UUID(done["id"]))  # the job again
    assert rosters.progress(own_office, done["id"])["members_verified"] == 5
    again = own_office.send(own_office.verifier, "POST", f"/v1/imports/{done['id']}/verifications")
    assert (again.status_code, again.json()["type"]) == (409, "import-verified")


def test_a_roster_is_not_verified_by_its_sender_nor_before_it_is_done(own_office: Office) -> None:
    both = tokens.staff("members:import", "members:verify", "members:read", totp=True)
    own_office.promoter = both
    content, organisation_id = as_csv(member()), own_office.organisation()
    waiting = rosters.send(own_office, content, organisation_id=organisation_id).json()["id"]
    dry = rosters.imported(own_office, content, organisation_id=organisation_id, mode="dry_run")["id"]
    done = rosters.imported(own_office, content, organisation_id=organisation_id)["id"]

    def refusal(who: Principal, import_id: str) -> tuple[int, str]:
        answer = own_office.send(who, "POST", f"/v1/imports/{import_id}/verifications")
        return answer.status_code, answer.json()["type"]

    assert refusal(both, done) == (403, "same-person-twice")
    assert refusal(own_office.verifier, waiting) == (409, "import-not-done")
    assert refusal(own_office.verifier, dry) == (409, "import-not-done")
    assert refusal(tokens.staff("members:verify"), done) == (403, "forbidden")
    assert refusal(tokens.client("members:verify"), done) == (403, "forbidden")


def test_members_whom_the_verifier_has_changed_are_left_to_another(own_office: Office) -> None:
    done = rosters.imported(own_office, as_csv(member(), member()), organisation_id=own_office.organisation())
    [first, _] = own_office.send(own_office.promoter, "GET", "/v1/members").json()["items"]
    meddler = tokens.staff("members:write", "members:verify", totp=True)
    path = f"/v1/members/{first['id']}"
    own_office.send(meddler, "PATCH", path, {"given_names": "Lara"}, if_match='"1"')
    own_office.verifier = meddler
    assert rosters.verified(own_office, done["id"])["members_verified"] == 1
    assert own_office.opened(first["id"])["state"] == "applicant"
