"""Acme Sign, an invented vendor, as a provider of esign."""
