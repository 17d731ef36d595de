"""Refusals of the parties room."""

from __future__ import annotations

from entrepot.kit.errors import Refusal


class NotSignedIn(Refusal):
    code = "not_signed_in"
    status = 401
    template = "Please sign in."
    next_step = "sign_in"


class SecondFactorNeeded(Refusal):
    code = "second_factor_needed"
    status = 403
    template = "Our own people sign in with a second factor. Please set one up."
    next_step = "set_up_second_factor"


class KeyRefused(Refusal):
    """One answer for an unknown, wrong, expired or revoked key: it tells nothing about which."""

    code = "key_refused"
    status = 401
    template = "This API key is not valid."
    next_step = "use_another_key"


class EmailTaken(Refusal):
    """Never shown by the sign-up page, which must not tell who has an account."""

    code = "email_taken"
    status = 409
    template = "An account with this e-mail exists."
    next_step = "sign_in"


class SlugTaken(Refusal):
    code = "slug_taken"
    status = 409
    template = "The shop address “{slug}” is taken."
    next_step = "choose_another"


class AlreadyOnTeam(Refusal):
    code = "already_on_team"
    status = 409
    template = "{email} is already on the team."


class LastOwner(Refusal):
    code = "last_owner"
    status = 409
    template = "A seller keeps at least one owner."
    next_step = "add_another_owner"


class LastManager(Refusal):
    code = "last_manager"
    status = 409
    template = "At least one operator stays manager."
    next_step = "add_another_manager"


class SellerStateUnchanged(Refusal):
    code = "seller_state_unchanged"
    status = 409
    template = "This seller is {state} already."


class SellerNotReady(Refusal):
    code = "seller_not_ready"
    status = 409
    template = "This seller cannot be approved yet. Missing: {missing}."
    next_step = "complete_the_profile"


class ScopeNotYours(Refusal):
    code = "scope_not_yours"
    status = 403
    template = "You cannot give away the permission “{scope}”: you do not hold it, or no key may."
    next_step = "choose_other_scopes"


class TooManyAddresses(Refusal):
    code = "too_many_addresses"
    status = 409
    template = "At most {most} addresses can be kept."
    next_step = "delete_an_address"


class TooManyTries(Refusal):
    code = "too_many_tries"
    status = 429
    template = "Too many tries. Please wait {seconds} s."
    next_step = "wait"


class OnATeam(Refusal):
    code = "on_a_team"
    status = 409
    template = "You still work here for {team}: let somebody take you off the team first, or write to us if you are its only owner."
    next_step = "leave_the_team"
