"""Logs without personal data: what PostgreSQL quotes of a row stays out of them."""

import json

import pytest
import structlog
from sqlalchemy import create_engine, pool, text
from sqlalchemy.exc import IntegrityError

from deploy.engines import Engines
from services.kit import telemetry

NAME = "Ana Sintética\n\nMuestra"


def test_an_error_of_the_database_is_logged_without_the_row(
    engines: Engines, capsys: pytest.CaptureFixture[str]
) -> None:
    telemetry.configure_logging("INFO")
    url = "postgresql+psycopg://" + engines.postgres.admin_url.partition("://")[2]
    engine = create_engine(url, poolclass=pool.NullPool, hide_parameters=True)
    with engine.connect() as connection:
        connection.execute(
            text("CREATE TEMP TABLE people (name TEXT, amount INT CONSTRAINT positive CHECK (amount > 0))")
        )
        with pytest.raises(IntegrityError) as raised:
            connection.execute(text("INSERT INTO people VALUES (:name, 0)"), {"name": NAME})
    assert NAME in str(raised.value)
    structlog.get_logger().error("request_failed", exc_info=raised.value)
    told = json.loads(capsys.readouterr().err.splitlines()[-1])["exception"]
    assert 'violates check constraint "positive"' in told
    assert "Sintética" not in told
    assert "Muestra" not in told
    with capsys.disabled():
        telemetry.configure_logging("INFO")  # not to a stream that ends with this test
