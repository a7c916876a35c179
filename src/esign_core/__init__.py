"""One way to have documents signed, whoever the vendor is: the core that every provider plugs into."""
