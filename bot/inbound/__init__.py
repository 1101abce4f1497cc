"""The outside coming in: each module turns it into a `Command` and answers at once."""
