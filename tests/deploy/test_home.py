"""A home is run by one process at a time, and keeps its secrets to its owner."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.home import Home
from deploy.problems import HomeTaken

HOLDER = """
import sys, time
from pathlib import Path
from deploy.home import Home
with Home(Path(sys.argv[1])).lock():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    secret = home.secret("nats")
    assert len(base64.urlsafe_b64decode(secret)) == 32
    assert Home(tmp_path / "home").secret("nats") == secret
    assert home.secret("postgres") != secret
    assert (home.path / "secrets.json").stat().st_mode & 0o077 == 0


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE)
    assert holder.stdout
    with holder.stdout as told:
        assert told.readline() == b"held\n"
    with pytest.raises(HomeTaken), home.lock():
        pass
    holder.kill()
    holder.wait()
    with home.lock():
        pass


def test_the_state_of_a_dead_process_is_not_believed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.tell({"pid": os.getpid(), "url": "http://127.0.0.1:1"})
    assert home.state() == {"pid": os.getpid(), "url": "http://127.0.0.1:1"}
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    home.tell({"pid": ended.pid})
    assert home.state() is None
