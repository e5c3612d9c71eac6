"""The sandbox's settable business date over HTTP. A part serves this only under AMPARO_SANDBOX=1."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine
from sqlmodel import Session

from services.kit import clock
from services.kit.principals import Principal, requires
from services.kit.problems import documented

Administrator = Annotated[Principal, Depends(requires("clients:manage"))]


class BusinessDate(BaseModel):
    """The mutual's date of today."""

    model_config = ConfigDict(extra="forbid")

    today: date


def router(engine: Engine) -> APIRouter:
    """`/v1/business-date` of one part."""
    routes = APIRouter(prefix="/v1/business-date", tags=["sandbox"])

    @routes.put("", responses=documented())
    def set_business_date(given: BusinessDate, administrator: Administrator) -> BusinessDate:
        """Move this part's business date; its database keeps it."""
        with Session(engine) as session, session.begin():
            clock.set_business_today(session, given.today)
        return given

    return routes
