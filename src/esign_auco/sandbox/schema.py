"""The checks of which the Auco sandbox composes request schemas; nothing is coerced."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from esign_auco.sandbox.context import VendorError

Check = Callable[[Any, str], None]

_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_PHONE: Final = re.compile(r"\+[1-9]\d{6,14}")


def refuse_if(wrong: object, path: str, message: str) -> None:
    """Refuse the request, naming the field and never its value."""
    if wrong:
        raise VendorError(f'"{path}" {message}')


def anything(value: Any, path: str) -> None:
    """Accept any value."""


def text(value: Any, path: str) -> None:
    """Accept a text that is not blank."""
    refuse_if(not isinstance(value, str), path, "must be a string")
    refuse_if(not value.strip(), path, "is not allowed to be empty")


def string(value: Any, path: str) -> None:
    """Accept a text that may be empty."""
    refuse_if(not isinstance(value, str), path, "must be a string")


def text_up_to(limit: int) -> Check:
    """Accept a text of so many characters at most."""

    def check(value: Any, path: str) -> None:
        text(value, path)
        refuse_if(len(value) > limit, path, f"must be {limit} characters long at most")

    return check


def country(value: Any, path: str) -> None:
    """Accept a country's two letters."""
    refuse_if(not isinstance(value, str) or not re.fullmatch("[A-Z]{2}", value), path, "must be a country code")


def flag(value: Any, path: str) -> None:
    """Accept true or false."""
    refuse_if(not isinstance(value, bool), path, "must be a boolean")


def number(value: Any, path: str) -> None:
    """Accept a number; true and false are not numbers."""
    refuse_if(isinstance(value, bool) or not isinstance(value, int | float), path, "must be a number")


def hours(value: Any, path: str) -> None:
    """Accept a whole number of hours."""
    refuse_if(isinstance(value, bool) or not isinstance(value, int), path, "must be a number")
    refuse_if(value < 1, path, "must be greater than or equal to 1")


def hours_by_three(value: Any, path: str) -> None:
    """Accept a whole number of hours that three divides."""
    hours(value, path)
    refuse_if(value % 3, path, "must be a multiple of 3")


def fraction(value: Any, path: str) -> None:
    """Accept a share of the page's width or height."""
    number(value, path)
    refuse_if(not 0 <= value <= 1, path, "must be between 0 and 1")


def length(value: Any, path: str) -> None:
    """Accept a size in PDF points."""
    number(value, path)
    refuse_if(not 0 < value < float("inf"), path, "must be a positive number")


def page(value: Any, path: str) -> None:
    """Accept the number of a page."""
    refuse_if(isinstance(value, bool) or not isinstance(value, int) or value < 1, path, "must be a page number from 1")


def email(value: Any, path: str) -> None:
    """Accept an e-mail address."""
    text(value, path)
    refuse_if(not _EMAIL.fullmatch(value), path, "must be a valid email")


def phone(value: Any, path: str) -> None:
    """Accept a phone number with its country's prefix."""
    text(value, path)
    refuse_if(not _PHONE.fullmatch(value), path, "must be a phone number with its country's prefix")


def turn(value: Any, path: str) -> None:
    """Accept a place in the order of signing: documented as a string."""
    text(value, path)
    refuse_if(not re.fullmatch(r"\d{1,4}", value), path, "must be a string of digits")


def color(value: Any, path: str) -> None:
    """Accept a colour."""
    refuse_if(
        not isinstance(value, str) or not re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", value), path, "must be a color"
    )


def web_address(value: Any, path: str) -> None:
    """Accept a web address."""
    refuse_if(
        not isinstance(value, str) or not re.fullmatch(r"https?://[^\s/]+\S*", value), path, "must be a valid uri"
    )


def hex_id(value: Any, path: str) -> None:
    """Accept an identifier of 24 hexadecimal characters."""
    refuse_if(not isinstance(value, str) or not re.fullmatch(r"[0-9a-fA-F]{24}", value), path, "must be a valid id")


def date(value: Any, path: str) -> None:
    """Accept a moment as JSON writes dates."""
    read_date(value, path)


def read_date(value: Any, path: str) -> datetime:
    """Read a moment as JSON writes dates: ISO 8601 with time and zone."""
    text(value, path)
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise VendorError(f'"{path}" must be a date in ISO 8601 format') from error
    refuse_if(found.tzinfo is None, path, "must be a date in ISO 8601 format")
    return found


def pdf(value: Any, path: str) -> None:
    """Accept a PDF in Base64."""
    read_pdf(value, path)


def read_pdf(value: Any, path: str) -> bytes:
    """Read a PDF from its Base64."""
    text(value, path)
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise VendorError(f'"{path}" must be a valid base64 string') from error
    refuse_if(not content.startswith(b"%PDF-"), path, "must be a PDF")
    return content


def one_of(*words: str) -> Check:
    """Accept one of these words."""

    def check(value: Any, path: str) -> None:
        refuse_if(not isinstance(value, str) or value not in words, path, f"must be one of [{', '.join(words)}]")

    return check


def either(first: Check, second: Check) -> Check:
    """Accept what one check or the other accepts."""

    def check(value: Any, path: str) -> None:
        try:
            first(value, path)
        except VendorError:
            second(value, path)

    return check


def items(check_item: Check, *, least: int = 1) -> Check:
    """Accept an array of such items."""

    def check(value: Any, path: str) -> None:
        refuse_if(not isinstance(value, list), path, "must be an array")
        refuse_if(len(value) < least, path, f"must contain at least {least} items")
        for index, item in enumerate(value):
            check_item(item, f"{path}[{index}]")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Accept an object that has the required fields, perhaps the optional ones, and no others."""
    known = {**(optional or {}), **required}

    def check(value: Any, path: str) -> None:
        refuse_if(not isinstance(value, dict), path or "value", "must be an object")
        for name in value:
            refuse_if(name not in known, _join(path, name), "is not allowed")
        for name in required:
            refuse_if(name not in value, _join(path, name), "is required")
        for name, check_field in known.items():
            if name in value:
                check_field(value[name], _join(path, name))

    return check


def free_object(value: Any, path: str) -> None:
    """Accept any object."""
    refuse_if(not isinstance(value, dict), path, "must be an object")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
