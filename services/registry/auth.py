"""Who may do what here: principals named for the person, each by the rights it needs."""

from typing import Annotated

from fastapi import Depends

from services.kit.principals import Principal, requires

OrganisationsReader = Annotated[Principal, Depends(requires("organisations:read"))]
OrganisationsClerk = Annotated[Principal, Depends(requires("organisations:write"))]
MembersReader = Annotated[Principal, Depends(requires("members:read"))]
Promoter = Annotated[Principal, Depends(requires("members:write"))]
Verifier = Annotated[Principal, Depends(requires("members:verify"))]
RosterClerk = Annotated[Principal, Depends(requires("members:import"))]
AuthorisationsClerk = Annotated[Principal, Depends(requires("authorisations:write"))]
OtherPart = Annotated[Principal, Depends(requires("internal"))]

READ_PERSONAL = "members:read_personal"
"""The right to see documents, phones and birth dates unmasked."""
