"""Fakes: in memory, on the test's clock, held to the same contracts as what they stand for."""
