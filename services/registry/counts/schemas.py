"""The wire of counts."""

from pydantic import BaseModel


class DependantCounts(BaseModel):
    """Families, by who pays for them."""

    direct: int
    additional: int


class CountsOut(BaseModel):
    """How many there are, within your reach."""

    organisations: int
    members: dict[str, int]
    unverified: int
    phones_to_review: int
    dependants: DependantCounts
