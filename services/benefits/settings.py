"""Every environment variable of this service, once."""

from functools import lru_cache

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from services.kit.settings import PartSettings


class Settings(PartSettings):
    model_config = SettingsConfigDict(env_prefix="AMPARO_BENEFITS_", extra="ignore")

    currency: str = "DOP"
    """The currency of the figures, unless another is asked for."""
    debtor_name: str = ""
    """The mutual's name as its bank knows it, in bank orders."""
    debtor_account: SecretStr | None = None
    """The mutual's own account for benefit money, apart from that for contributions."""
    debtor_bic: str = ""
    """The bank that holds that account (ISO 9362). Without these three, no bank order can be drawn."""


@lru_cache
def settings() -> Settings:
    return Settings()
