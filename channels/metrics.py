"""What the channels count, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter(
    "markezy_bot_messages_total", "Messages handed to the assistant, by what became of them", ["channel", "outcome"]
)
TURN_SECONDS = Histogram(
    "markezy_bot_turn_seconds",
    "Time from a message's acceptance in the inbox to its saved answer",
    ["channel"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
OPEN_STREAMS = Gauge("markezy_bot_open_streams", "Visitors listening over Server-Sent Events")
