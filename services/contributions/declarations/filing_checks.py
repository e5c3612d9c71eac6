"""What the registry is asked just before a payroll is drawn: mandates, identities, the authorisation."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.contributions.declarations.rules import Checked
from services.contributions.settings import settings
from services.kit.http import ServiceClient


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the mutual may file on that day, and what holds of each member (an unknown one is missing)."""

    authorised: bool
    members: dict[UUID, Checked]


class _CheckedMember(BaseModel):
    member_id: UUID
    state: str
    has_mandate: bool
    identity_verified: bool


class _Checks(BaseModel):
    members: list[_CheckedMember]
    authorisation: dict[str, object] | None


class Registry:
    """The registry's answers, over HTTP with this service's own token."""

    def __init__(self) -> None:
        self._client = ServiceClient("contributions", settings().client_secret.get_secret_value())

    def ask(self, member_ids: list[UUID], on: date, scheme: str) -> Answer:
        """What holds of these members on a day. Raises Unavailable."""
        body = {"member_ids": [str(one) for one in member_ids], "on": on.isoformat(), "scheme": scheme}
        found = _Checks.model_validate(
            self._client.post(f"{settings().registry_url}/internal/filing-checks", body)
        )
        checked = {
            one.member_id: Checked(one.state, one.has_mandate, one.identity_verified) for one in found.members
        }
        return Answer(found.authorisation is not None, checked)
