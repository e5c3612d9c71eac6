"""Roles: each right that a service asks for is granted by some role, and none is granted for nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import gateway
from gateway.roles import CLIENT_ROLES, ROLES, SCOPES, STAFF_ROLES, Role, scopes_of

ROOT = Path(gateway.__file__).parent.parent
PARTS = {
    "registry": ROOT / "services/registry",
    "contributions": ROOT / "services/contributions",
    "benefits": ROOT / "services/benefits",
    "gateway": ROOT / "gateway",
    "kit": ROOT / "services/kit",
}


def named(folder: Path) -> set[str]:
    """Every right of ours that the code under `folder` names, in whatever way."""
    return {text for text in _texts(folder) if text in SCOPES}


def required(folder: Path) -> set[str]:
    """Every right that a principal is required to have there, whether we know it or not."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("requires"):
                found |= {str(arg.value) for arg in node.args if isinstance(arg, ast.Constant)}
    return found


def _texts(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        if path == ROOT / "gateway/roles.py" or ROOT / "gateway/pages" in path.parents:
            continue  # pages only hide what the services refuse
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@pytest.mark.parametrize("part", PARTS)
def test_each_right_that_is_asked_for_is_granted_by_some_role(part: str) -> None:
    assert required(PARTS[part]) | named(PARTS[part]) <= scopes_of(ROLES)


def test_each_right_that_is_granted_is_asked_for_somewhere() -> None:
    asked = set().union(*map(named, PARTS.values()))
    assert scopes_of(ROLES) - asked == set()


def test_every_right_has_its_meaning_written_down() -> None:
    assert scopes_of(ROLES) == set(SCOPES)
    assert set(ROLES) == set(get_args(Role))


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_every_person_may_see_what_waits_for_them(role: Role) -> None:
    assert "approvals:read" in ROLES[role]


def test_health_is_for_benefits_officers_alone() -> None:
    assert [role for role in ROLES if "benefits:read_health" in ROLES[role]] == ["benefits_officer"]


def test_what_is_for_agencies_and_parts_is_for_nobody_else() -> None:
    for role in STAFF_ROLES:
        assert not {scope for scope in ROLES[role] if scope == "internal" or scope.startswith("agency:")}
    assert ROLES["service"] == {"internal"}
    assert "service" not in CLIENT_ROLES | STAFF_ROLES
    assert "state_agency" not in STAFF_ROLES


def test_an_auditor_changes_nothing() -> None:
    assert {scope.partition(":")[2] for scope in ROLES["auditor"]} == {"read", "read_personal"}


def test_a_role_that_is_no_more_grants_nothing() -> None:
    assert scopes_of(["gone"]) == frozenset()
