"""What is opened for the user that runs PostgreSQL when root starts it: as little as will do."""

from pathlib import Path

import pytest

from deploy.engines import users


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_barred_directories_are_opened_for_passing_and_not_for_reading(tmp_path: Path) -> None:
    barred, home = tmp_path / "barred", tmp_path / "barred" / "home"
    home.mkdir(parents=True)
    barred.chmod(0o700)
    home.chmod(0o700)
    assert barred in users.let_pass([home / "postgres"])
    assert (mode(barred), mode(home)) == (0o701, 0o701)
    assert users.let_pass([home / "postgres"]) == []


def test_what_a_umask_kept_private_can_be_read_and_run(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir(mode=0o700)
    program, text = tmp_path / "bin" / "postgres", tmp_path / "bin" / "sample"
    program.touch(mode=0o700)
    text.touch(mode=0o600)
    users.let_read(tmp_path, tmp_path / "not-there")
    assert (mode(tmp_path / "bin"), mode(program), mode(text)) == (0o705, 0o705, 0o604)


def test_whoever_is_not_root_runs_it_as_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert users.user_for(tmp_path) is None


def test_the_owner_of_the_data_goes_on_running_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    owner = users.user_for(tmp_path)
    assert owner is not None
    assert owner.user_id == tmp_path.stat().st_uid
