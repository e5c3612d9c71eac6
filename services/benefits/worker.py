"""This service's second process: relay, consumers and jobs."""

from services.benefits.consumers import consumers
from services.benefits.db import engine
from services.benefits.jobs import jobs
from services.benefits.settings import settings
from services.kit import worker
from services.kit.worker import Part


def main() -> None:
    """Work until told to stop."""
    worker.run(Part("benefits", settings(), engine(), consumers=consumers, jobs=jobs))
