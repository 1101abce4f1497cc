"""What the demo says on the terminal."""

from datetime import timedelta
from typing import Final

from rich.console import Console
from rich.markup import escape

_THINGS_TO_TRY: Final = (
    "In #payments-alerts press [b]Acknowledge[/b], then [b]Declare Incident[/b]: a channel opens, with people in it.",
    "Go there and take command: [b]/incident ic @ana[/b]. Give out roles: [b]/incident comms @bo[/b]",
    "Say something, then act as Bo (top left) and answer: all that is said becomes the timeline.",
    "Say how it stands: [b]/incident update Rolling back 4.2.0[/b], and look at #incidents.",
    "Work through what is known of it: [b]/incident runbook[/b]. Whatever else there is: [b]/incident help[/b]",
    "See what fires: [b]/alerts[/b], and [b]Why?[/b] under an alert. What waits for you stands under Apps, Muster.",
    "End it: [b]/incident resolve Rolled back 4.2.0[/b]. The postmortem draft appears in the channel.",
)


def welcome(console: Console, *, slack: str) -> None:
    """Say what to open and what to try."""
    console.print(f"\nMuster runs, beside a Slack of its own. Open [b]{escape(slack)}[/b]\n", soft_wrap=True)
    for number, what in enumerate(_THINGS_TO_TRY, 1):
        console.print(f"  {number}. {what}", soft_wrap=True)
    console.print(
        "\nPagerDuty is off here. Nothing is kept, and nothing leaves this computer. Ctrl-C ends it.\n", soft_wrap=True
    )


def farewell(console: Console) -> None:
    """Say that it is over."""
    console.print("\nThe demo is over; nothing was kept. How to run it for real stands in README.md.")


def done(console: Console, took: timedelta, what: str, detail: str) -> None:
    """Say that a step of the story went well."""
    more = f"  [dim]{escape(detail)}[/dim]" if detail else ""
    console.print(f"[green]✔[/green] {took.total_seconds():5.1f} s  {escape(what)}{more}", soft_wrap=True)


def missing(console: Console, took: timedelta, what: str, why: str) -> None:
    """Say that a step did not, and why."""
    console.print(f"[red]✘[/red] {took.total_seconds():5.1f} s  {escape(what)}", soft_wrap=True)
    console.print(f"           Missing: {escape(why)}", soft_wrap=True)


def verdict(console: Console, took: timedelta, *, ok: bool) -> None:
    """Say how the story ended."""
    if ok:
        console.print(f"\nThe whole story in {took.total_seconds():.1f} s: nothing lost, nothing twice.")
    else:
        console.print("\n[red]The story did not end well.[/red]")
