"""What every room stands on: money, clock, ids, context, command, refusal, outbox, audit, locks, jobs.

It owns the outbox, the audit trail, idempotent answers and the job table. It knows no other room.
"""
