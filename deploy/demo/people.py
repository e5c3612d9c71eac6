"""The staff of the demonstration: each signs in with password and one-time code, as at the admin."""

import json
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp

STAFF = {
    "administrator": ("Administración Uno", "administrator"),
    "administrator-2": ("Administración Dos", "administrator"),
    "promoter": ("Promotoría Uno", "promoter"),
    "promoter-2": ("Promotoría Dos", "promoter"),
    "cashier": ("Caja Uno", "cashier"),
    "accountant": ("Contabilidad Uno", "accountant"),
    "accountant-2": ("Contabilidad Dos", "accountant"),
    "benefits": ("Beneficios Uno", "benefits_officer"),
    "benefits-2": ("Beneficios Dos", "benefits_officer"),
    "visitor": ("Visita", "administrator"),
}
"""Who works here: a name that is nobody's, and a role. The visitor is whoever watches."""

_RENEW_SECONDS = 480


@dataclass(frozen=True)
class Login:
    """What one person of the staff signs in with."""

    email: str
    password: str
    totp_uri: str

    @property
    def seed(self) -> str:
        return parse_qs(urlsplit(self.totp_uri).query)["secret"][0]

    def code(self) -> str:
        """The one-time code of this moment."""
        return pyotp.TOTP(self.seed).now()


class Refused(RuntimeError):
    """The system refused something that the demonstration expected to work."""


class Person:
    """One member of the staff at work: calls the API with a token of their own, renewed in time."""

    def __init__(self, http: httpx.Client, login: Login) -> None:
        self._http = http
        self._login = login
        self._token, self._signed_in_at = "", float("-inf")
        self._signing_in = threading.Lock()

    def get(self, path: str, **params: Any) -> Any:
        """The JSON at `path`."""
        return self._call("GET", path, params=params).json()

    def fetch(self, path: str, **params: Any) -> bytes:
        """The bytes at `path`."""
        return self._call("GET", path, params=params).content

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """What answers `body`."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._call("POST", path, json=body or {}, headers=headers).json()

    def put(self, path: str, body: Any) -> Any:
        """What answers `body`."""
        return self._call("PUT", path, json=body).json()

    def upload(self, path: str, name: str, content: bytes, **fields: str) -> Any:
        """What answers a file with its form's fields."""
        return self._call("POST", path, files={"file": (name, content)}, data=fields).json()

    def approve(self, service: str, approval: Any) -> Any:
        """Decide, as the second person, what somebody else asked for."""
        return self.post(f"/api/{service}/v1/approvals/{approval['id']}/decisions", {"decision": "approve"})

    def _call(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._bearer()}"} | given.pop("headers", {})
        for _ in range(20):
            answer = self._http.request(method, path, headers=headers, **given)
            if answer.status_code not in (429, 503):
                break
            time.sleep(float(answer.headers.get("Retry-After", "1")))
        if answer.is_error:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:600]}")
        return answer

    def _bearer(self) -> str:
        with self._signing_in:
            if time.monotonic() - self._signed_in_at > _RENEW_SECONDS:
                self._token, self._signed_in_at = self._sign_in(), time.monotonic()
            return self._token

    def _sign_in(self) -> str:
        login = self._login
        proof = {"email": login.email, "password": login.password, "code": login.code()}
        answer = self._http.post("/oauth/staff-token", json=proof)
        if answer.is_error:
            raise Refused(f"{login.email} cannot sign in: {answer.text[:300]}")
        token: str = answer.json()["access_token"]
        return token


def keep(path: Path, logins: dict[str, Login]) -> None:
    """Write the demonstration's logins where only their owner reads them, for the next start."""
    path.touch(mode=0o600)
    path.write_text(json.dumps({name: asdict(login) for name, login in logins.items()}, indent=2))


def kept(path: Path) -> dict[str, Login]:
    """The logins of an earlier start, if there was one."""
    if not path.exists():
        return {}
    return {name: Login(**fields) for name, fields in json.loads(path.read_text()).items()}
