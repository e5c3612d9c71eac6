"""Every field of every layout by position, and the published one-person file byte for byte."""

from datetime import date
from typing import Any

import pytest

from services.contributions.datafiles import DataFileInvalid
from services.contributions.layouts import FileWriter, parse_profile, shipped_profiles
from services.kit.periods import Period

PROFILES = shipped_profiles()
JULY = Period(2026, 7)

NAMES = (
    "payroll_code",
    "document_type",
    "document",
    "given_names",
    "first_surname",
    "sex",
    "birth_date",
    "wage",
)
LAURA = ("001", "C", "999-0000000-1", "Laura", "Méndez", "F", date(1995, 3, 12), 49_250_00)

ZERO = "0000000000000.00"
ONE_PERSON = (
    "EAM  999999999072026\r\n"
    "D001C99900000001" + " " * 14 + "LAURA" + " " * 45 + "MENDEZ" + " " * 34 + " " * 40 + "F12031995"
    "0000000049250.00" + ZERO * 3 + " " * 11 + ZERO * 4 + "0001"
    "01" + ZERO + "02" + ZERO + "03" + ZERO + "\r\n"
    "S000003\r\n"
)


def write(code: str, process: str, names: tuple[str, ...], *rows: Any, **options: Any) -> bytes:
    profile = PROFILES[code]
    out: list[bytes] = []
    header = {"process": process, "rnc": "999999999", "period": JULY}
    if all(field.name != "period" for field in profile.header):
        del header["period"]
    writer = FileWriter(profile, header, names, out.append, **options)
    writer.add(rows)
    writer.finish()
    return b"".join(out)


def test_the_published_file_of_one_person_byte_for_byte() -> None:
    assert write("tss-payroll", "AM", NAMES, LAURA) == ONE_PERSON.encode("ascii")


AM_POSITIONS = [
    # first, last (from 1), what stands there
    (1, 1, "D"),
    (2, 4, "001"),
    (5, 5, "C"),
    (6, 30, "99900000002" + " " * 14),
    (31, 80, "JOSE IGNACIO".ljust(50)),
    (81, 120, "NUNEZ".ljust(40)),
    (121, 160, "PENA".ljust(40)),
    (161, 161, "M"),
    (162, 169, "01021980"),
    (170, 185, "0000000018421.20"),
    (186, 201, "0000000000001.01"),
    (202, 217, "0000000000002.02"),
    (218, 233, "0000000000003.03"),
    (234, 244, "  999999998"),
    (245, 260, "0000000000004.04"),
    (261, 276, "0000000000005.05"),
    (277, 292, "0000000000006.06"),
    (293, 308, "0000000000007.07"),
    (309, 312, "0004"),
    (313, 314, "01"),
    (315, 330, "0000000000008.08"),
    (331, 332, "02"),
    (333, 348, "0000000000009.09"),
    (349, 350, "03"),
    (351, 366, "0000000000010.10"),
]

ALL_AM = {
    "payroll_code": 1,
    "document_type": "C",
    "document": "99900000002",
    "given_names": "José Ignacio",
    "first_surname": "Núñez",
    "second_surname": "Peña",
    "sex": "M",
    "birth_date": date(1980, 2, 1),
    "wage": 18_421_20,
    "voluntary_contribution": 101,
    "tax_wage": 202,
    "other_remuneration": 303,
    "withholding_agent": "999999998",
    "other_agents_remuneration": 404,
    "exempt_income": 505,
    "balance_in_favour": 606,
    "infotep_wage": 707,
    "income_type": "0004",
    "thirteenth_salary": 808,
    "severance": 909,
    "alimony": 1010,
}


def detail(code: str, process: str, given: dict[str, Any], **options: Any) -> str:
    lines = write(code, process, tuple(given), tuple(given.values()), **options).decode("ascii")
    return lines.split("\r\n")[1]


@pytest.mark.parametrize(("first", "last", "expected"), AM_POSITIONS)
def test_each_field_of_the_payroll_stands_in_its_place(first: int, last: int, expected: str) -> None:
    line = detail("tss-payroll", "AM", ALL_AM)
    assert len(line) == 366
    assert line[first - 1 : last] == expected


def test_positions_of_the_payroll_leave_no_gap() -> None:
    assert [first for first, _, _ in AM_POSITIONS] == [1, *(last + 1 for _, last, _ in AM_POSITIONS[:-1])]


def test_the_order_of_the_given_values_does_not_matter() -> None:
    backwards = dict(reversed(ALL_AM.items()))
    assert detail("tss-payroll", "AM", backwards) == detail("tss-payroll", "AM", ALL_AM)


def test_the_trailing_blocks_can_be_left_out() -> None:
    given = {
        name: value
        for name, value in ALL_AM.items()
        if name not in ("thirteenth_salary", "severance", "alimony")
    }
    short = detail("tss-payroll", "AM", given, detail_length=312)
    assert len(short) == 312
    assert short == detail("tss-payroll", "AM", given)[:312]
    with pytest.raises(ValueError, match="no details of 300 characters"):
        detail("tss-payroll", "AM", given, detail_length=300)


def test_the_retroactive_payroll_differs_by_its_process_only() -> None:
    assert write("tss-payroll", "AR", NAMES, LAURA) == ONE_PERSON.replace("EAM", "EAR").encode("ascii")


def test_a_file_names_a_process_of_its_layout() -> None:
    with pytest.raises(ValueError, match="has no process NV"):
        write("tss-payroll", "NV", NAMES, LAURA)


NV_POSITIONS = [
    (1, 1, "D"),
    (2, 4, "001"),
    (5, 6, "LM"),
    (7, 14, "01072026"),
    (15, 22, "06102026"),
    (23, 23, "P"),
    (24, 48, "XA123456".ljust(25)),
    (49, 98, "MARIE-JOSE".ljust(50)),
    (99, 138, "D'HAITI".ljust(40)),
    (139, 178, " " * 40),
    (179, 179, "F"),
    (180, 187, "31121999"),
    (188, 203, "0000000018421.20"),
    (204, 219, "0000000000001.01"),
    (220, 235, "0000000000002.02"),
    (236, 251, "0000000000003.03"),
    (252, 262, "  999999998"),
    (263, 278, "0000000000004.04"),
    (279, 294, "0000000000005.05"),
    (295, 310, "0000000000006.06"),
    (311, 326, "0000000000007.07"),
    (327, 330, "0003"),
]


@pytest.mark.parametrize(("first", "last", "expected"), NV_POSITIONS)
def test_each_field_of_the_changes_stands_in_its_place(first: int, last: int, expected: str) -> None:
    given = {
        name: value
        for name, value in ALL_AM.items()
        if name not in ("thirteenth_salary", "severance", "alimony")
    }
    given |= {
        "change": "LM",
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2026, 10, 6),
        "document_type": "P",
        "document": "xa-123456",
        "given_names": "Marie-José",
        "first_surname": "D’Haïti",
        "second_surname": None,
        "sex": "F",
        "birth_date": date(1999, 12, 31),
        "income_type": "0003",
    }
    line = detail("tss-changes", "NV", given)
    assert len(line) == 330
    assert line[first - 1 : last] == expected


def test_an_entry_has_no_end_and_may_have_no_wage() -> None:
    given = {name: ALL_AM[name] for name in NAMES if name != "wage"}
    line = detail("tss-changes", "NV", given | {"change": "IN", "starts_on": date(2026, 7, 1)})
    assert line[14:22] == " " * 8
    assert line[187:203] == ZERO


RD_POSITIONS = [
    (1, 1, "D"),
    (2, 4, "001"),
    (5, 5, "C"),
    (6, 16, "99900000001"),
    (17, 66, "ROSA".ljust(50)),
    (67, 106, "MENDEZ".ljust(40)),
    (107, 146, "DE LA CRUZ".ljust(40)),
    (147, 147, "C"),
    (148, 158, "99900000003"),
]


@pytest.mark.parametrize(("first", "last", "expected"), RD_POSITIONS)
def test_each_field_of_the_dependants_stands_in_its_place(first: int, last: int, expected: str) -> None:
    given = {
        "payroll_code": "001",
        "member_document_type": "C",
        "member_document": "999-0000000-1",
        "given_names": "Rosa",
        "first_surname": "Méndez",
        "second_surname": "de la  Cruz",
        "document_type": "C",
        "document": "99900000003",
    }
    line = detail("tss-dependants", "RD", given)
    assert len(line) == 158
    assert line[first - 1 : last] == expected


def test_the_header_of_dependants_has_no_period() -> None:
    given = {"payroll_code": "1", "member_document_type": "C", "member_document": "99900000001"}
    given |= {"given_names": "Rosa", "first_surname": "M"}
    lines = write("tss-dependants", "RD", tuple(given), tuple(given.values())).split(b"\r\n")
    assert lines[0] == b"ERD  999999999"
    assert lines[2:] == [b"S000003", b""]


FILE_NAMES = [
    ("tss-payroll", "AM", "AM_999999999_072026.txt"),
    ("tss-payroll", "AR", "AR_999999999_072026.txt"),
    ("tss-changes", "NV", "NV_999999999_072026.txt"),
    ("tss-dependants", "RD", "999999999_072026_RD.txt"),
]


@pytest.mark.parametrize(("code", "process", "name"), FILE_NAMES)
def test_files_are_named_as_the_state_wants(code: str, process: str, name: str) -> None:
    assert PROFILES[code].name_of_file(process, "999999999", JULY) == name


TINY = """
code: tiny
version: "1"
source: an example
processes: [AM]
file_name: "{process}_{rnc}_{period}.txt"
detail_lengths: [4]
header: [{name: record, at: 1, length: 1, kind: constant, value: E}]
detail:
  - {name: record, at: 1, length: 1, kind: constant, value: D}
  - {name: document, at: 2, length: 3, kind: document}
summary: [{name: lines, at: 1, length: 6, kind: count}]
"""

FAULTY = [
    ("at: 2", "at: 3", 11, "document stands at 3, not at 2"),
    ("at: 2", "at: 1", 11, "document stands at 1, not at 2"),
    ("detail_lengths: [4]", "detail_lengths: [5]", 7, "no field ends at 5"),
    ("kind: count", "kind: text", 12, "the summary counts lines"),
    ("value: D", "choices: [D]", 10, "a constant, and nothing else, has a value"),
    ("kind: document", "kind: magic", 11, "Input should be"),
]


@pytest.mark.parametrize(("good", "bad", "line", "reason"), FAULTY)
def test_a_layout_with_a_gap_or_an_overlap_is_refused(good: str, bad: str, line: int, reason: str) -> None:
    parse_profile(TINY)
    with pytest.raises(DataFileInvalid, match=reason) as caught:
        parse_profile(TINY.replace(good, bad, 1))
    assert caught.value.faults[0].line == line
