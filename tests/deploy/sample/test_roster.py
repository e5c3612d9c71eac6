"""The synthetic roster: plausible as a whole, nobody in particular, and wrong only where it says so."""

import re
import tracemalloc
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from deploy.sample.mistakes import Mistake
from deploy.sample.names import ORGANISATIONS, SURNAMES
from deploy.sample.roster import Roster, write_roster
from services.kit.sheets import Row, read_sheet
from services.registry.identities import Unreadable, read_document, read_name, read_phone
from services.registry.imports.columns import COLUMNS, WORDS, is_member, meaning

AS_OF = date(2026, 6, 15)
FLOOR = Decimal("14161.00")


def written(path: Path, members: int = 1_500, **given: object) -> tuple[Roster, list[Row]]:
    roster = write_roster(path, members, **given)  # type: ignore[arg-type]
    return roster, read(path)


def read(path: Path) -> list[Row]:
    with path.open("rb") as file:
        sheet = read_sheet(file, COLUMNS, filename=path.name)
        assert sheet.ignored == ()
        return list(sheet.rows)


def day(text: str) -> date:
    if "/" in text:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007
    return date.fromisoformat(text)


def faults(cells: dict[str, str], seen: set[str]) -> list[str]:
    """What an importer must find wrong with a row, by the columns."""
    found = []
    try:
        if cells["document_number"]:
            document = read_document(
                meaning("document_type", cells["document_type"]) or "", cells["document_number"]
            )
            if document.in_doubt or document.number in seen:
                found.append("document_number")
            seen.add(document.number)
    except Unreadable:
        found.append("document_number")
    found += [c for c in ("given_names", "first_surname") if not read_name(cells[c])]
    try:
        born = day(cells["birth_date"])
        if not AS_OF.year - 110 < born.year or born > AS_OF:
            found.append("birth_date")
    except ValueError:
        found.append("birth_date")
    if is_member(cells) and Decimal(cells["declared_wage"]) < FLOOR:
        found.append("declared_wage")
    try:
        if cells["phone"]:
            read_phone(cells["phone"])
    except Unreadable:
        found.append("phone")
    return found


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_rows_are_wrong_where_it_says_so_and_nowhere_else(tmp_path: Path, suffix: str) -> None:
    roster, rows = written(tmp_path / f"roster{suffix}", error_share=0.1)
    seen: set[str] = set()
    found = {(row.line, fault) for row in rows for fault in faults(row.cells, seen)}
    assert found == {(planted.line, planted.column) for planted in roster.planted}
    by_line = {row.line: row.cells for row in rows}
    assert all(by_line[p.line][p.column] == p.value for p in roster.planted)


def test_the_stated_share_is_kept_and_every_mistake_occurs(tmp_path: Path) -> None:
    roster, _ = written(tmp_path / "roster.csv", members=700, error_share=0.1)
    assert len(roster.planted) == 70
    counts = Counter(planted.mistake for planted in roster.planted)
    assert set(counts) == set(Mistake)
    assert max(counts.values()) - min(counts.values()) <= 2


def test_a_roster_without_mistakes_and_one_of_mistakes_only(tmp_path: Path) -> None:
    assert written(tmp_path / "good.csv", members=50, error_share=0)[0].planted == []
    assert written(tmp_path / "bad.csv", members=50, error_share=1)[0].good_members == 0


def test_the_counts_are_those_of_the_file(tmp_path: Path) -> None:
    roster, rows = written(tmp_path / "roster.csv", error_share=0.05)
    members = [row for row in rows if is_member(row.cells)]
    bad = {planted.line for planted in roster.planted}
    assert (roster.members, roster.dependants, roster.rows) == (1_500, len(rows) - 1_500, len(rows))
    assert len(members) == 1_500
    assert roster.good_members == 1_500 - 75
    assert roster.good_dependants == roster.dependants - sum(len(p.family_lines) for p in roster.planted)
    assert roster.additional_dependants == sum(row.cells["kind"] == "adicional" for row in rows)
    without = [row for row in members if row.line not in bad and not row.cells["mandate_signed_on"]]
    assert roster.members_without_mandate == len(without) > 0


def test_families_follow_their_member_and_name_them(tmp_path: Path) -> None:
    roster, rows = written(tmp_path / "roster.csv", error_share=0.1)
    family_lines: dict[int, int] = {}
    member = rows[0]
    for row in rows:
        if is_member(row.cells):
            member = row
        else:
            assert row.cells["member_document"] == member.cells["document_number"]
            family_lines[row.line] = member.line
    for planted in roster.planted:
        assert list(planted.family_lines) == [n for n, m in family_lines.items() if m == planted.line]


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for suffix in (".csv", ".xlsx"):
        first, again, other = (tmp_path / f"{name}{suffix}" for name in ("first", "again", "other"))
        write_roster(first, 100, seed=7)
        write_roster(again, 100, seed=7)
        write_roster(other, 100, seed=8)
        assert first.read_bytes() == again.read_bytes() != other.read_bytes()


def test_csv_and_xlsx_hold_the_same_people(tmp_path: Path) -> None:
    _, in_csv = written(tmp_path / "roster.csv", members=200)
    _, in_xlsx = written(tmp_path / "roster.xlsx", members=200)

    def same(row: Row) -> tuple[object, ...]:
        cells = row.cells
        dates = [
            cells[c] if "/13/" in cells[c] or "31/02" in cells[c] else day(cells[c] or "0001-01-01")
            for c in ("birth_date", "mandate_signed_on", "consent_given_on")
        ]
        wage = Decimal(cells["declared_wage"] or 0)
        rest = [v for c, v in cells.items() if not c.endswith(("_date", "_on")) and c != "declared_wage"]
        return (row.line, *dates, wage, *rest)

    assert [same(row) for row in in_csv] == [same(row) for row in in_xlsx]


def test_the_people_stay_the_same_whatever_the_share_of_mistakes(tmp_path: Path) -> None:
    _, few = written(tmp_path / "few.csv", members=100, error_share=0)
    _, many = written(tmp_path / "many.csv", members=100, error_share=0.05)
    few_names = Counter(row.cells["given_names"] for row in few)
    many_names = Counter(row.cells["given_names"] for row in many)
    assert not many_names - few_names  # only families of duplicates are gone


def test_families_and_wages_are_those_of_the_trade(tmp_path: Path) -> None:
    roster, rows = written(tmp_path / "roster.csv", members=8_000, error_share=0)
    assert 2.28 < roster.dependants / roster.members < 2.42
    assert 0.02 < roster.additional_dependants / roster.members < 0.04
    wages = [Decimal(row.cells["declared_wage"]) for row in rows if is_member(row.cells)]
    assert 15_600 < sum(wages) / len(wages) < 15_940
    assert min(wages) == FLOOR


def test_nobody_can_be_taken_for_somebody(tmp_path: Path) -> None:
    _, rows = written(tmp_path / "roster.csv", error_share=0)
    documents = [row.cells["document_number"] for row in rows if row.cells["document_number"]]
    assert all(re.fullmatch(r"999-\d{7}-\d|999\d{7}|SYN\d{7}", document) for document in documents)
    assert len(set(documents)) == len(documents)
    phones = [row.cells["phone"] for row in rows if row.cells["phone"]]
    assert all(re.fullmatch(r"8[024]9-[01]\d\d-\d{4}", phone) for phone in phones)
    assert len(set(phones)) == len(phones)
    assert {row.cells["first_surname"] for row in rows} <= set(SURNAMES)


def test_every_word_is_one_that_the_format_knows(tmp_path: Path) -> None:
    _, rows = written(tmp_path / "roster.csv", error_share=0)
    used = {(column, row.cells[column]) for row in rows for column in WORDS if row.cells[column]}
    assert {column for column, _ in used} == set(WORDS)
    assert [word for word in used if meaning(*word) is None] == []


def test_parents_are_older_than_their_children_and_minors_are_minors(tmp_path: Path) -> None:
    _, rows = written(tmp_path / "roster.csv", error_share=0)
    born = {
        row.cells["document_number"]: day(row.cells["birth_date"]) for row in rows if is_member(row.cells)
    }
    for row in rows:
        if meaning("relation", row.cells["relation"] or "titular") == "child":
            child, member = day(row.cells["birth_date"]), born[row.cells["member_document"]]
            assert (child - member).days > 16 * 365
            assert (AS_OF - child).days < 18 * 365


def test_organisations_are_those_that_were_named_or_none(tmp_path: Path) -> None:
    _, rows = written(tmp_path / "own.csv", members=300)
    assert {row.cells["organisation"] for row in rows if is_member(row.cells)} == set(ORGANISATIONS)
    _, rows = written(tmp_path / "none.csv", members=20, organisations=())
    assert {row.cells["organisation"] for row in rows} == {""}


def test_another_floor_is_respected(tmp_path: Path) -> None:
    _, rows = written(tmp_path / "r.csv", members=300, error_share=0, minimum_wage=Decimal("16993.20"))
    assert min(Decimal(row.cells["declared_wage"]) for row in rows if is_member(row.cells)) == Decimal(
        "16993.20"
    )


@pytest.mark.parametrize(
    ("name", "members", "share"),
    [("roster.xls", 1, 0.0), ("roster.xlsx", 300_001, 0.0), ("roster.csv", -1, 0.0), ("roster.csv", 1, 1.1)],
)
def test_what_cannot_be_written_is_refused_before_a_file_is_made(
    tmp_path: Path, name: str, members: int, share: float
) -> None:
    with pytest.raises(ValueError, match=r"roster|error_share"):
        write_roster(tmp_path / name, members, 1, share)
    assert not (tmp_path / name).exists()


def test_a_large_roster_streams_and_tells_its_progress(tmp_path: Path) -> None:
    heard: list[int] = []
    tracemalloc.start()
    try:
        write_roster(tmp_path / "roster.csv", 3_500, error_share=0.01, on_progress=heard.append)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
    assert heard == [1_000, 2_000, 3_000, 3_500]
