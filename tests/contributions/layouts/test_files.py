"""Files written and read back: nothing is lost, nothing is trusted, bulk and single agree."""

import hashlib
import io
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contributions.layouts import (
    FileWriter,
    LayoutReader,
    RecordWriter,
    RowsUnwritable,
    TooManyDetails,
    shipped_profiles,
)
from services.contributions.layouts.definitions import Profile
from services.contributions.layouts.files import FileWritten
from services.contributions.layouts.text import ALPHABET
from services.kit.periods import Period

PAYROLL = shipped_profiles()["tss-payroll"]
HEADER = {"process": "AM", "rnc": "999999999", "period": Period(2026, 7)}
NAMES = (
    "payroll_code",
    "document_type",
    "document",
    "given_names",
    "first_surname",
    "second_surname",
    "sex",
    "birth_date",
    "wage",
)
LAURA = ("001", "C", "99900000001", "LAURA", "MENDEZ", None, "F", date(1995, 3, 12), 49_250_00)


def row(**given: Any) -> tuple[Any, ...]:
    return tuple((dict(zip(NAMES, LAURA, strict=True)) | given).values())


def write(*rows: tuple[Any, ...], profile: Profile = PAYROLL) -> tuple[bytes, FileWritten]:
    out = io.BytesIO()
    writer = FileWriter(profile, HEADER, NAMES, out.write)
    writer.add(rows)
    written = writer.finish()
    return out.getvalue(), written


def test_the_summary_counts_every_line() -> None:
    data, written = write(*[row(document=f"9990000000{n}") for n in range(5)])
    assert data.endswith(b"\r\nS000007\r\n")
    assert (written.lines, written.details, written.bytes) == (7, 5, len(data))
    assert written.sha256 == hashlib.sha256(data).hexdigest()
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r") == 7


def test_an_empty_payroll_still_has_header_and_summary() -> None:
    assert write()[0] == b"EAM  999999999072026\r\nS000002\r\n"


UNWRITABLE = [
    ({"document": ""}, "document", "is missing"),
    ({"document": None}, "document", "is missing"),
    ({"document": "9" * 26}, "document", "has 26 characters, and 25 fit"),
    ({"document": "99900000001;"}, "document", "other than letters and digits"),
    ({"given_names": ""}, "given_names", "is missing"),
    ({"given_names": " \t "}, "given_names", "is missing"),
    ({"given_names": "A" * 51}, "given_names", "has 51 characters, and 50 fit"),
    ({"given_names": "Анна"}, "given_names", "the State's alphabet lacks"),
    ({"given_names": "ANA\r\nD001"}, "given_names", None),
    ({"first_surname": 7}, "first_surname", "int"),
    ({"sex": "X"}, "sex", "is not one of M, F"),
    ({"birth_date": None}, "birth_date", "is missing"),
    ({"birth_date": "1995-03-12"}, "birth_date", "day"),
    ({"wage": -1}, "wage", "less than zero"),
    ({"wage": 0}, "wage", "is missing"),
    ({"wage": 10**15}, "wage", "has 16 characters, and 15 fit"),
    ({"payroll_code": "A1"}, "payroll_code", "must be digits"),
    ({"payroll_code": 1000}, "payroll_code", "has 4 characters, and 3 fit"),
]


@pytest.mark.parametrize(("bad", "field", "reason"), UNWRITABLE, ids=str)
def test_what_cannot_be_written_is_named_and_nothing_is_written(
    bad: dict[str, Any], field: str, reason: str | None
) -> None:
    out = io.BytesIO()
    writer = FileWriter(PAYROLL, HEADER, NAMES, out.write)
    header = out.getvalue()
    if reason is None:  # a line break is white space in a name, never a second record
        writer.add([row(), row(**bad)])
        assert b"ANA D001 " in out.getvalue()
        return
    with pytest.raises(RowsUnwritable) as caught:
        writer.add([row(), row(**bad), row(document="99900000002")])
    [fault] = caught.value.faults
    assert (fault.row, fault.field, fault.value) == (1, field, next(iter(bad.values())))
    assert reason in fault.reason
    assert out.getvalue() == header


def test_a_worklist_names_every_fault_of_every_row() -> None:
    writer = RecordWriter(PAYROLL.details_of(), NAMES)
    faults = writer.faults([row(), row(sex="X", wage=0), row(document="")])
    assert [(fault.row, fault.field) for fault in faults] == [(1, "sex"), (1, "wage"), (2, "document")]


def test_required_fields_must_be_named() -> None:
    with pytest.raises(ValueError, match="the layout needs wage"):
        RecordWriter(PAYROLL.details_of(), NAMES[:-1])
    with pytest.raises(ValueError, match="has no field salary"):
        RecordWriter(PAYROLL.details_of(), (*NAMES, "salary"))


def test_a_file_holds_no_more_than_its_summary_can_count() -> None:
    assert PAYROLL.details_max == 999_997
    short = PAYROLL.model_copy(
        update={"summary": (*PAYROLL.summary[:-1], PAYROLL.summary[-1].model_copy(update={"length": 1}))}
    )
    rows = [row(document=f"9990000000{n}") for n in range(8)]
    assert write(*rows[:7], profile=short)[0].endswith(b"S9\r\n")
    with pytest.raises(TooManyDetails, match="at most 7 details"):
        write(*rows, profile=short)


def test_kept_stems_make_the_same_file() -> None:
    rows = [row(document=f"9990000000{n}", wage=n * 100 + 1) for n in range(7)]
    out = io.BytesIO()
    writer = FileWriter(PAYROLL, HEADER, NAMES, out.write)
    stems = writer.details.stems(rows)
    writer.add_stems("".join(f"{stem}\n" for stem in stems[:3]).encode())
    writer.add_stems("".join(f"{stem}\n" for stem in stems[3:]).encode())
    assert (writer.finish(), out.getvalue()) == (write(*rows)[1], write(*rows)[0])


def test_stems_of_another_length_or_alphabet_are_refused() -> None:
    writer = RecordWriter(PAYROLL.details_of(), NAMES)
    [stem] = writer.stems([row()])
    for bad in (
        stem[:-1] + "\n",
        stem + "0\n",
        stem[:-2] + "\n\n",
        stem,
        stem.replace("LAURA", "LAUR;") + "\n",
    ):
        with pytest.raises(ValueError, match=r"bytes are not|does not end|alphabet"):
            writer.lines_of_stems(bad.encode())


def read(data: bytes, profile: Profile = PAYROLL) -> tuple[list[Any], LayoutReader]:
    reader = LayoutReader(profile)
    return list(reader.records(io.BytesIO(data))), reader


def test_a_file_is_read_back_as_it_was_given() -> None:
    data, _ = write(LAURA)
    [header, detail, summary], reader = read(data)
    assert reader.faults == []
    assert header.values == {"record": "E"} | HEADER
    assert {name: detail.values[name] for name in NAMES} == dict(zip(NAMES, LAURA, strict=True))
    assert (detail.values["income_type"], detail.values["alimony"]) == ("0001", 0)
    assert summary.values["lines"] == 3


ONE_PERSON = write(LAURA)[0]

BROKEN = [
    (b"S000003", b"S000004", 3, "lines", "the file has 3 lines"),
    (b"S000003\r\n", b"", 2, "record", "does not end with its summary"),
    (b"S000003\r\n", b"S000003\r\nS000004\r\n", 4, "record", "comes after the summary"),
    (b"\r\nD", b"\nD", 1, "line", "does not end with CR LF"),
    (b"EAM", b"DAM", 1, "record", "E is the first line"),
    (b"D001", b"X001", 2, "record", "is not E, D or S"),
    (b"EAM", b"ENV", 1, "process", "is not of this layout"),
    (b"072026", b"132026", 1, "period", "is not a period"),
    (b"F12031995", b"F31021995", 2, "birth_date", "is not a day"),
    (b"F12031995", b"Z12031995", 2, "sex", "is not one of M, F"),
    (b"0000000049250.00", b"       49250.00 ", 2, "wage", "is not an amount"),
    (b"0000000049250.00", b"0000000049250,00", 2, "wage", "is not an amount"),
    (b"0000000049250.00", b"0000000000000.00", 2, "wage", "is missing"),
    (b"LAURA", b"Laura", 2, "given_names", "is not written as the layout asks"),
    (b"LAURA", b" LAUR", 2, "given_names", "is not written as the layout asks"),
    (b"LAURA", b"LAUR\xd1", 2, "line", "is not ASCII"),
    (b"000101", b"000109", 2, "thirteenth_code", "must be 01"),
    (b"LAURA ", b"LAURA", 2, "line", "has 365 characters"),
    (b"D001C", b"D00 C", 2, "payroll_code", "must be digits"),
]


@pytest.mark.parametrize(("good", "bad", "line", "field", "reason"), BROKEN, ids=lambda v: str(v)[:24])
def test_a_fault_in_a_file_is_named(good: bytes, bad: bytes, line: int, field: str, reason: str) -> None:
    assert good in ONE_PERSON
    _, reader = read(ONE_PERSON.replace(good, bad, 1))
    first = reader.faults[0]
    assert (first.line, first.field) == (line, field)
    assert reason in first.reason


def test_positions_of_faults_count_from_one() -> None:
    _, reader = read(ONE_PERSON.replace(b"F12031995", b"F31021995"))
    assert reader.faults[0].position == 162
    assert reader.faults[0].value == "31021995"


def test_a_file_that_is_something_else_is_bounded() -> None:
    records, reader = read(b"\x00" * 100_000)
    assert records == []
    assert reader.faults_total >= len(reader.faults) <= 100
    assert read(b"")[1].faults[0].reason == "the file does not end with its summary"


state_text = st.text(ALPHABET, max_size=40).map(lambda text: " ".join(text.split()))
named = state_text.filter(lambda text: any(sign.isalnum() for sign in text))
rows_of_members = st.tuples(
    st.integers(0, 999).map(lambda code: f"{code:03d}"),
    st.sampled_from("CNP"),
    st.text("0123456789ABCXYZ", min_size=1, max_size=25),
    named,
    named,
    st.none() | named,
    st.sampled_from("MF"),
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.integers(1, 10**15 - 1),
)


@settings(max_examples=50)
@given(st.lists(rows_of_members, max_size=8))
def test_any_rows_survive_the_round_trip(rows: list[tuple[Any, ...]]) -> None:
    data, written = write(*rows)
    records, reader = read(data)
    assert reader.faults == []
    assert len(records) == written.lines
    assert [tuple(r.values[name] for name in NAMES) for r in records[1:-1]] == rows
    assert {len(line) for line in data.split(b"\r\n")[1:-2]} <= {366}


@given(st.lists(st.text("-. 0123456789ab\uff11é", max_size=30), min_size=1, max_size=5))
def test_documents_in_bulk_are_written_as_one_by_one(numbers: list[str]) -> None:
    writer = RecordWriter(PAYROLL.details_of(), NAMES)
    rows = [row(document=number) for number in numbers]
    if faults := writer.faults(rows):
        with pytest.raises(RowsUnwritable) as caught:
            writer.stems(rows)
        assert caught.value.faults == faults
    else:
        assert writer.stems(rows) == [writer.stems([one])[0] for one in rows]


def test_writing_in_bulk_stays_quick() -> None:
    rows = [row(document=f"999{n:08d}", wage=1_700_000 + n % 900) for n in range(20_000)]
    writer = RecordWriter(PAYROLL.details_of(), NAMES)
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        writer.lines(rows)
        best = min(best, time.process_time() - began)
    assert 20_000 / best > 100_000  # some 300,000 a second on an idle machine
