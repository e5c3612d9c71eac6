"""What a request says of a member."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.kit.money import PositiveMoney
from services.registry.dependants import DependantIn
from services.registry.identities import name_keys
from services.registry.persons import DocumentIn, Name, NamesIn, PerhapsName, PhoneNumber, Sex
from services.registry.texts import Reason, Text

Language = Literal["es", "en"]
RiskClass = Literal["I", "II", "III", "IV"]

DEPENDANTS_MAX = 30


class MandateIn(BaseModel):
    """The member's signed consent that the mutual acts as employer of record."""

    model_config = ConfigDict(extra="forbid")

    signed_on: date
    text_version: Text = Field(examples=["2026-01"])


class ConsentIn(BaseModel):
    """The member's consent to the keeping of personal data (Ley 172-13)."""

    model_config = ConfigDict(extra="forbid")

    given_on: date
    text_version: Text = Field(examples=["2026-01"])


class WithdrawalIn(BaseModel):
    """A mandate or consent that a member takes back, and from which day on."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["mandate", "consent"]
    withdrawn_on: date
    reason: Reason


class MemberIn(NamesIn):
    """A new member with documents and family. Without a document they cannot be verified."""

    sex: Sex
    birth_date: date
    documents: list[DocumentIn] = Field(default=[], max_length=6)
    phone: PhoneNumber | None = None
    language: Language = "es"
    organisation_id: UUID
    occupation: Text = Field(examples=["chofer"])
    risk_class: RiskClass
    declared_wage: PositiveMoney
    mandate: MandateIn | None = None
    consent: ConsentIn | None = None
    dependants: list[DependantIn] = Field(default=[], max_length=DEPENDANTS_MAX)

    @property
    def name_keys(self) -> list[str]:
        return name_keys(self.given_names, self.first_surname, self.second_surname)

    @property
    def agreements(self) -> list[dict[str, Any]]:
        return agreements_of(self.mandate, self.consent)


class MemberPatch(BaseModel):
    """What changes; what is left out stays. A document follows the one of its type, which is kept."""

    model_config = ConfigDict(extra="forbid")

    given_names: Name | None = None
    first_surname: Name | None = None
    second_surname: PerhapsName | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    documents: list[DocumentIn] = Field(default=[], max_length=6)
    phone: PhoneNumber | None = None
    language: Language | None = None
    organisation_id: UUID | None = None
    occupation: Text | None = None
    risk_class: RiskClass | None = None
    declared_wage: PositiveMoney | None = None
    mandate: MandateIn | None = None
    consent: ConsentIn | None = None


def agreements_of(mandate: MandateIn | None, consent: ConsentIn | None) -> list[dict[str, Any]]:
    """Mandate and consent as rows of the table, but for whose they are."""
    rows: list[dict[str, Any]] = []
    if mandate is not None:
        rows.append({"kind": "mandate", "given_on": mandate.signed_on, "text_version": mandate.text_version})
    if consent is not None:
        rows.append({"kind": "consent", "given_on": consent.given_on, "text_version": consent.text_version})
    return rows
