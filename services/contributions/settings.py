"""Every environment variable of this service, once."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.kit.settings import PartSettings


class Settings(PartSettings):
    model_config = SettingsConfigDict(env_prefix="AMPARO_CONTRIBUTIONS_", extra="ignore")

    registry_url: str = Field(default="http://127.0.0.1:8001", validation_alias="AMPARO_REGISTRY_URL")
    """Where mandates and the authorisation are asked afresh before a filing."""
    scheme: str = "do-sdss"
    """The social security that this mutual contributes to."""
    policy_file: Path | None = None
    """YAML with the figures that the scheme leaves to the mutual (its fee), dated; none: no fee."""
    cut_off_working_days: int = 0
    """How many working days before the due date the mutual's own cut-off lies; 0: the period's last day."""

    cover_months_after: int = 1
    """Until the end of which month after its own a month's paid contributions cover; no text of law says
    it plainly, and the next month's are not due before."""

    suspense_alone_max_minor: int = 10_000_00
    """Above this amount a line in suspense is settled by two people."""
    fees_lapse: bool = True
    """Whether the mutual's fee for a month lapses with the contributions of who was left out."""
    statement_bytes_max: int = 64 * 1024 * 1024


@lru_cache
def settings() -> Settings:
    return Settings()
