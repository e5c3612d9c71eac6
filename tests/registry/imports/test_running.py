"""An import that is killed goes on; two workers make nobody twice; a failing file says why."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import Session, col, func, select, update

from deploy.sample.roster import write_roster
from services.kit.sheets.problems import SheetTooLarge
from services.registry import db
from services.registry.dependants import Dependant
from services.registry.imports import chunks, families, loading, progress, running
from services.registry.imports.chunks import Chunk
from services.registry.imports.models import Import
from services.registry.imports.running import run_import
from services.registry.members import Member
from tests.registry.imports import rosters
from tests.registry.imports.rosters import as_csv, child, member
from tests.registry.people import Office, cedula


def counted() -> tuple[int, int]:
    with Session(db.engine()) as session:
        members = session.exec(select(func.count()).select_from(Member)).one()
        return members, session.exec(select(func.count()).select_from(Dependant)).one()


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK_ROWS", 40)


def work_until_killed(import_id: UUID, mode: str) -> None:
    """In a process of its own: killed with SIGKILL in the middle of a later chunk."""
    db.engine().dispose(close=False)
    settled, done = families.find_members, 0

    def killing(*args: Any, **given: Any) -> None:
        nonlocal done
        done += 1
        if done == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        settled(*args, **given)

    families.find_members = killing
    run_import(db.engine(), import_id)


@pytest.mark.parametrize("mode", ["good_rows", "dry_run", "all_or_none"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_killed_in_the_middle_it_goes_on_and_makes_nobody_twice(
    own_office: Office, tmp_path: Path, small_chunks: None, mode: str
) -> None:
    roster = write_roster(tmp_path / "roster.csv", 80, error_share=0 if mode == "all_or_none" else 0.1)
    own_office.authorised(minimum_wage={"amount": "14161.00", "currency": "DOP"})
    sent = rosters.send(own_office, roster.path, mode=mode, organisation_id=own_office.organisation()).json()
    import_id = UUID(sent["id"])
    killed = multiprocessing.get_context("fork").Process(target=work_until_killed, args=(import_id, mode))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    half = rosters.progress(own_office, sent["id"])
    assert half["rows_read"] == 120

    run_import(db.engine(), import_id)
    done = rosters.progress(own_office, sent["id"])
    assert (done["state"], done["rows_read"], done["rows_good"]) == (
        "done",
        roster.rows,
        roster.good_members + roster.good_dependants,
    )
    written = (0, 0) if mode == "dry_run" else (roster.good_members, roster.good_dependants)
    assert counted() == written
    found = rosters.errors(own_office, sent["id"])
    assert len(found) == len({(e["line"], e["column"]) for e in found})


def test_an_import_that_is_done_stays_as_it_is(own_office: Office) -> None:
    done = rosters.imported(own_office, as_csv(member()), organisation_id=own_office.organisation())
    run_import(db.engine(), UUID(done["id"]))
    assert rosters.progress(own_office, done["id"]) == done
    assert counted() == (1, 0)
    with Session(db.engine()) as session:
        assert session.execute(text("SELECT count(*) FROM import_pieces")).scalar_one() == 0


def test_two_workers_at_once_make_nobody_twice(
    own_office: Office, tmp_path: Path, small_chunks: None
) -> None:
    roster = write_roster(tmp_path / "roster.csv", 60, error_share=0)
    sent = rosters.send(own_office, roster.path, organisation_id=own_office.organisation()).json()
    workers = [threading.Thread(target=run_import, args=(db.engine(), UUID(sent["id"]))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert rosters.progress(own_office, sent["id"])["rows_written"] == roster.rows
    assert counted() == (roster.members, roster.dependants)


def test_a_worker_that_lost_its_import_writes_nothing_more(
    own_office: Office, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = rosters.send(own_office, as_csv(member()), organisation_id=own_office.organisation()).json()
    import_id = UUID(sent["id"])
    note = loading.note_errors

    def moved_meanwhile(*args: Any) -> None:
        with Session(db.engine()) as session, session.begin():
            session.execute(update(Import).where(col(Import.id) == import_id).values(last_line=7))
        note(*args)

    monkeypatch.setattr(loading, "note_errors", moved_meanwhile)
    run_import(db.engine(), import_id)
    assert counted() == (0, 0)
    assert rosters.progress(own_office, sent["id"])["state"] == "writing"


def test_somebody_registered_meanwhile_is_told_as_a_duplicate(
    own_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, organisation_id = member(), own_office.organisation()
    refuse, clashes = loading.refuse_doubles, iter([True])

    def registered_just_after(*args: Any) -> int:
        found = refuse(*args)
        if next(clashes, False):
            own_office.registered(
                organisation_id, documents=[{"type": "C", "number": row["document_number"]}]
            )
        return found

    monkeypatch.setattr(loading, "refuse_doubles", registered_just_after)
    done = rosters.imported(own_office, as_csv(row, member()), organisation_id=organisation_id)
    assert (done["members_written"], done["rows_bad"]) == (1, 1)
    [error] = rosters.errors(own_office, done["id"])
    assert error["code"] == "duplicate_in_registry"


def test_all_or_none_is_checked_again_if_the_registry_changed_before_it_wrote(
    own_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, organisation_id = member(), own_office.organisation()
    begin = progress.begin

    def registered_before_writing(connection: Any, import_id: UUID, state: str, rows: int | None) -> None:
        if state == "writing":
            own_office.registered(
                organisation_id, documents=[{"type": "C", "number": row["document_number"]}]
            )
        begin(connection, import_id, state, rows)

    monkeypatch.setattr(progress, "begin", registered_before_writing)
    content = as_csv(member(), row, child(row["document_number"]))
    done = rosters.imported(own_office, content, organisation_id=organisation_id, mode="all_or_none")
    assert (done["state"], done["rows_bad"], done["rows_written"]) == ("done", 1, 0)
    assert counted() == (1, 0)


def test_a_file_that_turns_out_too_large_fails_with_its_reason(
    own_office: Office, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*args: Any, **given: Any) -> Iterator[Chunk]:
        yield from read(*args, **given)
        raise SheetTooLarge("The sheet has more than 5 rows.")

    read = chunks.read_chunks
    monkeypatch.setattr(running, "read_chunks", endless)
    done = rosters.imported(own_office, as_csv(member()), organisation_id=own_office.organisation())
    assert (done["state"], done["problem"]["type"], done["members_written"]) == (
        "failed",
        "sheet-too-large",
        1,
    )


def test_a_failure_of_the_machine_is_raised_for_the_job_to_be_tried_again(
    own_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*args: Any) -> int:
        raise psycopg.OperationalError

    sent = rosters.send(own_office, as_csv(member()), organisation_id=own_office.organisation()).json()
    with monkeypatch.context() as broken:
        broken.setattr(loading, "write_members", cut_off)
        with pytest.raises(psycopg.OperationalError):
            run_import(db.engine(), UUID(sent["id"]))
    run_import(db.engine(), UUID(sent["id"]))
    assert rosters.progress(own_office, sent["id"])["members_written"] == 1


def test_what_would_fail_again_ends_the_import(own_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*args: Any) -> int:
        raise psycopg.DataError("a bug")

    monkeypatch.setattr(loading, "write_members", wrong)
    done = rosters.imported(own_office, as_csv(member()), organisation_id=own_office.organisation())
    assert (done["state"], done["problem"]["type"], done["rows_written"]) == ("failed", "import-failed", 0)


def test_errors_are_forgotten_after_three_months(own_office: Office) -> None:
    done = rosters.imported(own_office, as_csv(member(sex="?")), organisation_id=own_office.organisation())
    with Session(db.engine()) as session, session.begin():
        assert progress.forget_errors(session) == 0
        session.execute(text("UPDATE imports SET finished_at = now() - interval '91 days'"))
        assert progress.forget_errors(session) == 1
    assert rosters.errors(own_office, done["id"]) == []


def test_imports_left_behind_are_found(own_office: Office) -> None:
    from services.registry import jobs

    sent = rosters.send(own_office, as_csv(member()), organisation_id=own_office.organisation()).json()
    with Session(db.engine()) as session, session.begin():
        assert progress.stalled(session) == []
        session.execute(text("UPDATE imports SET touched_at = now() - interval '11 minutes'"))
        assert progress.stalled(session) == [UUID(sent["id"])]
    jobs.resume_rosters(timestamp=0)
    with Session(db.engine()) as session:
        queued = session.execute(
            text("SELECT task_name, args->>'import_id' FROM procrastinate_jobs ORDER BY id")
        )
        assert queued.all() == [("read_roster", sent["id"])] * 2


def test_who_waited_for_a_member_in_vain_is_told_also_when_there_are_many(
    own_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK_ROWS", 2)
    rows = [child(cedula()) for _ in range(5)]
    done = rosters.imported(own_office, as_csv(*rows), organisation_id=own_office.organisation())
    assert (done["rows_read"], done["rows_bad"]) == (5, 5)
    assert [e["line"] for e in rosters.errors(own_office, done["id"])] == [2, 3, 4, 5, 6]
