"""Short runs as those of trials.py, of what people do about an incident beside its course, and of its channel's end."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.commands import AssignRole, SendUpdate, SetStatus
from bot.domain.comms_commands import OpenComms
from bot.domain.course_commands import Reopen
from bot.domain.deploys import Deploy
from bot.domain.ids import IncidentId
from bot.domain.keeping_commands import EditRow
from bot.domain.links import Relation
from bot.domain.model import Severity, Status
from bot.domain.note_events import NoteTaken
from bot.domain.people_commands import NoticeGone, NoticePause, NoticeReturn
from bot.domain.record_commands import RecordMove, TakeNote
from bot.domain.roles_model import Role
from bot.domain.subscriptions import Subscribe, of_incident
from bot.domain.task_commands import AddAction, ChangeAction, EndAction, LinkThing, ReopenAction, UndoChange
from bot.domain.undoing import last_change
from bot.engine.deploy_desk import DeployDesk
from bot.errors import Refused
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, POLICY
from tests.fakes.hearing import hear
from tests.fakes.slack import Fault
from tests.torture.trial import A_MINUTE, N, Trial

AN_HOUR = timedelta(hours=1)
# Where it is nine three hours after the clock of a trial begins.
ZONE = "America/Sao_Paulo"


async def something_is_left_to_do(trial: Trial) -> None:
    """One item is moved and given away before its morning comes, the other is done twice; then two mornings pass."""
    await trial.declare()
    await trial.world.advance(A_MINUTE)
    for owner in (BO, CLEO):
        await trial.ask(AddAction(incident=N, text="Mend it", by=ANA, owner=owner, due=_today(trial), zone=ZONE))
    await trial.world.advance(A_MINUTE)
    await trial.resolve()
    tomorrow = _today(trial) + timedelta(days=1)
    await trial.ask(ChangeAction(incident=N, n=1, by=ANA, moves=True, due=tomorrow, zone=ZONE))
    await trial.ask(ChangeAction(incident=N, n=1, by=ANA, user=CLEO, zone=ZONE))
    await trial.ask(EndAction(incident=N, n=2, by=CLEO))
    await trial.ask(ReopenAction(incident=N, n=2, by=ANA))
    await trial.ask(EndAction(incident=N, n=2, by=CLEO))
    await trial.world.advance(A_MINUTE)
    await trial.look()
    await trial.world.advance(30 * AN_HOUR)
    await trial.end()


async def somebody_commands_it_in_time(trial: Trial) -> None:
    await trial.declare(severity=Severity.SEV1)
    await trial.world.advance(A_MINUTE)
    await trial.look()
    await trial.give(BO)
    await trial.world.advance(2 * A_MINUTE)
    await trial.end()


async def two_belong_together(trial: Trial) -> None:
    await trial.declare()
    await trial.declare("Search is slow")
    await trial.ask(LinkThing(incident=N, to=IncidentId(2), relation=Relation.CAUSED_BY, by=ANA))
    await trial.end()


async def somebody_wants_to_hear_of_it(trial: Trial) -> None:
    await trial.declare()
    await trial.ask(Subscribe(topic=of_incident(N), by=BO))
    for text in ("Rolling back", "Still rolling back"):
        await trial.ask(SendUpdate(incident=N, text=text, by=ANA))
        await trial.world.advance(A_MINUTE)
    await trial.end()


async def it_is_talked_of_with_those_outside(trial: Trial) -> None:
    await trial.declare()
    await trial.world.advance(A_MINUTE)
    await trial.ask(OpenComms(incident=N, by=BO))
    await trial.world.advance(A_MINUTE)
    await trial.ask(SendUpdate(incident=N, text="Rolling back", by=ANA))
    await trial.end()


async def a_channel_is_quiet(trial: Trial) -> None:
    trial.world.policy = replace(POLICY, archive_after=4 * AN_HOUR)
    trial.world.start()
    await trial.declare()
    await trial.world.advance(A_MINUTE)
    await trial.resolve()
    await trial.world.advance(AN_HOUR)
    await trial.look()
    await trial.world.advance(4 * AN_HOUR)
    await trial.end()


async def it_is_reopened_while_its_channel_is_archived(trial: Trial) -> None:
    """The process dies of that, before it has written anything down."""
    trial.world.policy = replace(POLICY, archive_after=4 * AN_HOUR)
    trial.world.start()
    await trial.declare()
    await trial.world.advance(A_MINUTE)
    await trial.resolve()

    async def reopened(method: str) -> None:
        if method == "conversations.archive":
            trial.world.slack.meanwhile = None
            await trial.ask(Reopen(incident=N, reason="Errors are back", by=ANA))

    trial.world.slack.meanwhile = reopened
    trial.world.slack.fail(Fault.KILLED_AFTER, method="conversations.archive")
    await trial.world.advance(5 * AN_HOUR)
    await trial.end()


async def somebody_would_undo_what_was_before_the_end(trial: Trial) -> None:
    await trial.declare()
    await trial.ask(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await trial.resolve()
    await trial.world.advance(A_MINUTE)
    await trial.ask(Reopen(incident=N, reason="Errors are back", by=ANA))
    try:
        last = last_change(await trial.world.incident(), await trial.world.timeline())
    except Refused:
        last = None
    if last:
        await trial.ask(UndoChange(incident=N, seq=last.seq, what=last.what, by=BO))
    await trial.end()


async def a_note_is_corrected(trial: Trial) -> None:
    await trial.declare()
    await trial.ask(TakeNote(incident=N, text="It smoks", by=BO))
    (row,) = [row for row in await trial.world.timeline() if isinstance(row.event, NoteTaken)]
    await trial.ask(EditRow(incident=N, row=row.seq, by=ANA, left_out=False, text="It smokes"))
    await trial.end()


async def something_goes_out(trial: Trial) -> None:
    await trial.declare()
    await trial.world.advance(A_MINUTE)
    for version in ("4.1", "4.2"):
        await DeployDesk(trial.world.engine).tell(Deploy(service=CHECKOUT, version=version, at=trial.world.clock.now()))
        await trial.world.advance(A_MINUTE)
    await trial.end()


async def somebody_comes_in(trial: Trial) -> None:
    """Slack tells of it twice, and the channel is read as well."""
    await trial.declare()
    await trial.world.advance(A_MINUTE)
    said = trial.world.slack.write((await trial.world.incident()).channel_name, "has joined", author=BO)
    said.subtype = "channel_join"
    for _ in range(2):
        moved = hear(said.raw(), said.channel)
        assert isinstance(moved, RecordMove)
        await trial.ask(moved)
    await trial.end()


async def somebody_hears_nothing(trial: Trial) -> None:
    """Slack tells twice of the same pause of who is in command."""
    await trial.declare()
    await trial.ask(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    await trial.world.advance(A_MINUTE)
    now = trial.world.clock.now()
    for _ in range(2):
        await trial.ask(NoticePause(incident=N, user=BO, begins=now, ends=now + 60 * A_MINUTE))
    await trial.world.advance(A_MINUTE)
    await trial.end()


async def somebody_leaves_a_private_one(trial: Trial) -> None:
    """They came in while Slack was away, and left before it was back."""
    await trial.declare("A laptop was stolen", private=True)
    await trial.world.advance(A_MINUTE)
    trial.world.slack.down = Fault.REFUSED
    await trial.ask(NoticeReturn(incident=N, user=BO))
    await trial.world.advance(A_MINUTE)
    await trial.ask(NoticeGone(incident=N, user=BO, how="left"))
    await trial.world.advance(2 * A_MINUTE)
    await trial.end()


def _today(trial: Trial) -> date:
    return trial.world.clock.now().date()
