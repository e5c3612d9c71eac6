"""Each part enters its own database only, and the runtime role can make nothing in it."""

from collections.abc import Iterator

import psycopg
import pytest

from deploy import databases
from deploy.databases import Database, in_database
from deploy.engines import Engines


def make_database(admin_url: str, part: str, *, runtime_password: str = "runtime") -> Database:
    database = databases.database_of(
        admin_url, part, owner_password="owner", runtime_password=runtime_password
    )
    databases.make_database(admin_url, database)
    return database


@pytest.fixture
def admin_url(engines: Engines) -> str:
    return engines.postgres.admin_url


@pytest.fixture
def made(admin_url: str) -> Iterator[Database]:
    """The database of a part that does not exist, so that no other test's roles are touched."""
    yield make_database(admin_url, "kitchen")
    databases.drop_database(admin_url, "amparo_kitchen")


def test_the_owner_makes_tables_and_the_runtime_role_none(made: Database) -> None:
    with psycopg.connect(made.owner_url) as owner:
        owner.execute("CREATE TABLE bread (id int)")
    with psycopg.connect(made.url) as runtime, pytest.raises(psycopg.errors.InsufficientPrivilege):
        runtime.execute("CREATE TABLE wine (id int)")
    with psycopg.connect(made.url) as runtime, pytest.raises(psycopg.errors.InsufficientPrivilege):
        runtime.execute("SELECT FROM bread")


def test_the_runtime_role_may_have_temporary_tables(made: Database) -> None:
    with psycopg.connect(made.url) as runtime:
        runtime.execute("CREATE TEMPORARY TABLE crumbs (id int)")


def test_one_part_cannot_enter_the_database_of_another(made: Database, admin_url: str) -> None:
    other = make_database(admin_url, "cellar")
    try:
        for url in (other.url, other.owner_url):
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(in_database(url, made.name))
    finally:
        databases.drop_database(admin_url, other.name)


def test_making_it_again_keeps_what_is_there_and_takes_the_new_passwords(
    made: Database, admin_url: str
) -> None:
    with psycopg.connect(made.owner_url) as owner:
        owner.execute("CREATE TABLE bread AS SELECT 1 AS id")
    again = make_database(admin_url, "kitchen", runtime_password="another")
    with psycopg.connect(again.owner_url) as owner:
        assert owner.execute("SELECT id FROM bread").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(made.url)


def test_a_server_whose_administrator_is_no_superuser_will_do(admin_url: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("CREATE ROLE steward LOGIN CREATEDB CREATEROLE PASSWORD 'steward'")
    steward = databases.with_login(admin_url, user="steward", password="steward", database="postgres")
    made = make_database(steward, "pantry")
    make_database(steward, "pantry")
    with psycopg.connect(made.owner_url) as owner:
        owner.execute("CREATE TABLE bread (id int)")
    databases.drop_database(admin_url, made.name)


def test_a_clone_has_what_its_template_had_and_the_same_walls(made: Database, admin_url: str) -> None:
    with psycopg.connect(made.owner_url) as owner:
        owner.execute("CREATE TABLE bread AS SELECT 1 AS id")
    clone = databases.clone_database(admin_url, made, "kitchen_clone")
    other = make_database(admin_url, "cellar")
    try:
        with psycopg.connect(clone.owner_url) as owner:
            assert owner.execute("SELECT id FROM bread").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(in_database(other.url, clone.name))
    finally:
        databases.drop_database(admin_url, clone.name)
        databases.drop_database(admin_url, other.name)
