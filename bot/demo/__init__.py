"""`muster demo`: the real bot beside a Slack of its own, to be tried in the browser or walked through by itself.

Nothing is configured, nothing is kept, nobody is paged, and nothing leaves this computer.
"""

from bot.demo.stage import Ports, play

__all__ = ["Ports", "play"]
