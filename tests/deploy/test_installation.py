"""What each process is told: its own database, everybody's address, and what the environment insists on."""

from pathlib import Path

import pytest

from deploy.databases import Database
from deploy.home import Home
from deploy.installation import Installation
from deploy.parts import PARTS


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    for part in PARTS:
        for name in ("DATABASE_URL", "CLIENT_SECRET", "URL"):
            monkeypatch.delenv(f"AMPARO_{part.upper()}_{name}", raising=False)
    databases = {part: Database(f"postgresql://{part}@/{part}", f"postgresql://o@/{part}") for part in PARTS}
    urls = {part: f"http://127.0.0.1:{8000 + number}" for number, part in enumerate(PARTS)}
    return Installation(Home(tmp_path), databases, "nats://127.0.0.1:4222", urls)


def test_a_part_is_told_of_no_database_but_its_own(installation: Installation) -> None:
    told = installation.environment("registry")
    assert [name for name in told if name.endswith("DATABASE_URL")] == ["AMPARO_REGISTRY_DATABASE_URL"]
    assert [name for name in told if name.endswith("CLIENT_SECRET")] == ["AMPARO_REGISTRY_CLIENT_SECRET"]
    assert {f"AMPARO_{part.upper()}_URL" for part in PARTS} <= told.keys()


def test_what_the_environment_says_wins(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPARO_REGISTRY_DATABASE_URL", "postgresql://elsewhere/registry")
    told = installation.environment("registry")
    assert told["AMPARO_REGISTRY_DATABASE_URL"] == "postgresql://elsewhere/registry"


def test_secrets_stay_the_same(installation: Installation) -> None:
    assert installation.environment("gateway") == installation.environment("gateway")
    assert len(set(installation.client_secrets().values())) == len(PARTS)
