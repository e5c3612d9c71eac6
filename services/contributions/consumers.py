"""What this service reacts to, by feature."""

from services.contributions.authorisations import consumers as authorisations
from services.contributions.members import consumers as members
from services.kit.events import Consumers

consumers = Consumers("contributions")
members.declare(consumers)
authorisations.declare(consumers)
