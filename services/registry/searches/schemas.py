"""The wire of searches."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.registry.members import MemberLineOut
from services.registry.persons import PhoneNumber

LIMIT_MAX = 50

Asked = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class SearchIn(BaseModel):
    """One thing to find members by. `text` may be any of the others: it is found out which."""

    model_config = ConfigDict(extra="forbid")

    text: Asked | None = Field(default=None, examples=["laura mendez"])
    document: Asked | None = Field(default=None, examples=["999-0000001-8"])
    number: Annotated[str, StringConstraints(pattern=r"^\d{1,18}$")] | None = Field(
        default=None, description="Member number", examples=["100001"]
    )
    phone: PhoneNumber | None = Field(default=None, examples=["809-555-0100"])
    name: Asked | None = Field(default=None, examples=["mendez laura"])
    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX)] = 20

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        asked = [self.text, self.document, self.number, self.phone, self.name]
        if sum(one is not None for one in asked) != 1:
            raise ValueError("ask by exactly one of text, document, number, phone, name")
        return self


class FoundOut(BaseModel):
    """Who was found, the nearest first; as many as `limit` mean that there may be more."""

    items: list[MemberLineOut]
