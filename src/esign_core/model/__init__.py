"""Define the values of a signing process; they do no I/O."""
