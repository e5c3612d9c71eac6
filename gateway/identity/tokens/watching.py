"""Hearing of revocations: one connection of each gateway process listens to the database.

While it does not (the database is restarted, the line is cut), `revoked.is_current` is False and
every request asks the database, so that no revocation is missed.
"""

import asyncio

import psycopg
import structlog
from psycopg import AsyncConnection, sql
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from gateway.db import engine
from gateway.identity.keys import ring
from gateway.identity.tokens import revocations
from gateway.identity.tokens.revocations import CHANNEL, revoked
from gateway.settings import settings

READ_AGAIN_SECONDS = 10.0
_log = structlog.get_logger()


async def watch() -> None:
    """Keep this process's revocations and keys fresh; runs until it is cancelled."""
    while True:
        try:
            await _listen()
        except (psycopg.Error, SQLAlchemyError, OSError) as error:
            _log.warning("revocations_unheard", reason=type(error).__name__)
        finally:
            revoked.is_current = False
        await asyncio.sleep(1)


async def _listen() -> None:
    url = settings().database_url.get_secret_value()
    async with await AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as connection:
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        while True:
            # Read after LISTEN: nothing falls between the two.
            await run_in_threadpool(read_again)
            revoked.is_current = True
            async for notice in connection.notifies(timeout=READ_AGAIN_SECONDS):
                subject, _, before = notice.payload.partition(" ")
                revoked.note(subject, float(before))
            await connection.execute("SELECT 1")  # a dead line is noticed here


def read_again() -> None:
    """Read keys and revocations from the database."""
    ring.read()
    with Session(engine()) as session:
        revocations.read_again(session)
