"""Every environment variable of this service, once."""

from functools import lru_cache
from typing import Literal

from pydantic_settings import SettingsConfigDict

from services.kit.settings import PartSettings


class Settings(PartSettings):
    model_config = SettingsConfigDict(env_prefix="AMPARO_REGISTRY_", extra="ignore")

    currency: str = "DOP"
    """The currency of wages in rosters, whose columns name none."""
    language: Literal["es", "en"] = "es"
    """The language of members in rosters that name none."""
    risk_class: Literal["I", "II", "III", "IV"] = "I"
    """The class of work risk of members in rosters that name none: the mutual's own as an employer."""


@lru_cache
def settings() -> Settings:
    return Settings()
