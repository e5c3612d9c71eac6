"""The one clock. Moments are stored in UTC; business dates live in the mutual's time zone.

System time is never moved. Only under `AMPARO_SANDBOX=1` does `business_today` follow a settable
row, so that a demonstration can live through a month in a minute.
"""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from sqlalchemy import Boolean, CheckConstraint, Column, Date, Table
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from services.kit.db import metadata, raw
from services.kit.settings import kit_settings

business_clock = Table(
    "business_clock",
    metadata,
    Column("one", Boolean, primary_key=True),
    Column("today", Date, nullable=False),
    CheckConstraint("one", name="one"),
)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def zone() -> ZoneInfo:
    """The mutual's time zone, in which periods, due dates and "today" are meant."""
    return ZoneInfo(kit_settings().timezone)


def business_today(session: Session) -> date:
    """The mutual's date of today; in a sandbox, the date that was set, if one was."""
    if kit_settings().sandbox:
        return booking_date(raw(session))
    return datetime.now(zone()).date()


def booking_date(connection: Connection[Any]) -> date:
    """As `business_today`, for the paths that have a psycopg connection."""
    if kit_settings().sandbox:
        row = connection.execute("SELECT today FROM business_clock").fetchone()
        if row is not None:
            chosen: date = row[0]
            return chosen
    return datetime.now(zone()).date()


def set_business_today(session: Session, today: date) -> None:
    """Move the sandbox's business date; a second call with the same date changes nothing.

    Raises RuntimeError outside a sandbox: a real mutual's books follow the real calendar.
    """
    if not kit_settings().sandbox:
        raise RuntimeError("the business date can be set only with AMPARO_SANDBOX=1")
    row = insert(business_clock).values(one=True, today=today)
    session.execute(row.on_conflict_do_update(index_elements=["one"], set_={"today": today}))
