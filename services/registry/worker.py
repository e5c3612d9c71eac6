"""The registry's second process: it announces, reads rosters, and listens to nobody."""

from services.kit import worker
from services.registry.db import engine
from services.registry.jobs import jobs
from services.registry.settings import settings


def main() -> None:
    worker.run(worker.Part("registry", settings(), engine(), jobs=jobs))
