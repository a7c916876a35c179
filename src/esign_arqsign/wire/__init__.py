"""The vendor's JSON: requests and answers in its own shape, and what carries which neutral field."""
