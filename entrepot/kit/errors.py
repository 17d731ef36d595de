"""Refusals: answers that say no, why, and what to do next."""

from __future__ import annotations

from typing import Any, ClassVar


class Sentence(str):
    """A sentence inside a refusal that a door can say in the reader's language: an English text that remembers its
    template and its facts."""

    __slots__ = ("facts", "template")
    template: str
    facts: dict[str, Any]

    def __new__(cls, template: str, /, **facts: Any) -> Sentence:
        made = super().__new__(cls, template.format_map(facts) if facts else template)
        made.template, made.facts = template, facts
        return made


class Refusal(Exception):
    """An expected no. Doors show `sentence`, programs read `code`, `status` and `facts`.

    A subclass sets `code` (stable, snake_case), `status` (HTTP), `template` (a clear sentence with
    `{fact}` places; translated by the door) and `next_step` (a verb a door can turn into a button). `field` is the
    input it is about, where there is one.
    """

    code: ClassVar[str] = "refused"
    field: ClassVar[str] = ""
    status: ClassVar[int] = 409
    template: ClassVar[str] = "This is not possible now."
    next_step: ClassVar[str] = ""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The English sentence, with the facts filled in."""
        return self.template.format_map(self.facts)


class NotAllowed(Refusal):
    code = "not_allowed"
    status = 403
    template = "This needs the permission “{scope}”."
    next_step = "ask_for_scope"


class NotFound(Refusal):
    """Also the answer for an object of another tenant: it does not exist for the asker."""

    code = "not_found"
    status = 404
    template = "There is no such {what}."
    next_step = "check_the_id"


class Invalid(Refusal):
    """Bad input: `field` names it, `reason` says why, `hint` says the way out."""

    code = "invalid"
    status = 400
    template = "{field}: {reason} {hint}"
    next_step = "correct_the_field"

    def __init__(self, *, field: str, reason: str, hint: str = "", **facts: Any) -> None:
        super().__init__(field=field, reason=reason, hint=hint, **facts)

    @property
    def sentence(self) -> str:
        return super().sentence.rstrip()


class KeyReused(Refusal):
    code = "idempotency_key_reused"
    status = 422
    template = "The key “{key}” was used for another request. Use a new key for a new request."
    next_step = "use_a_new_key"


class Busy(Refusal):
    code = "busy"
    status = 503
    template = "The system is busy. Try again in {seconds} s."
    next_step = "retry"
