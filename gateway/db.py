"""The gateway's own tables and sessions."""

from functools import lru_cache
from typing import Annotated

from sqlalchemy import Engine, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Session, SQLModel

from gateway.settings import settings
from services.kit.db import NAMING, function_scoped, make_engine, session_edge

tables = registry(metadata=MetaData(naming_convention=NAMING))


class Table(SQLModel, registry=tables):
    metadata = tables.metadata


@lru_cache
def engine() -> Engine:
    return make_engine(settings().database_url, pool_size=settings().pool_size)


get_session = session_edge(engine)
SessionDep = Annotated[Session, function_scoped(get_session)]
