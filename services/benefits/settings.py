"""Every environment variable of this service, once."""

from functools import lru_cache

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from services.kit.settings import PartSettings

BIC = "^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$"
"""A bank's identifier (ISO 9362)."""


class Settings(PartSettings):
    model_config = SettingsConfigDict(env_prefix="AMPARO_BENEFITS_", extra="ignore")

    currency: str = "DOP"
    """The currency of the figures, unless another is asked for."""
    debtor_name: str = ""
    """The mutual's name as its bank knows it, in bank orders."""
    debtor_account: SecretStr | None = None
    """The mutual's own account for benefit money, apart from that for contributions."""
    debtor_bic: str = Field(default="", pattern=f"^$|{BIC}")
    """The bank that holds that account (ISO 9362). Without these three, no bank order can be drawn."""


@lru_cache
def settings() -> Settings:
    return Settings()
