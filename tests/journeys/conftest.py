"""The whole system, running, with a small mutual in it: one for all journeys, since a start takes long.

Each journey brings members of its own, and leaves the system well: whatever it killed runs again.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import ports, processes
from deploy.system import System, started
from tests.deploy.ends import wait_until
from tests.journeys.mutual import Mutual, founded
from tests.journeys.phones import Phones


def webhook_secret() -> str:
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journeys")


@pytest.fixture(scope="package")
def sms_secrets() -> dict[str, str]:
    """What the SMS gateway's settings say of how messages and receipts are signed."""
    return {"SECRET": webhook_secret(), "HOOK_SECRET": webhook_secret()}


@pytest.fixture(scope="package")
def port() -> int:
    return ports.free_port()


@pytest.fixture(scope="package")
def phones(home: Path, port: int, sms_secrets: dict[str, str]) -> Iterator[Phones]:
    """Everybody's phone: the sandbox's SMS gateway, a process of its own."""
    phones = Phones(f"http://{ports.LOOPBACK}:{ports.free_port()}")
    command = [sys.executable, "-m", "deploy.sandbox.sms_gateway", "--port", phones.url.rpartition(":")[2]]
    command += ["--hook", f"http://{ports.LOOPBACK}:{port}/hooks/sms"]
    told = {f"AMPARO_SANDBOX_SMS_{name}": secret for name, secret in sms_secrets.items()}
    with processes.open_log(home / "log" / "sandbox-sms.log") as log:
        process = processes.start(command, log=log, environment=os.environ | told)
    try:
        wait_until(phones.are_on, "the SMS gateway answers", seconds=60)
        yield phones
    finally:
        processes.end(process)


@pytest.fixture(scope="package")
def system(home: Path, port: int, phones: Phones, sms_secrets: dict[str, str]) -> Iterator[System]:
    """Everything, running."""
    told = {f"AMPARO_GATEWAY_SMS_{name}": secret for name, secret in sms_secrets.items()}
    with started(
        home, port=port, AMPARO_SANDBOX="1", AMPARO_GATEWAY_SMS_URL=f"{phones.url}/sms", **told
    ) as system:
        yield system


@pytest.fixture(scope="package")
def mutual(system: System, phones: Phones) -> Iterator[Mutual]:
    """Its people, its systems, an organisation, and an authorisation in force."""
    command = [sys.executable, "-m", "tests.journeys.hiring", str(system.home.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    mutual = founded(system, phones, json.loads(done.stdout))
    yield mutual
    mutual.door.close()
