"""Every environment variable of this service, once."""

from functools import lru_cache

from pydantic_settings import SettingsConfigDict

from services.kit.settings import PartSettings


class Settings(PartSettings):
    model_config = SettingsConfigDict(env_prefix="AMPARO_REGISTRY_", extra="ignore")

    currency: str = "DOP"
    """The currency of wages in rosters, whose columns name none."""
    phone_region: str = "DO"
    """The country that a phone number without +… belongs to (ISO 3166)."""


@lru_cache
def settings() -> Settings:
    return Settings()
