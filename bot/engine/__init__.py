"""The engine.

`handle` is the one way in, `dispatch` the one way out. Only here are transactions opened; it knows no Slack.
"""
