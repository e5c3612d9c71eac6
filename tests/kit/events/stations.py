"""Two made-up parts, alpha and beta, for the tests of messaging: real databases, a real broker.

Alpha announces things, beta listens. Beta writes down what took effect in a table without any unique
key, so that an event applied twice shows.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, ClassVar
from uuid import UUID

import nats
import psycopg
from nats.js.errors import NotFoundError
from pydantic import BaseModel, SecretStr
from sqlalchemy import NullPool, create_engine, text
from sqlmodel import Session

from deploy import databases
from deploy.databases import Database
from deploy.engines import Engines
from services.kit import db, jobs, migrations, schema
from services.kit.db import make_engine, raw
from services.kit.events import Consumers, Event, Received, newest, record
from services.kit.events import schema as events_schema
from services.kit.events.bus import Bus
from services.kit.events.inbox import Inbox
from services.kit.events.intake import Intake
from services.kit.events.relay import Relay
from services.kit.ids import new_id

_templates: dict[tuple[str, str], Database] = {}
_numbers = itertools.count(1)

BETAS_TABLES = """
CREATE TABLE applied (event_id UUID NOT NULL, number BIGINT NOT NULL, value INTEGER NOT NULL);
CREATE TABLE things (thing_id UUID PRIMARY KEY, version BIGINT NOT NULL, colour TEXT NOT NULL);
GRANT SELECT, INSERT, UPDATE ON applied, things TO amparo_beta;
"""


class ThingSold(Event):
    """A fact: it happens once."""

    name: ClassVar[str] = "alpha.thing_sold.v1"
    thing_id: UUID
    value: int
    note: str = ""


class ThingChanged(Event):
    """A state, with its version."""

    name: ClassVar[str] = "alpha.thing_changed.v1"
    thing_id: UUID
    version: int
    colour: str


class ThingPainted(Event):
    """What nobody listens to."""

    name: ClassVar[str] = "alpha.thing_painted.v1"
    thing_id: UUID


class Sale(BaseModel):
    """What beta reads of a sale."""

    value: int


class Colour(BaseModel):
    """What beta reads of a change."""

    thing_id: UUID
    version: int
    colour: str


POISON = -666
"""A value that beta's handler cannot bear."""


def listeners() -> Consumers:
    """Beta's reactions."""
    consumers = Consumers("beta")

    @consumers.on(ThingSold.name, Sale, kind="fact")
    def write_down_sales(session: Session, events: list[Received[Sale]]) -> None:
        if any(event.data.value == POISON for event in events):
            raise ArithmeticError("this value belongs to Laura Mendez, 99900000001")
        raw(session).execute(
            "INSERT INTO applied SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::int[])",
            [
                [event.id for event in events],
                [event.number for event in events],
                [event.data.value for event in events],
            ],
        )

    @consumers.on(ThingChanged.name, Colour, kind="state")
    def remember_colours(session: Session, events: list[Received[Colour]]) -> None:
        latest = newest(
            (event.data for event in events),
            key=lambda thing: thing.thing_id,
            version=lambda thing: thing.version,
        )
        raw(session).cursor().executemany(
            "INSERT INTO things VALUES (%s, %s, %s) ON CONFLICT (thing_id) DO UPDATE"
            " SET version = excluded.version, colour = excluded.colour"
            " WHERE things.version < excluded.version",
            [(thing.thing_id, thing.version, thing.colour) for thing in latest],
        )

    return consumers


class Station:
    """A part with a database of its own."""

    def __init__(self, part: str, database: Database) -> None:
        self.part = part
        self.database = database
        self.engine = make_engine(SecretStr(database.url), pool_size=8)

    def announce(self, *events: Event) -> None:
        """Announce these in one transaction."""
        with Session(self.engine) as session, session.begin():
            for event in events:
                record(session, event)

    def sell(self, *values: int) -> None:
        self.announce(*(ThingSold(thing_id=new_id(), value=value) for value in values))

    def ask(self, query: str, **given: Any) -> Any:
        """The single value that answers a query."""
        with self.engine.connect() as connection:
            return connection.execute(text(query), given).scalar_one()

    def rows(self, query: str, **given: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), given)]

    def run(self, statement: str, *, as_owner: bool = False) -> None:
        url = self.database.owner_url if as_owner else self.database.url
        with psycopg.connect(url) as connection:
            connection.cursor().execute(statement.encode())

    def applied(self) -> list[int]:
        """The values that took effect here, in ascending order, once for each time."""
        return [value for (value,) in self.rows("SELECT value FROM applied ORDER BY value")]

    def has_seen(self, number: int) -> bool:
        """Whether everything of alpha's up to a number has arrived, and nothing else."""
        return bool(
            self.ask(
                "SELECT count(*) FROM inbox_seen WHERE producer = 'alpha'"
                " AND numbers = int8multirange(int8range(1, :end))",
                end=number + 1,
            )
        )


def station(engines: Engines, part: str) -> Station:
    """A part with an empty database; the engines end with the test run, and the databases with them."""
    admin_url = engines.postgres.admin_url
    if (admin_url, part) not in _templates:
        _templates[admin_url, part] = _make_template(admin_url, part)
    name = f"test_{part}_{next(_numbers)}"
    return Station(part, databases.clone_database(admin_url, _templates[admin_url, part], name))


def _make_template(admin_url: str, part: str) -> Database:
    database = databases.database_of(admin_url, part, owner_password="owner", runtime_password="runtime")
    databases.make_database(admin_url, database)
    with psycopg.connect(database.owner_url) as connection:
        cursor = connection.cursor()
        for statements in (schema.CORE, events_schema.SQL, jobs.schema_sql()):
            cursor.execute(statements.encode())
        cursor.execute("CREATE TABLE alembic_version (version_num TEXT)")
        cursor.execute(BETAS_TABLES.replace("amparo_beta", f"amparo_{part}").encode())
    owner = create_engine(
        "postgresql+psycopg://" + database.owner_url.partition("://")[2], poolclass=NullPool
    )
    with owner.begin() as connection_:
        migrations.grant(connection_, [db.metadata], database.role)
    return database


STREAM = "stream-for-tests"


async def delete_stream(url: str, stream: str = STREAM) -> None:
    """A stream of one test must be gone before the next: no two may take the same subjects."""
    client = await nats.connect(url)
    with suppress(NotFoundError):
        await client.jetstream().delete_stream(stream)
    await client.close()


@asynccontextmanager
async def on_bus(url: str, stream: str = STREAM) -> AsyncIterator[Bus]:
    """A connection to the broker, there and working."""
    bus = Bus(url, name="test", stream=stream)
    running = asyncio.create_task(bus.run())
    try:
        async with asyncio.timeout(20):
            await bus.reached.wait()
        yield bus
    finally:
        running.cancel()
        await asyncio.wait([running])
        await bus.close()


@asynccontextmanager
async def relaying(alpha: Station, bus: Bus) -> AsyncIterator["asyncio.Task[None]"]:
    async with background(Relay(alpha.part, SecretStr(alpha.database.url), bus).run) as task:
        yield task


@asynccontextmanager
async def taking_in(beta: Station, bus: Bus, *, inbox: Inbox | None = None) -> AsyncIterator[Intake]:
    """Beta listening to alpha."""
    intake = Intake(bus, inbox or Inbox(beta.engine, listeners()), part=beta.part, producer="alpha")
    async with background(intake.run):
        yield intake


@asynccontextmanager
async def background(loop: Callable[[], Any]) -> AsyncIterator["asyncio.Task[None]"]:
    """Run an endless loop beside the test; an error of its own is the test's."""
    task = asyncio.ensure_future(loop())
    try:
        yield task
    finally:
        if task.done() and not task.cancelled():
            task.result()
        task.cancel()
        await asyncio.wait([task])


async def until(holds: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait until something holds; a test that waits too long fails here."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(holds):
            await asyncio.sleep(0.02)


def sold(values: Sequence[int]) -> list[ThingSold]:
    return [ThingSold(thing_id=new_id(), value=value) for value in values]
