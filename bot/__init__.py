"""Muster: the right people in one channel, from the first alert to the last action item."""
