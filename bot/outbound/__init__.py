"""The way out: one performer a kind of work."""
