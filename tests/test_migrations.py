"""Each part's migrations make exactly the tables that its models declare."""

from collections.abc import Callable

import pytest
from alembic import command
from sqlalchemy import create_engine, pool

from deploy.databases import Database
from services.kit import migrations


@pytest.mark.parametrize("part", migrations.PARTS)
def test_the_migrations_and_the_models_agree(part: str, make_database: Callable[[str], Database]) -> None:
    owner_url = make_database(part).owner_url
    engine = create_engine("postgresql+psycopg://" + owner_url.partition("://")[2], poolclass=pool.NullPool)
    with engine.begin() as connection:
        command.check(migrations.alembic_config(part, connection))
