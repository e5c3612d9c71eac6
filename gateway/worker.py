"""The second process of the gateway: projections, and work in the background."""

from gateway.consumers import consumers
from gateway.db import engine
from gateway.jobs import jobs
from gateway.settings import settings
from services.kit import worker


def main() -> None:
    """Work until told to stop."""
    worker.run(worker.Part("gateway", settings(), engine(), consumers=consumers, jobs=jobs))
