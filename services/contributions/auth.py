"""Who may do what here: principals named for the person, each by the rights it needs."""

from typing import Annotated

from fastapi import Depends

from services.kit.principals import Principal, requires

SchemesReader = Annotated[Principal, Depends(requires("schemes:read"))]
Cashier = Annotated[Principal, Depends(requires("payments:take"))]
PaymentsReader = Annotated[Principal, Depends(requires("payments:read"))]
Corrector = Annotated[Principal, Depends(requires("payments:reverse"))]
Accountant = Annotated[Principal, Depends(requires("ledger:read"))]
StatementClerk = Annotated[Principal, Depends(requires("statements:import"))]
SuspenseClerk = Annotated[Principal, Depends(requires("suspense:settle"))]
ChargingOfficer = Annotated[Principal, Depends(requires("charges:run"))]
PeriodsReader = Annotated[Principal, Depends(requires("periods:read"))]
CoverageReader = Annotated[Principal, Depends(requires("coverage:read"))]
FilingOfficer = Annotated[Principal, Depends(requires("declarations:draw"))]
DeclarationsReader = Annotated[Principal, Depends(requires("declarations:read"))]
NoticeClerk = Annotated[Principal, Depends(requires("notices:record"))]
Treasurer = Annotated[Principal, Depends(requires("remittances:order"))]
DeclaringAgency = Annotated[Principal, Depends(requires("agency:declarations"))]
NotifyingAgency = Annotated[Principal, Depends(requires("agency:notices"))]
OtherPart = Annotated[Principal, Depends(requires("internal"))]
