"""`amparo sample roster` as people type it."""

import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from deploy.cli import app

RUNNER = CliRunner()


def test_a_roster_and_its_mistakes_are_written(tmp_path: Path) -> None:
    path, mistakes = tmp_path / "roster.xlsx", tmp_path / "mistakes.csv"
    arguments = ["--members", "50", "--errors", "0.1", "--mistakes", str(mistakes)]
    result = RUNNER.invoke(app, ["sample", "roster", str(path), *arguments])
    assert result.exit_code == 0, result.output
    assert "50 members" in result.output
    assert "5 mistakes" in result.output
    assert path.stat().st_size > 1_000
    assert len(mistakes.read_text("utf-8-sig").splitlines()) == 6


def test_what_cannot_be_written_is_told_in_a_line(tmp_path: Path) -> None:
    for arguments in (["roster.xls"], ["no/such/folder/roster.csv"], ["r.csv", "--as-of", "soon"]):
        path = str(tmp_path / arguments[0])
        result = RUNNER.invoke(app, ["sample", "roster", path, *arguments[1:]])
        assert result.exit_code == 2
        assert "Traceback" not in result.output


def test_the_command_line_starts_without_what_the_command_runs() -> None:
    code = "import sys, deploy.sample.command; sys.exit('services.kit.sheets' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
