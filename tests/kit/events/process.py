"""Alpha or beta as a process of its own: `python -m tests.kit.events.process beta`."""

import sys

from pydantic_settings import SettingsConfigDict
from sqlmodel import Session

from services.kit import worker
from services.kit.db import make_engine, raw
from services.kit.jobs import Jobs
from services.kit.settings import PartSettings
from tests.kit.events.stations import listeners


def main(part: str) -> None:
    class Settings(PartSettings):
        model_config = SettingsConfigDict(env_prefix=f"AMPARO_{part.upper()}_", extra="ignore")

    settings = Settings()
    engine = make_engine(settings.database_url, pool_size=8)
    jobs = Jobs(part)

    @jobs.task()
    def write_down(*, value: int) -> None:
        with Session(engine) as session, session.begin():
            raw(session).execute("INSERT INTO applied VALUES (gen_random_uuid(), 0, %s)", [value])

    consumers = listeners() if part == "beta" else None
    worker.run(worker.Part(part, settings, engine, consumers=consumers, jobs=jobs))


if __name__ == "__main__":
    main(sys.argv[1])
