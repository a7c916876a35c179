"""What happens next, decided without I/O."""
