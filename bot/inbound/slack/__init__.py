"""The way in from Slack: prove it, read it, turn it into one command, keep it, and only then acknowledge."""
