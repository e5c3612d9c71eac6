"""Each part's database on a server, and the two roles that may enter it.

The owner role makes tables and partitions (migrations do nothing else as it); the runtime role owns
nothing. No role of one part can enter another part's database.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Database:
    """Where one database is reached: `url` as the runtime role, `owner_url` as its owner."""

    name: str
    url: str
    owner_url: str

    @property
    def role(self) -> str:
        """The runtime role, which migrations grant its rights to."""
        return urlsplit(self.url).username or ""


@dataclass(frozen=True)
class Passwords:
    """Those of a part's two roles."""

    owner: str
    runtime: str


def with_login(url: str, *, user: str, password: str, database: str) -> str:
    """The same server, entered as somebody else, into another database."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@{host}"
    return urlunsplit(parts._replace(netloc=login, path=f"/{quote(database, safe='')}"))


def in_database(url: str, database: str) -> str:
    """The same server and user, in another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database, safe='')}"))


def database_of(admin_url: str, part: str, passwords: Passwords, *, name: str = "") -> Database:
    """How a part's two roles reach its database, or the database called `name`."""
    role, database = f"amparo_{part}", name or f"amparo_{part}"
    return Database(
        database,
        with_login(admin_url, user=role, password=passwords.runtime, database=database),
        with_login(admin_url, user=f"{role}_owner", password=passwords.owner, database=database),
    )


def make_database(admin_url: str, part: str, passwords: Passwords) -> Database:
    """Make a part's roles and database, or give existing ones these passwords; safe to repeat."""
    made = database_of(admin_url, part, passwords)
    role, owner = f"amparo_{part}", f"amparo_{part}_owner"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for name, password in ((role, passwords.runtime), (owner, passwords.owner)):
            _make_role(admin, name, password)
        # Whoever is not superuser must be a member of a role to make a database in its name.
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)))
        found = admin.execute("SELECT FROM pg_database WHERE datname = %s", [made.name])
        if found.fetchone() is None:
            make = sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0")
            admin.execute(make.format(sql.Identifier(made.name), sql.Identifier(owner)))
        _close_to_others(admin, made.name, role)
    with psycopg.connect(in_database(admin_url, made.name), autocommit=True) as inside:
        for statement in (
            "ALTER SCHEMA public OWNER TO {owner}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {role}",
        ):
            names = {"owner": sql.Identifier(owner), "role": sql.Identifier(role)}
            inside.execute(sql.SQL(statement).format(**names))
    return made


def clone_database(admin_url: str, template: Database, part: str, name: str) -> Database:
    """A new database with all that is in a template that nobody is connected to."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        # Copying files is five times as fast as writing a log of all pages.
        make = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
        owner = sql.Identifier(f"amparo_{part}_owner")
        admin.execute(make.format(sql.Identifier(name), owner, sql.Identifier(template.name)))
        _close_to_others(admin, name, f"amparo_{part}")
    return Database(name, in_database(template.url, name), in_database(template.owner_url, name))


def drop_database(admin_url: str, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        admin.execute(drop.format(sql.Identifier(name)))


def _make_role(admin: psycopg.Connection, name: str, password: str) -> None:
    found = admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "CREATE" if found is None else "ALTER"
    # Hashed here, so that no log of the server can hold the password.
    scram = admin.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    statement = sql.SQL(f"{verb} ROLE {{}} LOGIN NOINHERIT PASSWORD {{}}")
    admin.execute(statement.format(sql.Identifier(name), sql.Literal(scram.decode())))


def _close_to_others(admin: psycopg.Connection, database: str, role: str) -> None:
    # Rights on a database are not cloned with it.
    names = {"database": sql.Identifier(database), "role": sql.Identifier(role)}
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
    ):
        admin.execute(sql.SQL(statement).format(**names))
