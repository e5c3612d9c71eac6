"""People of the staff: added at the console, signed in by the form, asking the API by token."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
from playwright.sync_api import Browser

from deploy.system import System

STEP_SECONDS = 30
_LATE_SECONDS = 5  # so long a code may be on its way


@dataclass
class Person:
    """A member of staff with all that they know."""

    name: str
    email: str
    password: str
    seed: str
    _last_step: int = 0
    _session: Any = field(default=None, repr=False)
    _token: tuple[str, float] = ("", 0.0)

    def code(self) -> str:
        """A one-time code that was not used yet; waits for one if it must.

        Those of the step before and of the step after are taken too, so that three can be had at once.
        """
        now = time.time()
        # The step before this one, unless it is about to be too old.
        oldest = int(now + _LATE_SECONDS) // STEP_SECONDS - 1
        step = max(oldest, self._last_step + 1)
        time.sleep(max(0.0, (step - 1) * STEP_SECONDS - now + 0.1))
        self._last_step = step
        return pyotp.TOTP(self.seed).at(step * STEP_SECONDS)

    def api(self, system: System) -> httpx.Client:
        """The API in this person's name."""
        token, until = self._token
        if time.time() > until:
            proof = {"email": self.email, "password": self.password, "code": self.code()}
            answer = httpx.post(f"{system.url}/oauth/staff-token", json=proof, timeout=10)
            assert answer.status_code == 200, answer.text
            token = answer.json()["access_token"]
            self._token = (token, time.time() + 480)
        return httpx.Client(
            base_url=f"{system.url}/api", headers={"Authorization": f"Bearer {token}"}, timeout=20
        )

    def session(self, system: System, chromium: Browser) -> Any:
        """The state of a browser in which they came in by the form."""
        if self._session is None:
            context = chromium.new_context(base_url=system.url)
            page = context.new_page()
            page.goto("/admin/sign-in")
            self.fill_in(page)
            page.locator("main button[type=submit]").click()
            page.wait_for_url("**/admin")
            self._session = context.storage_state()
            context.close()
        return self._session

    def fill_in(self, page: Any, code: str | None = None) -> None:
        """Write this person's proof into the form to sign in by; or another code than the right one."""
        page.locator("#email").fill(self.email)
        page.locator("#password").fill(self.password)
        page.locator("#code").fill(code or self.code())


def person(system: System, name: str, *roles: str, language: str = "es") -> Person:
    """Add a person at the console."""
    email = f"{name.split()[0].lower()}@mutual.example"
    arguments = ["staff", "add", email, "--name", name, "--language", language]
    for role in roles:
        arguments += ["--role", role]
    told = amparo(system, *arguments)
    seed = parse_qs(urlsplit(told["totp"]).query)["secret"][0]
    return Person(name, told["email"], told["password"], seed)


def amparo(system: System, *arguments: str, home: bool = True) -> dict[str, str]:
    """Run the command line on the system's home; the `name: value` lines that it tells."""
    where = ["--home", str(system.home.path)] if home else []
    command = [sys.executable, "-m", "deploy.cli", *arguments, *where]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
