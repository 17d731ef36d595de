"""Refusals of the care room."""

from __future__ import annotations

from entrepot.kit.errors import Refusal


class NotDelivered(Refusal):
    code = "not_delivered"
    status = 409
    template = "You can write about it once it has been delivered."
    next_step = "wait_for_delivery"


class AlreadyReviewed(Refusal):
    code = "already_reviewed"
    status = 409
    template = "You have written about this already."
    next_step = "show_the_review"


class ReviewWindowClosed(Refusal):
    code = "review_window_closed"
    status = 409
    template = "Reviews are open for {days} days after delivery."


class ReviewUnchanged(Refusal):
    code = "review_unchanged"
    status = 409
    template = "This review is {state} already."


class NothingToDispute(Refusal):
    code = "nothing_to_dispute"
    status = 409
    template = "A dispute can be opened about a paid order, until {days} days after its delivery."
    next_step = "talk_to_us"


class DisputeOpen(Refusal):
    code = "dispute_open"
    status = 409
    template = "There is an open dispute about this order already."
    next_step = "add_evidence"


class DisputeStep(Refusal):
    code = "dispute_step"
    status = 409
    template = "The dispute is {state}; “{step}” is not possible now."
    next_step = "look_at_the_dispute"


class ReportDecided(Refusal):
    code = "report_decided"
    status = 409
    template = "This report has been decided already."
    next_step = "look_at_the_report"


class NothingToContest(Refusal):
    code = "nothing_to_contest"
    status = 409
    template = "A complaint is possible once about each decision, from the day it was made."
    next_step = "look_at_the_decision"


class ContestClosed(Refusal):
    code = "contest_closed"
    status = 409
    template = "Complaints about this decision were possible until {until}."
    next_step = "talk_to_us"


class ComplaintDecided(Refusal):
    code = "complaint_decided"
    status = 409
    template = "This complaint has been decided already."
    next_step = "look_at_the_complaint"


class RecallStarted(Refusal):
    code = "recall_started"
    status = 409
    template = "This product is recalled already, for the same goods."
    next_step = "look_at_the_recall"


class NotYetErased(Refusal):
    code = "not_yet_erased"
    status = 409
    template = "Your data cannot be erased while something is open: {orders}. Wait until the order is complete, or cancel it, and ask again."
    next_step = "show_the_orders"
