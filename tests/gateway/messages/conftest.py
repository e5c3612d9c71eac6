"""The gateway served on the loopback, with the sandbox's SMS gateway beside it."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, select

from deploy.databases import Database
from gateway import db, settings
from gateway.messages.models import Message
from gateway.messages.sending.channel import SmsChannel, poster_of
from gateway.webhooks.posting import drain
from tests.gateway.messages import peers
from tests.gateway.messages.peers import HOOK_SECRET, SECRET, Peer
from tests.gateway.servers import served


@pytest.fixture(scope="module")
def hook(gateway: Database, environment: pytest.MonkeyPatch) -> Iterator[str]:
    """Where this module's gateway takes webhooks from an SMS gateway."""
    from gateway.app import create_app

    environment.setenv("AMPARO_GATEWAY_SMS_HOOK_SECRET", HOOK_SECRET)
    environment.setenv("AMPARO_GATEWAY_SMS_SECRET", SECRET)
    environment.setenv("AMPARO_GATEWAY_PRIVATE_NETWORKS", "127.0.0.0/8 ::1/128")
    settings.settings.cache_clear()
    with served(create_app(), lifespan="on") as port:
        yield f"http://127.0.0.1:{port}/hooks/sms"


@pytest.fixture(scope="module")
def peer(hook: str, environment: pytest.MonkeyPatch) -> Iterator[Peer]:
    """An SMS gateway as a process of its own, that the gateway sends to."""
    with peers.sms_gateway(hook) as running:
        environment.setenv("AMPARO_GATEWAY_SMS_URL", f"{running.url}/sms")
        settings.settings.cache_clear()
        yield running


@pytest.fixture
def send() -> Callable[[], None]:
    """What the job does, done now: send until nothing is due in a moment."""

    def send() -> None:
        while drain(SmsChannel(db.engine(), settings.settings()), poster_of(settings.settings())):
            pass

    return send


@pytest.fixture
def state_of(gateway: Database) -> Callable[[Message], Message]:
    """A message as it stands now."""

    def state_of(message: Message) -> Message:
        with Session(db.engine(), expire_on_commit=False) as session:
            return session.exec(select(Message).where(Message.id == message.id)).one()

    return state_of
