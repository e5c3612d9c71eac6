"""Each part's database on a server, and the two roles that may enter it.

The owner role makes tables and partitions (migrations do nothing else as it); the runtime role owns
nothing. No role of one part can enter another part's database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Database:
    """Where one database is reached: `url` as the runtime role, `owner_url` as its owner."""

    url: str
    owner_url: str

    @property
    def name(self) -> str:
        return unquote(urlsplit(self.url).path.removeprefix("/"))

    @property
    def role(self) -> str:
        """The runtime role, which migrations grant its rights to."""
        return unquote(urlsplit(self.url).username or "")

    @property
    def owner(self) -> str:
        return unquote(urlsplit(self.owner_url).username or "")

    def named(self, name: str) -> "Database":
        """Another database of the same server and roles."""
        return Database(in_database(self.url, name), in_database(self.owner_url, name))


def database_of(admin_url: str, part: str, *, owner_password: str, runtime_password: str) -> Database:
    """A part's database on this server, under the names that we give; it need not exist."""
    name = f"amparo_{part}"
    return Database(
        with_login(admin_url, user=name, password=runtime_password, database=name),
        with_login(admin_url, user=f"{name}_owner", password=owner_password, database=name),
    )


def with_login(url: str, *, user: str, password: str, database: str) -> str:
    """The same server, entered as somebody else, into another database."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@{host}"
    return urlunsplit(parts._replace(netloc=login, path=f"/{quote(database, safe='')}"))


def in_database(url: str, database: str) -> str:
    """The same server and user, in another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database, safe='')}"))


def make_database(admin_url: str, database: Database) -> None:
    """Make a database and its two roles, or give existing roles these passwords; safe to repeat."""
    names = {
        "database": sql.Identifier(database.name),
        "role": sql.Identifier(database.role),
        "owner": sql.Identifier(database.owner),
    }
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for url in (database.url, database.owner_url):
            _make_role(admin, url)
        # Whoever is not superuser must be a member of a role to make a database in its name.
        admin.execute(sql.SQL("GRANT {owner} TO CURRENT_USER").format(**names))
        found = admin.execute("SELECT FROM pg_database WHERE datname = %s", [database.name])
        if found.fetchone() is None:
            make = "CREATE DATABASE {database} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0"
            admin.execute(sql.SQL(make).format(**names))
        _close_to_others(admin, names)
    with psycopg.connect(in_database(admin_url, database.name), autocommit=True) as inside:
        for statement in (
            "ALTER SCHEMA public OWNER TO {owner}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {role}",
        ):
            inside.execute(sql.SQL(statement).format(**names))


def clone_database(admin_url: str, template: Database, name: str) -> Database:
    """A new database with all that is in a template that nobody is connected to."""
    clone = template.named(name)
    names = {
        "database": sql.Identifier(name),
        "role": sql.Identifier(clone.role),
        "owner": sql.Identifier(clone.owner),
        "template": sql.Identifier(template.name),
    }
    with psycopg.connect(admin_url, autocommit=True) as admin:
        # Copying files is five times as fast as writing a log of all pages.
        make = "CREATE DATABASE {database} OWNER {owner} TEMPLATE {template} STRATEGY file_copy"
        admin.execute(sql.SQL(make).format(**names))
        _close_to_others(admin, names)
    return clone


def drop_database(admin_url: str, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        admin.execute(drop.format(sql.Identifier(name)))


def _make_role(admin: psycopg.Connection, url: str) -> None:
    login = urlsplit(url)
    name, password = unquote(login.username or ""), unquote(login.password or "")
    found = admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "CREATE" if found is None else "ALTER"
    # Hashed here, so that no log of the server can hold the password.
    scram = admin.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    statement = sql.SQL(f"{verb} ROLE {{}} LOGIN NOINHERIT PASSWORD {{}}")
    admin.execute(statement.format(sql.Identifier(name), sql.Literal(scram.decode())))


def _close_to_others(admin: psycopg.Connection, names: Mapping[str, sql.Identifier]) -> None:
    # Rights on a database are not cloned with it.
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
    ):
        admin.execute(sql.SQL(statement).format(**names))
