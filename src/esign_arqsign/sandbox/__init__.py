"""The ArqSign sandbox: a second, independent reading of the vendor's manual, as a stateful emulator."""

from esign_arqsign.sandbox.account import Credits
from esign_arqsign.sandbox.box import Box
from esign_arqsign.sandbox.dialect import Dialect
from esign_arqsign.sandbox.plan import Plan

__all__ = ["Box", "Credits", "Dialect", "Plan"]
