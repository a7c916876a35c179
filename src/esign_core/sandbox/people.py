"""The people of a sandbox: who is meant by an e-mail, a phone or a signer id, and what to say when nobody is."""

from __future__ import annotations

import re


def same_email(one: str | None, other: str | None) -> bool:
    """Tell whether two e-mail addresses are the same person's, whatever their case."""
    return bool(one) and bool(other) and str(one).strip().casefold() == str(other).strip().casefold()


def same_phone(one: str | None, other: str | None) -> bool:
    """Tell whether two phone numbers are the same, whatever signs separate their digits."""
    return bool(digits(one)) and digits(one) == digits(other)


def digits(phone: str | None) -> str:
    """Keep the digits of a phone number."""
    return re.sub(r"\D", "", phone or "")


def means(who: str, *, email: str | None = None, phone: str | None = None, id: str | None = None) -> bool:
    """Tell whether `who` is the person with this e-mail, phone or signer id."""
    if "@" in who:
        return same_email(who, email)
    if id is not None and who == id:
        return True
    # A bare id of digits must not be taken for a phone number, nor a code with letters in it.
    return bool(re.fullmatch(r"\+?[\d\s().-]{7,}", who)) and same_phone(who, phone)


def nobody(deed: str, *, process_id: str | None = None) -> LookupError:
    """Make the error for a person who is not there; it names nobody, because texts of errors are kept."""
    where = "that process" if process_id else "any open process"
    return LookupError(
        f"Nobody who could {deed} was found in {where}: give the e-mail, phone or id of a signer whose turn it is, "
        "and look at the process with client.get to see who that is."
    )


def not_now(deed: str, why: str) -> ValueError:
    """Make the error for something a person cannot do at this moment."""
    return ValueError(f"This signer cannot {deed} now: {why}.")
