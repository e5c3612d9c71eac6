"""What the messaging counts, for `/metrics`."""

from prometheus_client import Counter, Gauge

published = Counter("amparo_events_published_total", "Events handed to the stream", ["part"])
waiting = Gauge("amparo_events_unpublished", "Events in the outbox that the stream has not yet", ["part"])
taken = Counter("amparo_events_taken_total", "Messages taken in, repeated ones too", ["part", "producer"])
failed = Counter("amparo_events_failed_total", "Messages that failed alone", ["part", "name", "state"])
recovered = Counter("amparo_events_recovered_total", "Events fetched from an outbox", ["part", "producer"])
letters = Gauge("amparo_dead_letters", "Messages that wait for another try, or are dead", ["part", "state"])
