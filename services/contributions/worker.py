"""The second process of contributions: relay, projections, and work in the background."""

import services.contributions.bank.jobs
import services.contributions.charges.jobs
import services.contributions.coverages.jobs
import services.contributions.declarations.jobs
import services.contributions.notices.jobs  # noqa: F401  # declare their tasks
from services.contributions.consumers import consumers
from services.contributions.db import engine
from services.contributions.jobs import jobs
from services.contributions.settings import settings
from services.kit import worker


def main() -> None:
    """Work until told to stop."""
    worker.run(worker.Part("contributions", settings(), engine(), consumers=consumers, jobs=jobs))
