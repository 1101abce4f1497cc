"""The database.

State, timeline, effects and receipts in one place, so that one transaction can write them all. Knows SQL and no Slack.
"""
