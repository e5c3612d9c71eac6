"""What whoever holds the host's console may do alone; the audit says that it was done there."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy import NullPool, create_engine
from sqlmodel import Session

from gateway.identity import clients
from gateway.identity.clients import NewClient
from gateway.identity.staff import service as staff
from gateway.identity.staff.credentials import Credentials
from services.kit.problems import Problem


@contextmanager
def gateway_session(url: str) -> Iterator[Session]:
    """A session on the gateway's database, committed in the end; it leaves no connection behind."""
    engine = create_engine("postgresql+psycopg://" + url.partition("://")[2], poolclass=NullPool)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def refusals_told() -> Iterator[None]:
    """End with the refusal's own words instead of a stack trace."""
    try:
        yield
    except (Problem, ValueError) as refusal:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"amparo: {refusal}", markup=False)
        raise typer.Exit(1) from None


def add_staff(
    url: str, email: str, name: str, *, roles: Sequence[str], roots: Sequence[UUID] | None, language: str
) -> Credentials:
    """Add a person; their credentials are told this once. Raises EmailTaken, RootsMissing, ValueError."""
    with gateway_session(url) as session:
        return staff.add(session, email, name, roles, roots or None, language)


def add_client(url: str, name: str, role: str, agency: str | None) -> NewClient:
    """Add a system; its credentials are told this once. Raises AgencyMissing, ValueError."""
    with gateway_session(url) as session:
        return clients.add(session, name, role, agency)


def introduce_parts(url: str, secrets: Mapping[str, str]) -> None:
    """Have the gateway know each part by its secret; the same again changes nothing."""
    with gateway_session(url) as session:
        clients.ensure_service_clients(session, secrets)
