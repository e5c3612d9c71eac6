"""Who may do what here: principals named for the person, each by the rights it needs.

A person limited to some organisations sees and pays the members below these, and no disbursement:
one of those is for members of the whole mutual. An agency sees what it announced itself.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends

from services.kit.principals import Principal, requires
from services.kit.problems import Forbidden


def _of_an_agency(holder: Annotated[Principal, Depends(requires("agency:disbursements"))]) -> Principal:
    if holder.agency is None:
        raise Forbidden("This token names no agency of the State.")
    return holder


def _of_the_whole_mutual(*scopes: str) -> Callable[..., Awaitable[Principal]]:
    """Like `requires`, and refuses who is limited to some organisations."""
    anyone = requires(*scopes)

    async def principal(holder: Annotated[Principal, Depends(anyone)]) -> Principal:
        if holder.roots is not None:
            raise Forbidden("This concerns the whole mutual; your rights end at your organisations.")
        return holder

    principal.scopes = scopes  # type: ignore[attr-defined]  # read by the test that walks all routes
    return principal


Agency = Annotated[Principal, Depends(_of_an_agency)]
BenefitsReader = Annotated[Principal, Depends(requires("benefits:read"))]
DisbursementsReader = Annotated[Principal, Depends(_of_the_whole_mutual("disbursements:read"))]
CaseOfficer = Annotated[Principal, Depends(_of_the_whole_mutual("items:match", "benefits:read_health"))]
MatchingClerk = Annotated[Principal, Depends(_of_the_whole_mutual("items:match"))]
BenefitsOfficer = Annotated[Principal, Depends(_of_the_whole_mutual("payouts:prepare"))]
Treasurer = Annotated[Principal, Depends(_of_the_whole_mutual("payouts:pay"))]
Payer = Annotated[Principal, Depends(requires("payouts:pay"))]
