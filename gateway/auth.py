"""Who may do what here: principals named for the person, each by the rights it needs."""

from typing import Annotated

from fastapi import Depends

from services.kit.principals import Principal, requires

AnyHolder = Annotated[Principal, Depends(requires())]
"""Whoever holds a token, of themself."""
StaffManager = Annotated[Principal, Depends(requires("staff:manage"))]
ClientsManager = Annotated[Principal, Depends(requires("clients:manage"))]
Auditor = Annotated[Principal, Depends(requires("audit:read"))]
MessagesReader = Annotated[Principal, Depends(requires("messages:read"))]
MessagesSender = Annotated[Principal, Depends(requires("messages:send"))]
