"""Auco's JSON: what requests are written as, and what answers of every generation of its texts are read into."""
