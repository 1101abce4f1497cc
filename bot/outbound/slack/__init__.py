"""Slack, seen from inside: what Muster does there, once each, whatever becomes of the line.

port.py        what the rest of Muster may ask of Slack (the fake in tests/fakes keeps the same contract)
client.py      the real one: a thin facade over slack_sdk's AsyncWebClient
line.py        one call: its slot, its timeout, and what its outcome means
errors.py      the one table from Slack's answers to what we must do
limits.py      how often each method may be called
directory.py   the configured channels' names and their ids
performers.py  which function performs which work (living.py, posts.py, channel.py, files.py)
"""
