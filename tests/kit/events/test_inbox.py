"""Each event takes effect once; what fails stands alone and holds up nothing."""

import json
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from pydantic import BaseModel
from sqlmodel import Session

from services.kit import context
from services.kit.events import Consumers, Event, Received, inbox
from services.kit.events.envelope import envelope
from services.kit.events.inbox import Inbox
from services.kit.events.outbox import Numbered
from services.kit.ids import new_id
from tests.kit.events.stations import (
    POISON,
    Sale,
    Station,
    ThingChanged,
    ThingPainted,
    ThingSold,
    listeners,
    sold,
)

Bodies = list[tuple[str, bytes]]


def messages(*events: Event, first: int = 1, request_id: str | None = None) -> Bodies:
    """These events as alpha would number them, from `first` on."""
    return [
        (
            event.name,
            envelope(
                Numbered(first + nth, new_id(), event.name, datetime.now(UTC), request_id, event.data())
            ),
        )
        for nth, event in enumerate(events)
    ]


@pytest.fixture
def taking(beta: Station) -> Inbox:
    return Inbox(beta.engine, listeners())


def letter(beta: Station) -> tuple[str, int, str]:
    [found] = beta.rows("SELECT state, tries, error FROM dead_letters")
    state, tries, error = found
    return state, tries, error


def make_due(beta: Station) -> None:
    beta.run("UPDATE dead_letters SET next_try_at = now() WHERE state = 'waiting'")


def test_a_fact_that_comes_again_has_no_second_effect(taking: Inbox, beta: Station) -> None:
    sales = messages(*sold([1, 2, 3]))
    taking.take("alpha", sales)
    taking.take("alpha", sales)
    taking.take("alpha", [sales[1], sales[1], *messages(*sold([4]), first=4)])
    assert beta.applied() == [1, 2, 3, 4]
    assert beta.has_seen(4)


def test_a_state_is_taken_only_if_it_is_newer(taking: Inbox, beta: Station) -> None:
    thing = new_id()
    changes = [ThingChanged(thing_id=thing, version=n, colour=f"colour {n}") for n in range(1, 6)]
    bodies = messages(*changes)
    taking.take("alpha", [bodies[3], bodies[1], bodies[2]])
    assert beta.rows("SELECT version, colour FROM things") == [(4, "colour 4")]
    taking.take("alpha", bodies[:1])
    taking.take("alpha", bodies)
    assert beta.rows("SELECT version, colour FROM things") == [(5, "colour 5")]


def test_a_handler_gets_the_batch_in_the_order_of_the_numbers(beta: Station) -> None:
    seen: list[list[int]] = []
    consumers = Consumers("beta")

    @consumers.on(ThingSold.name, Sale, kind="fact")
    @consumers.on("alpha.thing_given.v1", Sale, kind="fact")
    def note(session: Session, events: list[Received[Sale]]) -> None:
        seen.append([event.data.value for event in events])

    bodies = messages(*sold([1, 2, 3, 4]))
    given = bodies[2][1].replace(b"thing_sold", b"thing_given")
    Inbox(beta.engine, consumers).take(
        "alpha", [bodies[3], ("alpha.thing_given.v1", given), bodies[1], bodies[0]]
    )
    assert seen == [[1, 2, 3, 4]]


def test_numbers_of_events_that_nobody_reads_are_noted_too(taking: Inbox, beta: Station) -> None:
    taking.take(
        "alpha", messages(ThingPainted(thing_id=new_id()), *sold([1]), ThingPainted(thing_id=new_id()))
    )
    assert beta.applied() == [1]
    assert beta.has_seen(3)


def test_one_bad_message_does_not_hold_up_the_others(taking: Inbox, beta: Station) -> None:
    taking.take("alpha", messages(*sold([*range(40), POISON, *range(40, 60)])))
    assert beta.applied() == list(range(60))
    assert letter(beta)[:2] == ("waiting", 1)
    assert beta.has_seen(61)


def test_the_story_of_a_failure_names_nobody(
    taking: Inbox, beta: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    taking.take("alpha", messages(*sold([POISON])))
    error = letter(beta)[2]
    assert error.startswith("ArithmeticError at tests/kit/events/stations.py:")
    assert "Mendez" not in error + capsys.readouterr().out
    assert "Mendez" in beta.ask("SELECT error_detail FROM dead_letters")


def test_after_ten_tries_a_message_is_dead(taking: Inbox, beta: Station) -> None:
    taking.take("alpha", messages(*sold([POISON, 1])))
    assert taking.try_letters() == 0  # not yet
    waits = []
    for _ in range(8):
        waits.append(beta.ask("SELECT extract(epoch FROM next_try_at - last_failed_at) FROM dead_letters"))
        make_due(beta)
        assert taking.try_letters() == 1
    assert letter(beta)[:2] == ("waiting", 9)
    assert waits[-1] > 16 * waits[0]
    make_due(beta)
    taking.try_letters()
    assert letter(beta)[:2] == ("dead", 10)
    make_due(beta)
    assert taking.try_letters() == 0
    assert beta.applied() == [1]


def test_a_letter_whose_cause_is_mended_takes_effect_and_is_gone(taking: Inbox, beta: Station) -> None:
    bodies = messages(*sold([POISON, 1, POISON]))
    taking.take("alpha", bodies)
    mended = Consumers("beta")

    @mended.on(ThingSold.name, Sale, kind="fact")
    def write_down(session: Session, events: list[Received[Sale]]) -> None:
        for event in events:
            session.connection().exec_driver_sql(
                "INSERT INTO applied VALUES (%s, %s, %s)", (event.id, event.number, event.data.value)
            )

    make_due(beta)
    assert Inbox(beta.engine, mended).try_letters() == 2
    assert beta.applied() == [POISON, POISON, 1]
    assert beta.ask("SELECT count(*) FROM dead_letters") == 0
    # And when the broker brings it once more, nothing happens.
    Inbox(beta.engine, mended).take("alpha", bodies)
    assert beta.applied() == [POISON, POISON, 1]


def test_a_letter_is_tried_by_one_process_at_a_time(taking: Inbox, beta: Station) -> None:
    taking.take("alpha", messages(*sold([POISON])))
    make_due(beta)
    beta.run("UPDATE dead_letters SET next_try_at = now() - interval '1 second'")
    tried: list[int] = []
    threads = [threading.Thread(target=lambda: tried.append(taking.try_letters())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tried) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\xff\xfe not even text", id="binary"),
        pytest.param(b"{}", id="empty"),
        pytest.param(b'{"id":"x","type":"alpha.thing_sold.v1"}', id="half"),
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_what_is_no_event_is_kept_once_and_holds_up_nothing(
    taking: Inbox, beta: Station, body: bytes
) -> None:
    mixed = [*messages(*sold([1])), (ThingSold.name, body), *messages(*sold([2]), first=2)]
    taking.take("alpha", mixed)
    taking.take("alpha", mixed)
    assert beta.applied() == [1, 2]
    assert beta.has_seen(2)
    assert beta.ask("SELECT envelope FROM dead_letters") == body


def test_an_event_that_its_reader_cannot_read_becomes_a_letter(taking: Inbox, beta: Station) -> None:
    [(name, good)] = messages(*sold([1]))
    bad = json.dumps(json.loads(good) | {"data": {"value": "Laura\x00"}}).encode()
    taking.take("alpha", [(name, bad), *messages(*sold([2]), first=2)])
    assert beta.applied() == [2]
    assert beta.has_seen(2)
    assert letter(beta)[2] == "ValidationError: data.value (int_parsing)"


def test_a_handler_that_fails_leaves_nothing_behind(beta: Station) -> None:
    consumers = Consumers("beta")

    @consumers.on(ThingSold.name, Sale, kind="fact")
    def write_and_fail(session: Session, events: list[Received[Sale]]) -> None:
        session.connection().exec_driver_sql(
            "INSERT INTO applied VALUES (%s, %s, %s)", (events[0].id, 0, events[0].data.value)
        )
        raise LookupError

    Inbox(beta.engine, consumers).take("alpha", messages(*sold([1])))
    assert beta.applied() == []
    assert beta.ask("SELECT count(*) FROM inbox") == 0


def test_with_the_database_in_trouble_nothing_is_concluded(taking: Inbox, beta: Station) -> None:
    sales = messages(*sold([1, POISON, 2]))
    alter = f"ALTER DATABASE {beta.database.name}"
    beta.run(f"{alter} SET default_transaction_read_only = on", as_owner=True)
    beta.engine.dispose()
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        taking.take("alpha", sales)
    beta.run(f"SET TRANSACTION READ WRITE; {alter} RESET ALL", as_owner=True)
    beta.engine.dispose()
    assert beta.ask("SELECT count(*) FROM dead_letters") == 0
    taking.take("alpha", sales)
    assert beta.applied() == [1, 2]


def test_the_same_batch_in_many_threads_takes_effect_once(taking: Inbox, beta: Station) -> None:
    events: Sequence[Event] = [
        *sold(range(100)),
        *(ThingChanged(thing_id=UUID(int=n % 10), version=n, colour="red") for n in range(1, 101)),
    ]
    bodies = messages(*events)
    errors: list[BaseException] = []

    def take(given: Bodies) -> None:
        try:
            for _ in range(3):
                taking.take("alpha", given)
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=take, args=[order]) for order in (bodies, bodies[::-1], bodies[50:150])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    deadline = time.monotonic() + 20
    while beta.ask("SELECT count(*) FROM dead_letters") and time.monotonic() < deadline:
        make_due(beta)  # a deadlock's victim is tried again
        taking.try_letters()
    assert beta.applied() == list(range(100))
    assert beta.ask("SELECT min(version) FROM things") == 91
    assert beta.has_seen(200)


def test_a_request_is_followed_into_what_it_caused(beta: Station) -> None:
    requests: list[str | None] = []
    consumers = Consumers("beta")

    @consumers.on(ThingSold.name, Sale, kind="fact")
    def note(session: Session, events: list[Received[Sale]]) -> None:
        requests.append(context.request_id.get())

    intake = Inbox(beta.engine, consumers)
    intake.take("alpha", messages(*sold([1, 2]), request_id="request-1"))
    mixed = messages(*sold([3]), first=3, request_id="request-2") + messages(
        *sold([4]), first=4, request_id="r-3"
    )
    intake.take("alpha", mixed)
    assert requests == ["request-1", None]


def test_ids_of_old_facts_are_forgotten(taking: Inbox, beta: Station) -> None:
    taking.take("alpha", messages(*sold([1, 2])))
    beta.run(
        "UPDATE inbox SET applied_at = now() - interval '61 days'"
        " WHERE id = (SELECT id FROM inbox ORDER BY id LIMIT 1)"
    )
    with Session(beta.engine) as session, session.begin():
        inbox.forget(session, days=60)
    assert beta.ask("SELECT count(*) FROM inbox") == 1


def test_a_reader_needs_no_field_that_it_does_not_use(beta: Station) -> None:
    class Nothing(BaseModel):
        """A consumer that only counts."""

    consumers = Consumers("beta")
    counted: list[int] = []

    @consumers.on(ThingSold.name, Nothing, kind="fact")
    def count(session: Session, events: list[Received[Nothing]]) -> None:
        counted.append(len(events))

    Inbox(beta.engine, consumers).take("alpha", messages(*sold([1, 2, 3])))
    assert counted == [3]
    assert consumers.producers == ["alpha"]
