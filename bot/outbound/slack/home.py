"""Publishes somebody's Home tab, as all stands at that moment.

It replaces what they saw before, whatever that was, so it may be published twice: a lost answer hurts nobody, and no
hash of an older one is held against it.
"""

from collections.abc import Awaitable, Callable

from bot.clock import Clock
from bot.domain.home import Home, ShowHome
from bot.domain.ids import UserId
from bot.engine.jobs import Done, Job, Perform
from bot.outbound.slack.port import Slack
from bot.views.home import home_view


def home_performer(slack: Slack, look: Callable[[UserId], Awaitable[Home]], clock: Clock) -> Perform:
    """Return what performs `ShowHome`; `look` looks up what somebody is to know, outside of any writing."""

    async def perform(job: Job) -> Done:
        if not isinstance(job.work, ShowHome):
            raise TypeError(f"ShowHome was wanted, {type(job.work).__name__} came")
        home, me = await look(job.work.user), await slack.whoami()
        await slack.publish_home(job.work.user, home_view(home, me.url, clock.now()))
        return Done()

    return perform
