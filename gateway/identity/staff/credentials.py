"""What a person proves themself with: a password (Argon2id) and one-time codes (TOTP, RFC 6238)."""

import secrets as random
import threading
from dataclasses import dataclass
from uuid import UUID

import pyotp
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from gateway.identity.staff.problems import PasswordTooWeak
from services.kit import secrets

PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX = 12, 256
STEP_SECONDS = 30
ISSUER = "Amparo"
_PURPOSE = "totp-seed"
# Without the letters that are mistaken for others when they are read from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

# What OWASP's password storage cheat sheet recommends: 19 MiB, two passes, one lane.
_hasher = PasswordHash([Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)])
# Each takes a core for a while: a rush of sign-ins must not take them all for long.
_turns = threading.BoundedSemaphore(4)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A person's password and one-time code seed, told once and kept nowhere in the clear."""

    staff_id: UUID
    email: str
    password: str
    totp_uri: str


def plain_email(shown: str) -> str:
    """An e-mail address as it is stored and compared."""
    return shown.replace("\0", "").strip().lower()


def new_password() -> str:
    """Twenty letters and digits (99 bits) in groups, to be read from paper."""
    letters = "".join(random.choice(_ALPHABET) for _ in range(20))
    return "-".join(letters[i : i + 5] for i in range(0, 20, 5))


def hash_password(password: str) -> str:
    with _turns:
        return _hasher.hash(password)


def password_matches(password: str, known_hash: str | None) -> bool:
    """Whether the password is the one; takes as long when nobody is there to have one."""
    with _turns:
        return _hasher.verify(password[:PASSWORD_LENGTH_MAX], known_hash or _nobody()) and bool(known_hash)


def ensure_strong(password: str, *, email: str) -> None:
    """Refuse a password that a guesser would try early. Raises PasswordTooWeak."""
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        raise PasswordTooWeak(f"Take {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters.")
    if len(set(password)) < 6:
        raise PasswordTooWeak("Take more than a few different characters.")
    if email.partition("@")[0] in password.lower():
        raise PasswordTooWeak("Leave your e-mail address out of it.")


def new_seed() -> str:
    return pyotp.random_base32()


def provisioning_uri(seed: str, email: str) -> str:
    """What an authenticator app reads as a QR code."""
    return pyotp.TOTP(seed).provisioning_uri(name=email, issuer_name=ISSUER)


def seal_seed(seed: str) -> str:
    return secrets.encrypt(seed, purpose=_PURPOSE)


def step_of(sealed_seed: str, code: str, *, at_seconds: float) -> int | None:
    """The time step whose code this is: the present one or a neighbour; None for a wrong code.

    A step may be used once: whoever accepts it keeps it, and takes only later ones from then on.
    """
    totp = pyotp.TOTP(secrets.decrypt(sealed_seed, purpose=_PURPOSE))
    shown = "".join(code.split())
    present = int(at_seconds) // STEP_SECONDS
    for step in (present, present - 1, present + 1):
        if random.compare_digest(totp.generate_otp(step).encode(), shown.encode()):
            return step
    return None


_known_nobody: list[str] = []


def _nobody() -> str:
    """The hash of a password that nobody has, made once and in the same way as all others."""
    if not _known_nobody:
        _known_nobody.append(_hasher.hash(random.token_urlsafe()))
    return _known_nobody[0]
