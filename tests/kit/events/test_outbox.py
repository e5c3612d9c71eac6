"""The outbox holds what was committed, in the order in which it became true."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlmodel import Session

from services.kit import context
from services.kit.events import copy_all, outbox, record, record_all
from services.kit.ids import new_id
from tests.kit.events.stations import Station, ThingSold, sold

NUMBER_ALL = (
    "UPDATE outbox SET number = position; UPDATE outbox_head SET number = (SELECT max(position) FROM outbox)"
)


def values(station: Station) -> list[int]:
    return [value for (value,) in station.rows("SELECT (data->>'value')::int FROM outbox ORDER BY position")]


def test_an_event_stands_or_falls_with_its_transaction(alpha: Station) -> None:
    with Session(alpha.engine) as session:
        record(session, ThingSold(thing_id=new_id(), value=1))
        session.rollback()
        record(session, ThingSold(thing_id=new_id(), value=2))
        session.commit()
    assert values(alpha) == [2]


def test_the_request_that_caused_an_event_is_kept_with_it(alpha: Station) -> None:
    token = context.request_id.set("request-7")
    alpha.sell(1)
    context.request_id.reset(token)
    alpha.sell(2)
    assert [row[0] for row in alpha.rows("SELECT request_id FROM outbox ORDER BY position")] == [
        "request-7",
        None,
    ]


def test_many_at_once_keep_their_order(alpha: Station) -> None:
    with Session(alpha.engine) as session, session.begin():
        record_all(session, sold(range(200)))
        record_all(session, [])
    with psycopg.connect(alpha.database.url) as connection, connection.cursor() as cursor:
        with connection.pipeline():
            record_all(cursor, sold(range(200, 300)))
        copy_all(cursor, sold(range(300, 400)))
    assert values(alpha) == list(range(400))


def test_text_with_quotes_tabs_and_nothing_survives_each_way(alpha: Station) -> None:
    odd = 'tab\t newline\n quote" backslash\\ ñ \\N \x00'
    events = [ThingSold(thing_id=new_id(), value=1, note=odd)]
    with psycopg.connect(alpha.database.url) as connection, connection.cursor() as cursor:
        record_all(cursor, events)
        copy_all(cursor, events)
    alpha.announce(*events)
    alpha.run(NUMBER_ALL)
    with Session(alpha.engine) as session:
        found = outbox.numbered_after(session, 0, limit=10)
    assert [ThingSold.model_validate_json(event.data).note for event in found] == [odd] * 3


def test_a_page_is_bounded_in_rows_and_in_bytes_but_never_empty(alpha: Station) -> None:
    large = "x" * 800_000
    alpha.announce(*(ThingSold(thing_id=new_id(), value=n, note=large) for n in range(12)))
    alpha.run(NUMBER_ALL)
    with Session(alpha.engine) as session:
        assert [event.number for event in outbox.numbered_after(session, 3, limit=2)] == [4, 5]
        assert len(outbox.numbered_after(session, 0, limit=100)) == 5
        assert outbox.numbered_after(session, 12, limit=100) == []


def test_reach_tells_the_first_kept_and_the_last_given(alpha: Station) -> None:
    with Session(alpha.engine) as session:
        assert outbox.reach(session) == (1, 0)
    alpha.sell(1, 2, 3)
    alpha.run(NUMBER_ALL)
    with Session(alpha.engine) as session:
        assert outbox.reach(session) == (1, 3)


def test_only_old_events_that_were_published_are_forgotten(alpha: Station) -> None:
    alpha.sell(1, 2, 3, 4)
    alpha.run(NUMBER_ALL)
    alpha.run("UPDATE outbox SET occurred_at = now() - interval '31 days' WHERE position <> 2")
    alpha.run("UPDATE outbox_head SET published = 3")
    with Session(alpha.engine) as session, session.begin():
        assert outbox.forget(session, before=datetime.now(UTC) - timedelta(days=30)) == 2
    assert values(alpha) == [2, 4]


def test_the_runtime_role_cannot_empty_the_outbox(alpha: Station) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        alpha.run("TRUNCATE outbox")
