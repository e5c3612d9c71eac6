"""What the services name by a code has a word on the pages. The codes are read from the source itself."""

import re
from pathlib import Path

from gateway.pages.imports.reasons import _REASONS
from gateway.pages.plain import _BY_TYPE
from gateway.pages.words import WORDS
from services.kit import problems

ROOT = Path(problems.__file__).parents[2]
SOURCE = {
    path: path.read_text("utf-8")
    for part in ("services", "gateway")
    for path in (ROOT / part).rglob("*.py")
    if "pages" not in path.parts
}


def named(pattern: str, *, under: str = "") -> set[str]:
    """What a pattern's group finds in the source below a folder."""
    found: set[str] = set()
    for path, text in SOURCE.items():
        if under in path.as_posix():
            found |= set(re.findall(pattern, text))
    return found


def test_every_kind_of_approval_has_a_word() -> None:
    kinds = named(r'\bKind\(\s*"([a-z_]+\.[a-z_]+)"')
    assert len(kinds) > 10
    assert kinds - WORDS["approval_kind"].keys() == set()


def test_every_reason_of_a_rosters_cell_has_a_sentence() -> None:
    codes = named(r'Unreadable\(\s*"(\w+)"', under="services/registry")
    codes |= named(r'_error\(row, [\w"]+, "(\w+)"', under="services/registry/imports")
    assert len(codes) > 15
    assert codes - _REASONS.keys() == set()


def test_every_sms_template_has_a_title() -> None:
    templates = named(r'Template\(\s*"(\w+)"', under="gateway/messages")
    assert len(templates) > 10
    assert templates - WORDS["message_template"].keys() == set()


def test_no_sentence_is_kept_for_a_problem_that_is_no_more() -> None:
    classes = named(r"class (\w+)\(")
    types = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower() for name in classes}
    assert _BY_TYPE.keys() - types == set()
