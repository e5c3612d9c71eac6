"""Every environment variable of the gateway, once."""

from functools import lru_cache
from typing import Literal

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.kit.settings import PartSettings

Service = Literal["registry", "contributions", "benefits"]
SERVICES: tuple[Service, ...] = ("registry", "contributions", "benefits")


class Settings(PartSettings):
    model_config = SettingsConfigDict(env_prefix="AMPARO_GATEWAY_", extra="ignore")

    registry_url: str = Field(default="http://127.0.0.1:8001", validation_alias="AMPARO_REGISTRY_URL")
    contributions_url: str = Field(
        default="http://127.0.0.1:8002", validation_alias="AMPARO_CONTRIBUTIONS_URL"
    )
    benefits_url: str = Field(default="http://127.0.0.1:8003", validation_alias="AMPARO_BENEFITS_URL")

    session_hours_max: int = 12
    """A session ends after so long, whatever the person does."""
    session_idle_minutes_max: int = 60
    """A session that nobody uses ends after so long."""

    body_bytes_max: int = 4 * 1024 * 1024
    upload_bytes_max: int = 64 * 1024 * 1024
    """Bodies of multipart/form-data: rosters, bank statements, evidence."""
    upstream_seconds_max: float = 60
    """How long a service may stay silent before the asker is told so."""

    requests_per_second: float = 500
    """For each principal, lasting; twice as many at once. Each process counts for itself."""
    openings_per_second: float = 20
    """For each address: requests without a token that is known already; ten times as many at once."""

    def url_of(self, service: Service) -> str:
        """The base URL of one service's api."""
        url: str = getattr(self, f"{service}_url")
        return url.rstrip("/")


@lru_cache
def settings() -> Settings:
    return Settings()
