"""The common floor of every emulator: requests in, answers out, a clock, people, faults and finished PDFs."""

from esign_core.sandbox.box import Sandbox
from esign_core.sandbox.clock import Clock
from esign_core.sandbox.faults import Faults
from esign_core.sandbox.ids import made_up, made_up_guid
from esign_core.sandbox.pdf import finished_pdf
from esign_core.sandbox.people import means, nobody, not_now
from esign_core.sandbox.request import Answer, Request
from esign_core.sandbox.router import Match, NoMatch, Router
from esign_core.sandbox.store import State, Store

__all__ = [
    "Answer",
    "Clock",
    "Faults",
    "Match",
    "NoMatch",
    "Request",
    "Router",
    "Sandbox",
    "State",
    "Store",
    "finished_pdf",
    "made_up",
    "made_up_guid",
    "means",
    "nobody",
    "not_now",
]
