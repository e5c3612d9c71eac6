"""This service's own tables and sessions."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Engine, MetaData, Uuid, any_, literal
from sqlalchemy.orm import registry
from sqlmodel import Session, SQLModel

from services.benefits.settings import settings
from services.kit.db import NAMING, function_scoped, make_engine, session_edge

tables = registry(metadata=MetaData(naming_convention=NAMING))


class Table(SQLModel, registry=tables):
    metadata = tables.metadata


@lru_cache
def engine() -> Engine:
    return make_engine(settings().database_url, pool_size=settings().pool_size)


get_session = session_edge(engine)
SessionDep = Annotated[Session, function_scoped(get_session)]


def among(column: Any, wanted: Sequence[UUID]) -> ColumnElement[bool]:
    """The condition that a column holds one of these ids: one parameter, however many they are."""
    is_one: ColumnElement[bool] = column == any_(literal(list(wanted), ARRAY(Uuid)))
    return is_one
