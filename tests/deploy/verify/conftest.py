"""A mutual's month, lived once; each test breaks a copy of one part's database."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
import pytest

from deploy import databases
from deploy.databases import Database
from deploy.engines import Engines
from deploy.verify import report
from deploy.verify.checks import Finding
from tests.deploy.verify.mutual import PARTS, SECRET_KEY, live_a_month

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def month(make_database: Callable[[str], Database]) -> Mapping[str, Database]:
    """The databases of all four parts after a month. Nobody writes to them."""
    made = {part: make_database(part) for part in PARTS}
    live_a_month(made)
    return made


@dataclass
class Copy:
    """The month, with copies of those parts' databases that a test touches."""

    admin_url: str
    databases: dict[str, Database]
    copied: set[str]

    def database(self, part: str) -> Database:
        """This test's own copy of a part's database."""
        if part not in self.copied:
            name = f"test_broken_{part}_{next(_numbers)}"
            self.databases[part] = databases.clone_database(self.admin_url, self.databases[part], name)
            self.copied.add(part)
        return self.databases[part]

    def as_owner(self, part: str, *statements: LiteralString, **given: Any) -> list[Any]:
        """What an owner can do by hand, triggers or not; answers the last statement's rows."""
        with psycopg.connect(self.database(part).owner_url) as connection:
            for statement in statements:
                cursor = connection.execute(statement, given)
            return cursor.fetchall() if cursor.description else []

    def verify(self) -> list[Finding]:
        return report.verify(
            {part: one.owner_url for part, one in self.databases.items()}, secret_key=SECRET_KEY
        )


@pytest.fixture
def copy(engines: Engines, month: Mapping[str, Database]) -> Iterator[Copy]:
    """The month in copies that this test may break."""
    made = Copy(engines.postgres.admin_url, dict(month), set())
    yield made
    for part in made.copied:
        databases.drop_database(made.admin_url, made.databases[part].name)
