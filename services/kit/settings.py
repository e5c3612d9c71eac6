"""Every environment variable that all parts share, once.

A part adds its own in `<part>/settings.py` under its own prefix (`AMPARO_REGISTRY_…`). No secret has
a default: a process without one refuses to start and names what is missing.
"""

from functools import lru_cache

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class KitSettings(BaseSettings):
    """What each process of each part needs to know of its surroundings."""

    # A secret that is written wrongly is a secret still: it stays out of the error.
    model_config = SettingsConfigDict(env_prefix="AMPARO_", extra="ignore", hide_input_in_errors=True)

    gateway_url: str = "http://127.0.0.1:8000"
    """Where tokens come from and where the keys to check them are read; also who issues them."""
    public_url: str = ""
    """What people and systems outside call the gateway by, if that is another address (`outside_url`)."""
    nats_url: SecretStr
    """`nats://user:password@host:port`; several, with commas between, for a cluster."""
    secret_key: SecretStr
    """32 bytes, base64url: encrypts secrets at rest. Kept outside the database."""
    timezone: str = "America/Santo_Domingo"
    sandbox: bool = False
    """True lets the business date be set; never in a real mutual."""
    log_level: str = "INFO"

    @property
    def outside_url(self) -> str:
        """The gateway's address on receipts, in SMS and in the API's own description."""
        return (self.public_url or self.gateway_url).rstrip("/")


@lru_cache
def kit_settings() -> KitSettings:
    return KitSettings()


class PartSettings(BaseSettings):
    """What one part adds: subclass with `env_prefix="AMPARO_<PART>_"`."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    database_url: SecretStr
    """`postgresql://…` as the runtime role, which owns nothing."""
    client_secret: SecretStr
    """This part's own credential at `/oauth/token`, for calls to other parts."""
    pool_size: int = 16
    """Connections that one process holds at most."""
