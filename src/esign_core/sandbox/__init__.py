"""Build vendor sandboxes: requests in, replies out, a clock, people, fault injection and finished PDFs."""

from esign_core.providers.flow import Reply
from esign_core.sandbox.box import Sandbox
from esign_core.sandbox.clock import Clock
from esign_core.sandbox.faults import Faults
from esign_core.sandbox.ids import make_guid, make_id
from esign_core.sandbox.pdf import finished_pdf
from esign_core.sandbox.people import is_person, no_such_signer, not_allowed_now
from esign_core.sandbox.request import Request, binary_reply, json_reply, text_reply
from esign_core.sandbox.router import Match, NoMatch, Router
from esign_core.sandbox.sample import sample_pdf
from esign_core.sandbox.store import State, Store

__all__ = [
    "Clock",
    "Faults",
    "Match",
    "NoMatch",
    "Reply",
    "Request",
    "Router",
    "Sandbox",
    "State",
    "Store",
    "binary_reply",
    "finished_pdf",
    "is_person",
    "json_reply",
    "make_guid",
    "make_id",
    "no_such_signer",
    "not_allowed_now",
    "sample_pdf",
    "text_reply",
]
