"""Read accounts: configuration, settings and call windows."""
