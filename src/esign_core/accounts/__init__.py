"""Who sends: configuration, settings and call windows of an account."""
