"""What a vendor's package is made of."""
