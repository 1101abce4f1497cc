"""What `muster check` says of names that may name nothing, and of runbooks left out. It keeps nobody from starting.

An alert's `service` may be one of which the file knows nothing, and a runbook may be one that people only look for.
"""

from collections.abc import Iterator, Sequence

from bot.domain.matchers import Matcher, Operator
from bot.domain.policy import Policy
from bot.domain.routing import every_route
from bot.domain.runbooks import Runbook, Seen, fitting
from bot.settings.faults import hint, quoted
from bot.settings.models import Organisation, Settings

_LABEL = "service"


def unnamed(settings: Settings | Organisation) -> Iterator[str]:
    """Yield a line for each name that names nothing here, with what to change."""
    services = settings.policy.services
    if services:
        for place, matchers in _matched(settings):
            for one in matchers:
                if one.name == _LABEL and one.operator is Operator.EQUAL and one.value and one.value not in services:
                    yield f"{place} is for a service that is not there: {quoted(one.value)}{hint(one.value, services)}"
    yield from _of_runbooks(settings.policy)
    yield from (f"Runbook left out: {one}" for one in settings.left_out)


def _matched(settings: Settings | Organisation) -> Iterator[tuple[str, Sequence[Matcher]]]:
    policy = settings.policy
    yield from ((place, route.matchers) for place, route in every_route(policy.routes))
    yield from ((f"Rule {rule.name}", rule.matchers) for rule in policy.declare)
    yield from ((f"Maintenance {one.name}", one.matchers) for one in policy.mute.maintenance)
    for at, one in enumerate(policy.mute.inhibitions):
        yield from ((f"inhibit[{at}].source", one.source), (f"inhibit[{at}].target", one.target))
    yield from ((f"Silence {one.name}", one.matchers) for one in settings.silences)


def _of_runbooks(policy: Policy) -> Iterator[str]:
    for book in policy.runbooks:
        for name in book.services:
            if name not in policy.services:
                known = hint(name, policy.services) or "; there is none under services"
                yield f"Runbook {book.name} is for a service that is not there: {quoted(name)}{known}"
    alone = [book.name for book in policy.runbooks if not _is_led_to(book, policy)]
    if alone:
        how = "name services or alerts at their top; /incident runbook finds them by their words alone"
        yield f"Runbooks to which nothing leads: {', '.join(alone)} ({how})"


def _is_led_to(book: Runbook, policy: Policy) -> bool:
    """Tell whether a service, an alert or an address can lead to a runbook."""
    urls = {service.runbook_url for service in policy.services.values()}
    urls |= {rule.runbook_url for rule in policy.rules.values()}
    seen = Seen(urls=frozenset(url for url in urls if url))
    return bool(book.alerts or book.url or {*book.services} & {*policy.services} or fitting([book], seen))
