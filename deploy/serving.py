"""Running one process of one part: what `amparo up` forks, and what production runs by itself."""

from deploy.parts import load

# Longer than the gateway's pool keeps an idle connection, else it would send into a closing one.
KEEP_ALIVE_SECONDS = 75
GRACE_SECONDS = 10


def serve(part: str, host: str, port: int) -> None:
    """Run a part's HTTP face until SIGTERM, then finish the requests that are under way."""
    import uvicorn

    uvicorn.run(
        load(part, "api")(),
        host=host,
        port=port,
        log_config=None,  # the kit logs, in JSON and without personal data
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def work(part: str) -> None:
    """Run a part's worker until SIGTERM: its outbox, its consumers and its jobs."""
    load(part, "worker")()
