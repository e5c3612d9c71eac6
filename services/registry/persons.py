"""What a request says of any person, member or dependant: names, sex, phone and documents.

The rules are `identities`'; here they become types of the wire, in their normal form once read.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from services.registry.identities import DocumentType, read_document, read_name, read_phone
from services.registry.texts import Reason


def _read_some_name(written: str) -> str:
    name = read_name(written)
    if not name:
        raise ValueError("the name is missing")
    return name


def _empty_if_none(written: object) -> object:
    return "" if written is None else written


Name = Annotated[str, AfterValidator(_read_some_name)]
PerhapsName = Annotated[str, BeforeValidator(_empty_if_none), AfterValidator(read_name)]
PhoneNumber = Annotated[str, AfterValidator(read_phone)]
Sex = Literal["M", "F"]


class DocumentIn(BaseModel):
    """An identity document. One whose check digit fails is taken with a reason, which is kept."""

    model_config = ConfigDict(extra="forbid")

    type: DocumentType = Field(description="C cédula, N NSS, P passport, R residence, U UNHCR, O other")
    number: str = Field(max_length=60, examples=["999-0000001-8"])
    override_reason: Reason | None = None

    @model_validator(mode="after")
    def _in_normal_form(self) -> Self:
        document = read_document(self.type, self.number)
        if document.in_doubt and self.override_reason is None:
            raise ValueError(
                "the check digit of this document is wrong; if the paper says so, give override_reason"
            )
        self.number = document.number
        if not document.in_doubt:
            self.override_reason = None
        return self


class NamesIn(BaseModel):
    """The names of a person, as their owner writes them."""

    model_config = ConfigDict(extra="forbid")

    given_names: Name = Field(examples=["Laura"])
    first_surname: Name = Field(examples=["Méndez"])
    second_surname: PerhapsName = Field(default="", examples=["Muestra"])
