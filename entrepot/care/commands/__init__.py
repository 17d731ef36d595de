"""Every write of the care room: reviews, disputes, reports and what is decided about them."""

from entrepot.care.commands.disputes import (
    add_evidence,
    answer_dispute,
    close_dispute,
    decide_dispute,
    escalate_late_disputes,
    open_dispute,
)
from entrepot.care.commands.erase import ask_erasure, erase_words
from entrepot.care.commands.recalls import start_recall, write_recall_letters
from entrepot.care.commands.reports import (
    ReportRef,
    contest_report,
    contest_restriction,
    decide_complaint,
    decide_report,
    enter_order,
    lift_restriction,
    note_approval,
    note_suspension,
    report_content,
)
from entrepot.care.commands.reviews import (
    ReviewDraft,
    answer_review,
    hide_review,
    save_reviews,
    show_review,
    write_review,
)

__all__ = [
    "ReportRef",
    "ReviewDraft",
    "add_evidence",
    "answer_dispute",
    "answer_review",
    "ask_erasure",
    "close_dispute",
    "contest_report",
    "contest_restriction",
    "decide_complaint",
    "decide_dispute",
    "decide_report",
    "enter_order",
    "erase_words",
    "escalate_late_disputes",
    "hide_review",
    "lift_restriction",
    "note_approval",
    "note_suspension",
    "open_dispute",
    "report_content",
    "save_reviews",
    "show_review",
    "start_recall",
    "write_recall_letters",
    "write_review",
]
