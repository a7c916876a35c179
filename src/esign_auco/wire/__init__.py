"""Auco's JSON: write requests, and read answers of every generation of the vendor's texts."""
