"""What plugin authors and users test with: `play`, the provider contract, settings for cassettes."""

from esign_core.testing.play import Played, play

__all__ = ["Played", "play"]
