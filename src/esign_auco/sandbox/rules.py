"""The vendor's rules that look at more than one field: validations, positions, repeated people, expiry, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from esign_auco.sandbox import messages
from esign_auco.sandbox.context import Context, VendorError
from esign_auco.sandbox.schema import read_date, refuse_if
from esign_auco.sandbox.state import Checks
from esign_core.sandbox.people import digits

Body = Mapping[str, Any]

_PLACES: Final = ("type", "label", "position")
_WHATSAPP_ONLY: Final = ("both", "video", "flow", "identificationCardback", "identificationCardBack")
_STRANGERS: Final = "@stranger.example.com"


def member(email: str) -> None:
    """Refuse an acting address that is not of a user of the company.

    The sandbox takes every address for a user of the company, but those at stranger.example.com.
    """
    if email.casefold().endswith(_STRANGERS):
        raise VendorError(messages.USER_NOTFOUND)


def expiry(context: Context, body: Body) -> None:
    """Refuse an expiry that is not more than three days ahead."""
    if "expiredDate" in body and read_date(body["expiredDate"], "expiredDate") <= context.now + timedelta(days=3):
        raise VendorError(messages.EXPIRED_DATE_INVALID)


def sources(body: Body, *names: str, least: int) -> None:
    """Refuse more than one of the fields that say where the PDF comes from, or none where one is needed."""
    given = [name for name in names if body.get(name) not in (None, False)]
    if len(given) > 1:
        raise VendorError(messages.exclusive(*names))
    if len(given) < least:
        raise VendorError(messages.one_required(*names))


def effective(signer: Body, root: Body) -> Checks:
    """Return the checks of a signer: only their own where they declare any, else the root's."""
    own = any(name in signer for name in ("camera", "otpCode", "options"))
    level = signer if own else root
    return Checks(
        camera=bool(level.get("camera", False)),
        otpCode=bool(level.get("otpCode", False)),
        options=dict(level.get("options", {})),
    )


def level(given: Body, path: str) -> None:
    """Refuse options whose switch is missing beside them, at the root or at a signer."""
    options: Body = given.get("options", {})
    for name in ("camera", "otpCode"):
        refuse_if(name in options and given.get(name) is not True, f"{path}options.{name}", f"needs {name}: true")
    for name in _WHATSAPP_ONLY:
        refuse_if(options.get(name) and not options.get("whatsapp"), f"{path}options.{name}", "needs whatsapp: true")


def signer_checks(context: Context, signers: Sequence[Body], root: Body, path: str = "signProfile") -> None:
    """Refuse checks that a signer's data cannot serve."""
    for index, signer in enumerate(signers):
        where = f"{path}[{index}]."
        level(signer, where)
        options = effective(signer, root)["options"]
        wants_phone = options.get("whatsapp") or options.get("otpCode") == "phone"
        refuse_if(wants_phone and "phone" not in signer, f"{where}phone", "is required")
        # The older page's own sample compares a face with a card and gives no number; the newer text demands it.
        if options.get("camera") == "identification" and not context.classic:
            for name in ("identification", "identificationType", "country"):
                refuse_if(name not in signer, f"{where}{name}", "is required")


def places(signers: Sequence[Body], *, exactly: bool, path: str = "signProfile") -> None:
    """Refuse a signer whose signature has no place, or more than one kind of place where one is allowed."""
    for index, signer in enumerate(signers):
        given = [name for name in _PLACES if signer.get(name) not in (None, False)]
        wrong = len(given) != 1 if exactly else not given
        refuse_if(
            wrong, f"{path}[{index}]", f"needs {'exactly' if exactly else 'at least'} one of type, label, position"
        )


def different_people(signers: Iterable[Body], readers: Iterable[Body] = (), *, readers_apart: bool = False) -> None:
    """Refuse an e-mail or a phone that two signers share, and a reader who is a signer where that is forbidden."""
    emails: dict[str, str] = {}
    phones: dict[str, str] = {}
    for signer in signers:
        email = str(signer["email"]).casefold()
        if email in emails:
            raise VendorError(messages.repeated("emails"))
        emails[email] = email
        phone = digits(signer.get("phone"))
        if phone and phones.setdefault(phone, email) != email:
            raise VendorError(messages.repeated("phones"))
    if readers_apart and any(str(reader["email"]).casefold() in emails for reader in readers):
        raise VendorError("The emails of the readers must differ from the signers'")


def letter(body: Body, written_to: Iterable[Checks]) -> None:
    """Refuse a missing subject or message where a signer is notified by e-mail."""
    by_email = any(not checks["options"].get("whatsapp") or checks["options"].get("both") for checks in written_to)
    for name in ("message", "subject"):
        refuse_if(by_email and name not in body, name, "is required")
