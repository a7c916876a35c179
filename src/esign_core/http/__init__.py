"""Bytes on the wire; the only package that imports httpx."""
