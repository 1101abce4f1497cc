"""`python -m bot.sandbox`: a Slack workspace on this computer, until Ctrl-C."""

import typer

from bot.sandbox.command import sandbox

if __name__ == "__main__":
    typer.run(sandbox)
