"""What a signing process is: values without I/O."""
