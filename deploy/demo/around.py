"""What stands around the mutual in the demonstration: an SMS gateway and a State agency, as processes.

Each has credentials of its own and knows the system by its public face only.
"""

import base64
import os
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy import console, installation, ports, processes
from deploy.demo.facts import POLICY, Facts
from deploy.system import System

_AGENCY = "TSS"
_READY_SECONDS_MAX = 20


@dataclass(frozen=True)
class SmsGateway:
    """The sandbox's SMS gateway: where it listens, and what the system is told of it."""

    url: str
    settings: dict[str, str]


def surroundings(directory: Path, sms: SmsGateway) -> dict[str, str]:
    """The environment of the demonstration's system: a sandbox, with this synthetic mutual's decisions."""
    policy = directory / "policy.yaml"
    policy.write_text(POLICY)
    return {
        "AMPARO_SANDBOX": "1",
        "AMPARO_CONTRIBUTIONS_POLICY_FILE": str(policy),
        "AMPARO_BENEFITS_DEBTOR_NAME": "Mutual de muestra",
        "AMPARO_BENEFITS_DEBTOR_ACCOUNT": "000999000999",
        "AMPARO_BENEFITS_DEBTOR_BIC": "XXXXDOSD",
        **sms.settings,
    }


@contextmanager
def sms_gateway(log_directory: Path, amparo_port: int, *, seed: int) -> Iterator[SmsGateway]:
    """Run the SMS gateway, which reports to the mutual at `amparo_port` of this machine."""
    port = ports.free_port()
    url, hook = f"http://{ports.LOOPBACK}:{port}", f"http://{ports.LOOPBACK}:{amparo_port}/hooks/sms"
    ours, theirs = _secret(), _secret()
    environment = {"AMPARO_SANDBOX_SMS_SECRET": ours, "AMPARO_SANDBOX_SMS_HOOK_SECRET": theirs}
    arguments = ["--port", str(port), "--hook", hook, "--seed", str(seed)]
    with _process("deploy.sandbox.sms_gateway", arguments, environment, log_directory / "sandbox-sms.log"):
        _wait_for(f"{url}/figures")
        yield SmsGateway(
            url,
            {
                "AMPARO_GATEWAY_SMS_URL": f"{url}/sms",
                "AMPARO_GATEWAY_SMS_SECRET": ours,
                "AMPARO_GATEWAY_SMS_HOOK_SECRET": theirs,
            },
        )


@contextmanager
def agency(system: System, month: Facts) -> Iterator[None]:
    """Run the State's agency until the end of the block."""
    with installation.surroundings_of("gateway", system.home):
        url = os.environ["AMPARO_GATEWAY_DATABASE_URL"]
        client = console.add_client(url, "Sandbox agency", "state_agency", _AGENCY)
    environment = {
        "AMPARO_SANDBOX_CLIENT_ID": str(client.client_id),
        "AMPARO_SANDBOX_CLIENT_SECRET": client.client_secret,
    }
    arguments = ["--url", system.url, "--people", str(month.directory / "people.json")]
    log = system.home.logs / "sandbox-agency.log"
    with _process("deploy.sandbox.agency", arguments, environment, log):
        yield


@contextmanager
def _process(
    module: str, arguments: list[str], environment: Mapping[str, str], log_path: Path
) -> Iterator[None]:
    command = [sys.executable, "-m", module, *arguments]
    with processes.open_log(log_path) as log:
        process = processes.start(command, log=log, environment={**os.environ, **environment})
    try:
        yield
    finally:
        processes.end(process)


def _wait_for(url: str) -> None:
    until = time.monotonic() + _READY_SECONDS_MAX
    while time.monotonic() < until:
        try:
            httpx.get(url).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answers at {url}")


def _secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
