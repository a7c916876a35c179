"""A field that is not given differs from a field that is given as nothing."""

from __future__ import annotations

import copy
import pickle

from esign_core.model.fields import UNSET, given
from esign_core.model.resend import PartyEdit, Resend, SecurityCodeEdit, SignatureDataEdit, SignerEdit


def test_unset_is_one_value_and_false() -> None:
    """It stays the same value through copies and pickles, so that it can be asked for by identity."""
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET  # noqa: S301 - our own bytes
    assert copy.deepcopy(UNSET) is UNSET


def test_null_is_given_and_unset_is_not() -> None:
    """None is sent as null; what is unset is not sent."""
    edit = SignerEdit(signer_id="S1", email=None)
    assert given(edit.email)
    assert not given(edit.phone)


def test_everything_of_an_edit_is_unset_unless_given() -> None:
    """A field that was left out changes nothing at the vendor's."""
    party = PartyEdit()
    assert not any(map(given, (party.name, party.document_number, party.validate, party.discard_previous)))
    code = SecurityCodeEdit()
    assert not any(map(given, (code.channel, code.email, code.phone, code.allow_resend)))
    assert not any(map(given, (SignatureDataEdit().signatory, SignatureDataEdit().company)))


def test_edits_take_any_iterable_and_show_nobody() -> None:
    """A resend is a value like the others."""
    resend = Resend(edits=[SignerEdit(signer_id="S1", email="ana@example.com")], requested_by="me@example.com")
    assert isinstance(resend.edits, tuple)
    assert "example.com" not in repr(resend)
    assert "S1" in repr(resend)
