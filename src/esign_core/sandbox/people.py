"""Find the people of a sandbox by e-mail, phone or signer id, and build the errors when none is found."""

from __future__ import annotations

import re


def same_email(one: str | None, other: str | None) -> bool:
    """Return whether two e-mail addresses are equal without regard to case."""
    return bool(one) and bool(other) and str(one).strip().casefold() == str(other).strip().casefold()


def same_phone(one: str | None, other: str | None) -> bool:
    """Return whether two phone numbers are equal without regard to separators."""
    return bool(digits(one)) and digits(one) == digits(other)


def digits(phone: str | None) -> str:
    """Return the digits of a phone number."""
    return re.sub(r"\D", "", phone or "")


def is_person(who: str, *, email: str | None = None, phone: str | None = None, id: str | None = None) -> bool:
    """Return whether `who` is the person with this e-mail, phone or signer id."""
    if "@" in who:
        return same_email(who, email)
    if id is not None and who == id:
        return True
    # A bare id of digits must not be taken for a phone number, nor a code with letters in it.
    return bool(re.fullmatch(r"\+?[\d\s().-]{7,}", who)) and same_phone(who, phone)


def no_such_signer(action: str, *, process_id: str | None = None) -> LookupError:
    """Return the error for a signer who was not found; it names no person, because texts of errors are kept."""
    where = "that process" if process_id else "any open process"
    return LookupError(
        f"No signer who could {action} was found in {where}: give the e-mail, phone or id of a signer whose turn "
        "it is, and look at the process with client.get to see who that is."
    )


def not_allowed_now(action: str, why: str) -> ValueError:
    """Return the error for something that a signer cannot do at this moment."""
    return ValueError(f"This signer cannot {action} now: {why}.")
