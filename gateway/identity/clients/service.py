"""What is done with clients."""

import hashlib
import hmac
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, select

from gateway.identity.clients import queries
from gateway.identity.clients.models import Client
from gateway.identity.clients.problems import AgencyMissing, ClientNotActive
from gateway.identity.tokens.revocations import revoke
from gateway.roles import CLIENT_ROLES, scopes_of
from services.kit import audit
from services.kit.ids import new_id
from services.kit.principals import Kind, Principal

SECRET_LENGTH_MIN = 32
CONSOLE = "from the host's console"


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client's credentials, told once."""

    id: UUID
    client_id: str
    client_secret: str = field(repr=False)


def add(session: Session, name: str, role: str, agency: str | None = None) -> NewClient:
    """Add a client alone, as whoever holds the host's console may; its credentials are told this once.

    Raises AgencyMissing; ValueError for a role that no client outside can hold.
    """
    if role not in CLIENT_ROLES:
        raise ValueError(f"no client can hold the role {role!r}; one of {', '.join(sorted(CLIENT_ROLES))}")
    client = new_client(session, name, role, agency)
    client.state = "active"
    secret = _new_secret(client)
    audit.write(session, "clients.add", client.id, by=None, reason=CONSOLE, details=shown(client))
    return NewClient(client.id, client.client_id, secret)


def new_client(session: Session, name: str, role: str, agency: str | None) -> Client:
    """A client that can do nothing yet. Raises AgencyMissing."""
    if (role == "state_agency") != (agency is not None):
        raise AgencyMissing()
    id = new_id()
    client = Client(id=id, client_id=str(id), name=name, role=role, agency=agency)
    session.add(client)
    session.flush()
    return client


def ensure_service_clients(session: Session, secrets: Mapping[str, str]) -> None:
    """Make the credentials of the parts themselves, by part; again with the same secrets, no effect.

    A changed secret takes the old one's place. Raises ValueError for one that is too short.
    """
    for part, secret in secrets.items():
        if len(secret) < SECRET_LENGTH_MIN:
            raise ValueError(f"the secret of {part} needs {SECRET_LENGTH_MIN} characters at least")
        client_id = f"service-{part}"
        client = session.exec(select(Client).where(col(Client.client_id) == client_id)).one_or_none()
        if client is not None and client.secret_hash == _hash(secret):
            continue
        client = client or Client(id=new_id(), client_id=client_id, name=client_id, role="service")
        client.state, client.secret_hash = "active", _hash(secret)
        session.add(client)
        session.flush()
        audit.write(session, "clients.set_service_secret", client.id, by=None, reason=CONSOLE)


def issue_secret(session: Session, id: UUID, *, by: Principal) -> NewClient:
    """Give an approved client a secret, told this once; an earlier one is worth nothing from then on.

    Raises NoSuchClient, ClientNotActive.
    """
    client = queries.lock_client(session, id)
    if client.state != "active" or client.role == "service":
        raise ClientNotActive()
    if client.secret_hash is not None:
        revoke(session, client.id)
    secret = _new_secret(client)
    audit.write(session, "clients.issue_secret", id, by=by)
    return NewClient(client.id, client.client_id, secret)


def deactivate(session: Session, id: UUID, *, by: Principal, reason: str) -> Client:
    """Shut a client out; its tokens are refused at once. Again, no effect. Raises NoSuchClient."""
    client = queries.lock_client(session, id)
    if client.state != "deactivated":
        client.state, client.secret_hash = "deactivated", None
        revoke(session, id)
        audit.write(session, "clients.deactivate", id, by=by, reason=reason)
    return client


def identify(session: Session, client_id: str, secret: str) -> Principal | None:
    """The client that these credentials belong to, and what it may do; None if they are nobody's."""
    client = queries.lock_client_for_token(session, client_id)
    known = client.secret_hash if client and client.state == "active" else None
    if client is None or known is None or not hmac.compare_digest(known, _hash(secret)):
        return None
    kind: Kind = "service" if client.role == "service" else "client"
    return Principal(client.id, kind, scopes_of([client.role]), agency=client.agency)


def shown(client: Client) -> dict[str, str | None]:
    """What an approver or the audit is shown of a client."""
    return {"name": client.name, "role": client.role, "agency": client.agency}


def _new_secret(client: Client) -> str:
    secret = random.token_urlsafe(32)
    client.secret_hash = _hash(secret)
    return secret


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
