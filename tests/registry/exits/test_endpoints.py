"""Nobody leaves quietly: one asks, with a reason, another agrees; and who left may come back."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from tests import tokens
from tests.registry.members.test_endpoints import announced, audited
from tests.registry.people import Office

EXIT = {"left_on": "2026-06-30", "reason": "se muda al extranjero"}


def decided(office: Office, decision: str, **who: Any) -> tuple[int, str]:
    """Decide the exit that waits; answers the status, and the member's state after it."""
    decider = tokens.staff("approvals:read", "members:verify", totp=True, **who)
    [waiting] = office.send(decider, "GET", "/v1/approvals").json()["items"]
    path = f"/v1/approvals/{waiting['id']}/decisions"
    answer = office.send(decider, "POST", path, {"decision": decision, "reason": "visto"})
    return answer.status_code, office.opened(waiting["subject_id"])["state"]


def test_an_exit_takes_effect_and_is_announced_when_another_agrees(office: Office, session: Session) -> None:
    made = office.enrolled()
    asked = office.send(office.promoter, "POST", f"/v1/members/{made['id']}/exits", EXIT)
    assert asked.status_code == 202
    assert asked.json()["facts"] == {"member_number": made["member_number"], **EXIT}
    assert announced(session, "registry.member_changed.v1") == []

    assert decided(office, "approve") == (200, "out")
    [state] = announced(session, "registry.member_changed.v1")
    assert (state["state"], state["version"]) == ("out", 3)
    assert "members.leave" in audited(session, made["id"])


def test_a_refused_exit_leaves_the_member_as_they_are(office: Office, session: Session) -> None:
    made = office.enrolled()
    office.send(office.promoter, "POST", f"/v1/members/{made['id']}/exits", EXIT)
    assert decided(office, "refuse") == (200, "active")
    assert announced(session, "registry.member_changed.v1") == []


def test_who_asked_cannot_agree_nor_can_a_system_ask(office: Office) -> None:
    made = office.enrolled()
    both = tokens.staff("members:write", "members:verify", "approvals:read", totp=True)
    path = f"/v1/members/{made['id']}/exits"
    assert office.send(tokens.client("members:write"), "POST", path, EXIT).status_code == 403
    office.send(both, "POST", path, EXIT)
    assert decided(office, "approve", subject=both.subject) == (403, "active")


def test_only_within_reach_is_an_exit_decided(office: Office) -> None:
    made = office.enrolled()
    office.send(office.promoter, "POST", f"/v1/members/{made['id']}/exits", EXIT)
    [waiting] = office.send(tokens.staff("approvals:read", "members:verify"), "GET", "/v1/approvals").json()[
        "items"
    ]
    elsewhere = tokens.staff(
        "approvals:read", "members:verify", totp=True, roots=[UUID(office.organisation())]
    )
    path = f"/v1/approvals/{waiting['id']}/decisions"
    assert office.send(elsewhere, "POST", path, {"decision": "approve"}).status_code == 404


def test_an_applicant_cannot_leave(office: Office) -> None:
    made = office.registered()
    refused = office.send(office.promoter, "POST", f"/v1/members/{made['id']}/exits", EXIT)
    assert (refused.status_code, refused.json()["type"]) == (409, "not-a-member")


def test_who_comes_back_is_verified_anew(office: Office, session: Session) -> None:
    made = office.enrolled()
    back = f"/v1/members/{made['id']}/returns"
    why = {"reason": "ha vuelto"}
    assert office.send(office.promoter, "POST", back, why).json()["type"] == "not-out"
    office.send(office.promoter, "POST", f"/v1/members/{made['id']}/exits", EXIT)
    decided(office, "approve")

    returned = office.send(office.promoter, "POST", back, why)
    assert (returned.status_code, returned.json()["state"]) == (201, "active")
    assert announced(session, "registry.member_changed.v1")[-1]["identity_verified"] is False
    path = f"/v1/members/{made['id']}/verifications"
    assert office.send(office.verifier, "POST", path).status_code == 201
    assert announced(session, "registry.member_changed.v1")[-1]["identity_verified"] is True
    assert len(announced(session, "registry.member_enrolled.v1")) == 1
