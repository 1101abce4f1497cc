"""Which incidents wait for whom: those in which they hold a role, and those of which they owe the updates."""

from dataclasses import replace

from bot.domain.finding import Finding, Wanted
from bot.domain.home import Home
from bot.domain.ids import IncidentId, UserId
from bot.domain.roles_model import AnyRole, Role
from tests.views.samples import ANA, BO, CLEO, INCIDENT, LED

NOTHING = Finding(wanted=Wanted())


def waiting(user: UserId) -> list[tuple[int, list[AnyRole]]]:
    nobody = replace(INCIDENT, id=IncidentId(43))
    told = replace(LED, id=IncidentId(44), roles={Role.COMMANDER: BO, Role.COMMUNICATIONS: CLEO})
    home = Home(user=user, incidents=(LED, nobody, told), mine=NOTHING, firing=NOTHING)
    return [(incident.id, list(held)) for incident, held in home.waiting()]


def test_an_incident_waits_for_who_holds_a_role_in_it_and_for_who_owes_its_updates() -> None:
    assert waiting(ANA) == [(42, [Role.SCRIBE]), (43, [])]
    assert waiting(BO) == [(42, [Role.COMMANDER]), (44, [Role.COMMANDER])]
    assert waiting(CLEO) == [(44, [Role.COMMUNICATIONS])]
    assert waiting(UserId("U0DEE")) == []
