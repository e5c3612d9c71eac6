"""What is done with sessions: prove oneself, stay signed in, ask the services in one's own name."""

import hashlib
import secrets as random
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from gateway.identity.sessions import attempts, queries
from gateway.identity.sessions.models import UserSession
from gateway.identity.sessions.problems import CodeAlreadyUsed, PasswordIsTemporary, SignInRefused
from gateway.identity.staff import credentials
from gateway.identity.staff import queries as staff
from gateway.identity.staff.models import StaffMember
from gateway.identity.tokens import minting
from gateway.identity.tokens.revocations import revoked
from gateway.roles import scopes_of
from gateway.settings import settings
from services.kit import audit, clock
from services.kit.ids import new_id
from services.kit.principals import Principal

SEEN_EVERY = timedelta(minutes=1)
_TOKEN_KEPT_SECONDS = minting.LIFETIME_SECONDS - 120
_TOKENS_MAX = 4096


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person shows to be let in; `new_password` replaces the one shown."""

    email: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    new_password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person's session, as it holds now. `secret` is what the browser keeps."""

    session_id: UUID
    secret: str = field(repr=False)
    principal: Principal
    email: str
    name: str
    language: str
    roles: tuple[str, ...]

    @property
    def scopes(self) -> frozenset[str]:
        return self.principal.scopes


def identify(session: Session, proof: Proof) -> tuple[StaffMember, Principal]:
    """The person who proves to be themself, and what they may do; their one-time code is used up.

    Raises TooManyRequests, SignInRefused, CodeAlreadyUsed, PasswordIsTemporary, PasswordTooWeak.
    """
    email = credentials.plain_email(proof.email)
    attempts.count(email)
    person = staff.person_by_email(session, email)
    known_hash = person.password_hash if person and person.state == "active" else None
    # Both are looked at in any case: how long it takes tells nothing.
    is_right = credentials.password_matches(proof.password, known_hash)
    if person is None or not is_right:
        raise SignInRefused()
    _use_code(session, person, proof.code)
    if proof.new_password is not None:
        credentials.ensure_strong(proof.new_password, email=email)
        person.password_hash = credentials.hash_password(proof.new_password)
        person.password_is_temporary = False
        audit.write(session, "staff.choose_password", person.id, by=None)
    elif person.password_is_temporary:
        raise PasswordIsTemporary("Send it again with new_password.")
    attempts.forget(session, email)
    roles = staff.roles(session, [person.id])[person.id]
    return person, _principal(person.id, roles, person.roots, totp_at=clock.now())


def sign_in(session: Session, proof: Proof) -> SignedIn:
    """Let a person in. Raises what `identify` raises."""
    person, principal = identify(session, proof)
    now, secret = clock.now(), random.token_urlsafe(32)
    opened = UserSession(
        id=new_id(),
        staff_id=person.id,
        secret_hash=_hash(secret),
        created_at=now,
        seen_at=now,
        totp_at=principal.totp_at or now,
    )
    session.add(opened)
    audit.write(session, "sessions.open", person.id, by=principal)
    roles = tuple(staff.roles(session, [person.id])[person.id])
    return SignedIn(opened.id, secret, principal, person.email, person.name, person.language, roles)


def find(session: Session, secret: str) -> SignedIn | None:
    """The session whose secret a browser shows, if it still holds."""
    now = clock.now()
    limits = settings()
    row = queries.signed_in(
        session,
        _hash(secret),
        created_after=now - timedelta(hours=limits.session_hours_max),
        seen_after=now - timedelta(minutes=limits.session_idle_minutes_max),
    )
    if row is None:
        return None
    if row.seen_at < now - SEEN_EVERY:
        queries.note_seen(session, row.session_id, now)
    principal = _principal(row.staff_id, row.roles, row.roots, totp_at=row.totp_at)
    return SignedIn(row.session_id, secret, principal, row.email, row.name, row.language, tuple(row.roles))


def confirm_code(session: Session, signed_in: SignedIn, code: str) -> SignedIn:
    """Take a fresh one-time code from who is signed in: they may decide as a second person again.

    Raises TooManyRequests, SignInRefused, CodeAlreadyUsed.
    """
    attempts.count(signed_in.email)
    person = staff.person(session, signed_in.principal.subject)
    _use_code(session, person, code)
    attempts.forget(session, signed_in.email)
    now = clock.now()
    queries.note_code(session, signed_in.session_id, now)
    return replace(signed_in, principal=replace(signed_in.principal, totp_at=now))


def sign_out(session: Session, signed_in: SignedIn) -> None:
    """End this session; a second call changes nothing."""
    queries.end_session(session, signed_in.session_id)
    audit.write(session, "sessions.end", signed_in.principal.subject, by=signed_in.principal)


def access_token(signed_in: SignedIn) -> str:
    """A token of the person who is signed in, good for two more minutes at least."""
    return _tokens.of(signed_in.principal)


def _use_code(session: Session, person: StaffMember, code: str) -> None:
    step = credentials.step_of(person.totp_sealed or "", code, at_seconds=time.time())
    if step is None:
        raise SignInRefused()
    if not staff.use_step(session, person.id, step):
        raise CodeAlreadyUsed("Wait for the next one.")


def _principal(staff_id: UUID, roles: list[str], roots: list[UUID] | None, *, totp_at: datetime) -> Principal:
    limits = None if roots is None else tuple(roots)
    return Principal(staff_id, "staff", scopes_of(roles), roots=limits, totp_at=totp_at)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


class _Tokens:
    """The tokens made for the sessions of this process: a page asks several services, with one token."""

    def __init__(self) -> None:
        self._made: OrderedDict[Principal, tuple[str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, principal: Principal) -> str:
        made = self._made.get(principal)
        if made is None or not self._is_good(principal, made[1]):
            made = minting.mint(principal), time.time()
            with self._lock:
                self._made[principal] = made
                while len(self._made) > _TOKENS_MAX:
                    self._made.popitem(last=False)
        return made[0]

    def _is_good(self, principal: Principal, made_at: float) -> bool:
        claims: dict[str, Any] = {"sub": str(principal.subject), "iat": made_at}
        return time.time() - made_at < _TOKEN_KEPT_SECONDS and not revoked.refuses(claims)


_tokens = _Tokens()
