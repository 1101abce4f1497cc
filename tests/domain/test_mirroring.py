"""Silences shared with an Alertmanager: what ours mean there and theirs here, and who ended which."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import ReportAlert
from bot.domain.group_work import MirrorSilence
from bot.domain.group_work import RecheckMutes as Recheck
from bot.domain.ids import SourceName, UserId
from bot.domain.matchers import matchers_of, text_of
from bot.domain.mirroring import FarSilence, FarState, Sides, Steps, mark_of, newest, numbers, steps, there
from bot.domain.muting import MutePolicy, Silence
from bot.domain.places import incident_of, place
from bot.domain.silence_commands import EndSilence, HearSilence, HearSilenceEnd, SilenceAlerts
from bot.domain.tracks import Track
from bot.errors import Refused
from tests.domain.company import Company
from tests.domain.story import ANA, BO, POLICY, START

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HERE, OTHER = "alertmanager/default", "alertmanager/eu"
MEANT = 'service="checkout", pod=~"a|b"'
NOW = START + 10 * MINUTE


def ours(matchers: str = MEANT, **changes: object) -> Silence:
    made = Silence(
        id=7,
        matchers=matchers_of(matchers),
        by=ANA,
        reason="known",
        created_at=START,
        starts_at=START,
        ends_at=START + HOUR,
    )
    return replace(made, **changes)  # type: ignore[arg-type] # the test names real fields


def far(name: str = "f1", matchers: str = MEANT, **changes: object) -> FarSilence:
    one = FarSilence(
        id=name,
        matchers=matchers_of(matchers),
        by="ana",
        comment="disk is being moved",
        starts_at=START,
        ends_at=START + HOUR,
        updated_at=START,
        state=FarState.ACTIVE,
    )
    return replace(one, **changes)  # type: ignore[arg-type] # the test names real fields


def mirrored(silence: Silence, matchers: str = MEANT, **changes: object) -> FarSilence:
    return far("m1", matchers, comment=f"known {mark_of(silence)}", by="Ana Lima", **changes)


def theirs(**changes: object) -> Silence:
    return ours(MEANT, by=UserId("ana in Alertmanager"), sender=HERE, far_id="f1", **changes)


def held(*silences: Silence, there: tuple[FarSilence, ...] = (), whole: bool = True, shares: bool = True) -> Steps:
    known = newest([there])
    return steps(Sides(sender=HERE, far=known, ours=silences, now=NOW, whole=whole, shares=shares))


@pytest.mark.parametrize(
    ("matchers", "meant"),
    [
        (MEANT, MEANT),
        ('team!="search", pod!~"x.*", a="b"', 'team!="search", pod!~"x.*", a="b"'),
        ('source="alertmanager", integration=~"d.*", a="b"', 'a="b"'),
        ('source="grafana", a="b"', None),
        ('integration!="default", a="b"', None),
        ('severity=~"warning|info", a="b"', 'severity=~"warning|info", a="b"'),
        ('severity="warning"', 'severity="warning"'),
        ('severity!="critical", a="b"', 'severity=~"high|warning|info", a="b"'),
        ('severity=~".*", a="b"', 'a="b"'),
        ('severity="unknown", a="b"', None),
        ('source="alertmanager"', None),
    ],
)
def test_ours_mean_there_what_they_mean_here_or_less(matchers: str, meant: str | None) -> None:
    found = there(ours(matchers), HERE, scale_is_own=False)
    assert (text_of(found) if found else None) == (text_of(matchers_of(meant)) if meant else None)


def test_where_words_for_severities_are_the_organisations_own_the_senders_tell_nothing() -> None:
    assert there(ours('severity="warning"'), HERE, scale_is_own=True) is None
    assert there(ours('severity=~".*", a="b"'), HERE, scale_is_own=True) == matchers_of('a="b"')


def test_the_newest_word_of_any_peer_counts() -> None:
    over = far(state=FarState.EXPIRED, updated_at=NOW)
    assert newest([[far()], [over], [far()]]) == {"f1": over}


def test_a_mark_tells_one_of_ours_from_that_of_another_database() -> None:
    assert mark_of(ours()) != mark_of(ours(created_at=START + MINUTE))
    assert list(numbers([mirrored(ours()), far()])) == [7]


def test_a_silence_of_theirs_is_heard_once_with_who_made_it_and_why() -> None:
    (heard,) = held(there=(far(),)).heard
    assert heard == HearSilence(
        sender=HERE,
        far_id="f1",
        matchers=matchers_of(MEANT),
        by=UserId("ana in Alertmanager"),
        reason="disk is being moved",
        starts_at=START,
        ends_at=START + HOUR,
    )
    assert held(theirs(), there=(far(),)) == Steps()


def test_a_silence_of_theirs_without_words_and_of_another_integration_says_so() -> None:
    sides = Sides(sender=OTHER, far=newest([[far(by=" ", comment=" ")]]), ours=(), now=NOW, whole=True, shares=False)
    (heard,) = steps(sides).heard
    assert (heard.by, heard.reason) == ("somebody in Alertmanager eu", "no reason given")


def test_a_secret_in_what_a_silence_of_theirs_says_is_not_kept() -> None:
    (heard,) = held(there=(far(comment="until password=hun" + "ter2 is changed"),)).heard
    assert heard.reason == "until password=[redacted: password] is changed"


@pytest.mark.parametrize(
    "odd", [far(state=FarState.PENDING), far(state=FarState.EXPIRED), replace(far(), matchers=None)]
)
def test_what_is_not_active_or_cannot_be_read_is_not_heard(odd: FarSilence) -> None:
    assert held(there=(odd,)) == Steps()


def test_what_ends_there_ends_here() -> None:
    end = [HearSilenceEnd(silence=7)]
    assert held(theirs(), there=(far(state=FarState.EXPIRED),)).ended == end
    assert held(theirs()).ended == end
    assert held(theirs(), whole=False).ended == [], "whoever did not answer may have it"
    assert held(theirs(ends_at=NOW)).ended == [], "its time is over anyway"


def test_what_is_changed_there_is_another_one_here() -> None:
    found = held(theirs(), there=(far(ends_at=START + 2 * HOUR),))
    assert found.ended == [HearSilenceEnd(silence=7)]
    assert [one.ends_at for one in found.heard] == [START + 2 * HOUR]


def test_what_we_made_there_is_no_news_in_whatever_order_it_stands() -> None:
    assert held(ours(), there=(mirrored(ours(), matchers='pod=~"a|b", service="checkout"'),)) == Steps()


def test_what_of_ours_was_ended_there_is_over_here() -> None:
    gone = mirrored(ours(), state=FarState.EXPIRED, ends_at=NOW)
    assert held(ours(), there=(gone,)) == Steps(ended=[HearSilenceEnd(silence=7)])
    assert held(ours(), there=(gone,), shares=False).ended == []


def test_what_of_ours_was_changed_there_is_theirs_from_then_on() -> None:
    changed = mirrored(ours(), ends_at=START + 5 * HOUR)
    found = held(ours(), there=(changed,))
    assert found.ended == [HearSilenceEnd(silence=7)]
    assert [(one.far_id, one.reason) for one in found.heard] == [("m1", "known")]
    again = replace(theirs(), id=8, far_id="m1", ends_at=START + 5 * HOUR)
    assert held(ours(ended_at=NOW), again, there=(changed,)) == Steps()


def test_what_of_ours_is_missing_there_is_made_again() -> None:
    wanted = [MirrorSilence(silence=7, sender=HERE)]
    assert held(ours()).wanted == wanted
    assert held(ours(), whole=False).wanted == []
    assert held(ours(created_at=NOW)).wanted == [], "it is on its way"
    assert held(ours(ends_at=NOW)).wanted == []
    assert held(ours(), shares=False).wanted == []
    assert held(ours('severity="unknown"')).wanted == []


def test_what_was_ended_here_and_goes_on_there_is_ended_there() -> None:
    wanted = [MirrorSilence(silence=7, sender=HERE)]
    assert held(ours(ended_at=NOW), there=(mirrored(ours()),)) == Steps(wanted=wanted)
    assert held(theirs(ended_at=NOW), there=(far(),)) == Steps(wanted=wanted)
    assert held(theirs(ended_at=NOW), there=(far(state=FarState.EXPIRED),)) == Steps()
    assert held(replace(theirs(ended_at=NOW), sender=OTHER), there=()) == Steps()


# ---- what the rules make of it


SHARING = replace(POLICY, mute=MutePolicy(followed={HERE: True, OTHER: False}))
HEARD = HearSilence(
    sender=HERE,
    far_id="f1",
    matchers=matchers_of('service="checkout", severity="page"'),
    by=UserId("ana in Alertmanager"),
    reason="known",
    starts_at=START - HOUR,
    ends_at=START + HOUR,
)
MIRROR = MirrorSilence(silence=7, sender=HERE)


def works(company: Company) -> list[object]:
    return [one.work for one in company.last.effects]


def test_a_silence_is_made_and_ended_where_ours_count_as_well() -> None:
    company = Company(SHARING)
    told = SilenceAlerts(matchers=matchers_of(MEANT), lasts=HOUR, by=ANA, reason="known", origin="command")
    company.do(told, at=0)
    assert works(company) == [Recheck(about="S-7"), Recheck(about="S-7", n=1), MIRROR]
    company.do(EndSilence(silence=7, by=BO), at=10)
    assert works(company) == [Recheck(about="S-7", n=2), MIRROR]
    assert place(MIRROR).track is Track.ERRANDS
    assert incident_of(MIRROR) is None


def test_what_is_heard_of_a_sender_is_not_sent_back_to_it_or_on_to_others() -> None:
    company = Company(SHARING)
    company.do(HEARD, at=0)
    assert works(company) == [Recheck(about=HERE), Recheck(about="S-7", n=1)]
    assert company.silence
    assert (company.silence.sender, company.silence.starts_at) == (HERE, START - HOUR)
    company.do(HearSilenceEnd(silence=7), at=10)
    assert works(company) == [Recheck(about=HERE, n=2)]
    company.do(HearSilenceEnd(silence=7), at=20)
    assert works(company) == []


def test_one_of_theirs_that_is_ended_here_is_ended_there_where_that_is_wanted() -> None:
    company = Company(SHARING)
    company.do(HEARD, at=0)
    company.do(EndSilence(silence=7, by=BO), at=10)
    assert works(company) == [Recheck(about=HERE, n=2), MIRROR]
    reading = Company(SHARING)
    reading.do(replace(HEARD, sender=OTHER), at=0)
    with pytest.raises(Refused, match=f"S-7 is a silence of {OTHER}: end it there"):
        reading.do(EndSilence(silence=7, by=BO), at=10)


def test_what_is_over_when_it_is_heard_of_is_none() -> None:
    company = Company(SHARING)
    company.do(HEARD, at=3600)
    assert (works(company), company.silence) == ([], None)
    company.do(HearSilenceEnd(silence=9), at=10)
    assert works(company) == []


def test_one_of_theirs_looks_at_the_labels_as_they_were_sent_and_at_this_senders_alerts_alone() -> None:
    company = Company(SHARING)
    company.do(HEARD, at=0)
    own = {"service": "checkout", "severity": "page", "pod": "a"}
    company.tell("a", at=5)
    assert company.alerts["a"].mute is None
    report = replace(company.alerts["a"].report, fingerprint="b", labels=own)
    told = []
    elsewhere = replace(report, integration="eu"), replace(report, source=SourceName("grafana"))
    for one in (report, *elsewhere):
        company.do(ReportAlert(report=one), at=6)
        told.append(company.last.alert and company.last.alert.mute and company.last.alert.mute.by)
    assert told == ["ana in Alertmanager", None, None]
    company.policy = POLICY
    company.do(ReportAlert(report=report), at=7)
    assert company.last.alert
    assert company.last.alert.mute is None, "its silences are followed no more"
