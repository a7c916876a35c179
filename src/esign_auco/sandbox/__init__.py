"""The Auco sandbox: an independent, strict reading of the vendor's texts, as an emulator inside this program."""

from esign_auco.sandbox.box import Box

__all__ = ["Box"]
