"""Two requests at the same moment: one member, whoever is faster; in a database that really commits."""

import threading
from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
from httpx import Response
from sqlmodel import Session, func, select

from deploy.databases import Database
from services.registry import db
from services.registry.members import Member
from tests.registry.people import Office, a_member, cedula


def at_once(*calls: Callable[[], Response]) -> list[Response]:
    answers: list[Response] = []
    start = threading.Barrier(len(calls))

    def send(call: Callable[[], Response]) -> None:
        start.wait()
        answers.append(call())

    threads = [threading.Thread(target=send, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def members() -> int:
    with Session(db.engine()) as session:
        return session.exec(select(func.count()).select_from(Member)).one()


def test_the_same_key_at_once_registers_once_and_answers_both(own_office: Office) -> None:
    body, key = a_member(own_office.organisation(), dependants=[]), str(uuid4())
    answers = at_once(*[lambda: own_office.register(body, key=key)] * 6)
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert members() == 1


def test_the_same_document_at_once_registers_one(own_office: Office) -> None:
    body = a_member(own_office.organisation(), documents=[{"type": "C", "number": cedula()}])
    answers = at_once(*[lambda: own_office.register(body)] * 6)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert {a.json()["type"] for a in answers if a.status_code == 409} == {"document-taken"}
    assert members() == 1


def test_a_repeat_is_told_to_wait_while_the_first_is_still_running(
    own_office: Office, own_registry: Database
) -> None:
    body, key = a_member(own_office.organisation()), str(uuid4())
    route = "POST /v1/members"
    with psycopg.connect(own_registry.url) as first:
        first.execute(
            "INSERT INTO idempotency_keys (client, route, key, content_hash, result_id)"
            " VALUES (%s, %s, %s, '', %s)",
            (own_office.promoter.subject, route, key, uuid4()),
        )
        told = own_office.register(body, key=key)
        assert (told.status_code, told.json()["type"]) == (409, "key-still-running")
        first.rollback()
    assert own_office.register(body, key=key).status_code == 201


def test_two_changes_of_one_version_at_once_are_not_both_made(own_office: Office) -> None:
    path = f"/v1/members/{own_office.registered()['id']}"

    def change(occupation: str) -> Callable[[], Response]:
        body = {"occupation": occupation}
        return lambda: own_office.send(own_office.promoter, "PATCH", path, body, if_match='"1"')

    answers = at_once(change("chofer"), change("pintora"))
    assert sorted(answer.status_code for answer in answers) == [200, 412]


def test_two_verifications_at_once_announce_once(own_office: Office) -> None:
    member_id = own_office.registered()["id"]
    path = f"/v1/members/{member_id}/verifications"
    answers = at_once(*[lambda: own_office.send(own_office.verifier, "POST", path)] * 4)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 3
    with Session(db.engine()) as session:
        assert session.get_one(Member, UUID(member_id)).version == 2
