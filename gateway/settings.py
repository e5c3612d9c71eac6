"""Every environment variable of the gateway, once."""

import base64
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field, IPvAnyNetwork, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from services.kit.settings import PartSettings

Service = Literal["registry", "contributions", "benefits"]
SERVICES: tuple[Service, ...] = ("registry", "contributions", "benefits")
SECRET_BYTES_MIN = 24
"""Of a secret that webhooks are signed with (Standard Webhooks 1.0.0)."""


class Settings(PartSettings):
    model_config = SettingsConfigDict(
        env_prefix="AMPARO_GATEWAY_",
        extra="ignore",
        hide_input_in_errors=True,  # a secret that is written wrongly is a secret still
    )

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
    """Bodies of multipart/form-data (rosters, bank statements, evidence), and whatever agencies send."""
    upstream_seconds_max: float = 60
    """How long a service may stay silent before the asker is told so."""

    requests_per_second: float = 500
    """For each principal, lasting; twice as many at once. Each process counts for itself."""
    openings_per_second: float = 20
    """For each address: requests without a token that is known already; ten times as many at once."""

    mutual_name: str = Field(default="Amparo", min_length=1, max_length=20)
    """What each SMS begins with."""
    sms_url: str | None = None
    """Where the SMS gateway takes messages; without one they wait."""
    sms_secret: SecretStr | None = None
    """`whsec_…`: what messages to the SMS gateway are signed with."""
    sms_hook_secret: SecretStr | None = None
    """`whsec_…`: what the SMS gateway signs receipts and members' messages with, at /hooks/sms."""
    sms_honours_keys: bool = True
    """Whether it takes a message once however often it is posted under the same webhook-id."""
    sms_at_once: int = Field(default=32, ge=1, le=256)
    private_networks: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    """Private networks that webhooks and SMS may go to, with blanks between. A sandbox adds the loopback."""

    @field_validator("private_networks", mode="before")
    @classmethod
    def _between_blanks(cls, given: Any) -> Any:
        return given.replace(",", " ").split() if isinstance(given, str) else given

    @field_validator("sms_url", "sms_secret", "sms_hook_secret", mode="before")
    @classmethod
    def _nothing_is_none(cls, given: Any) -> Any:
        return given or None

    @field_validator("sms_secret", "sms_hook_secret")
    @classmethod
    def _can_sign(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None:
            written = given.get_secret_value().removeprefix("whsec_").rstrip("=")
            if len(base64.b64decode(written + "=" * (-len(written) % 4), validate=True)) < SECRET_BYTES_MIN:
                raise ValueError(f"whsec_ and {SECRET_BYTES_MIN} bytes or more in base64")
        return given

    @model_validator(mode="after")
    def _sms_is_signed(self) -> Self:
        if self.sms_url is not None and self.sms_secret is None:
            raise ValueError("AMPARO_GATEWAY_SMS_URL needs AMPARO_GATEWAY_SMS_SECRET beside it")
        return self

    def url_of(self, service: Service) -> str:
        """The base URL of one service's api."""
        url: str = getattr(self, f"{service}_url")
        return url.rstrip("/")


@lru_cache
def settings() -> Settings:
    return Settings()
