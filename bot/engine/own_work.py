"""What the engine performs itself, without anybody outside: what waits for its time, and what only it can look up."""

from collections.abc import Mapping

from bot.engine.handle import Engine
from bot.engine.jobs import Perform
from bot.engine.rechecking import Rechecker
from bot.engine.timers import TIMERS, fire
from bot.engine.watchdogs import Watcher


def own_performers(engine: Engine) -> Mapping[str, Perform]:
    """Return them by the kind of work."""
    return {
        **dict.fromkeys(TIMERS, fire),
        "heartbeat.watch": Watcher(engine).watch,
        "alerts.recheck_mutes": Rechecker(engine).recheck,
    }
