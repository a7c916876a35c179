"""Build a vendor's package: base class, flows, validation, plugins."""
