"""What the intake counts, for Prometheus. Each process shows its own."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

DECISIONS = Counter("entrepot_intake_decisions_total", "Commands decided, by answer", ["code"])
BATCH_SIZE = Histogram(
    "entrepot_intake_batch_commands",
    "Commands in a batch",
    buckets=(1, 2, 4, 8, 16, 64, 256, 1024, 4096, 8192),
)
APPEND_S = Histogram(
    "entrepot_intake_append_seconds",
    "Time to make a batch durable",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5),
)
QUEUE_COMMANDS = Gauge("entrepot_intake_queue_commands", "Commands waiting for the writer")
JOURNAL_SEQ = Gauge("entrepot_intake_journal_seq", "Last durable batch")
STALLED = Gauge("entrepot_intake_stalled", "1 while the journal cannot be written")
REFUSED_BUSY = Counter(
    "entrepot_intake_busy_total", "Commands turned away because the queue was full or stalled"
)
PROJECTED_BATCHES = Counter("entrepot_intake_projected_batches_total", "Batches projected into the tables")
PROJECTED_ORDERS = Counter("entrepot_intake_projected_orders_total", "Orders projected into the tables")
PROJECTOR_LAG_S = Gauge(
    "entrepot_intake_projector_lag_seconds", "Journal time to table time of the last projected batch"
)
