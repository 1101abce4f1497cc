"""GitHub's webhook: a workflow that fails on the default branch is an alert, until it succeeds there again.

Runs are put in order by their start: a success of a run that began before the failed one ends nothing. Of every other
event, and of a ping, nothing comes. The same JSON may come as the only field of a form.
(https://docs.github.com/webhooks/webhook-events-and-payloads#workflow_run)
"""

from collections.abc import Callable, Mapping
from urllib.parse import unquote_to_bytes

from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.payloads import (
    LABEL_VALUE,
    SUMMARY,
    TITLE,
    as_labels,
    as_line,
    as_object,
    as_table,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.templates import first_moment

NAME = SourceName("github")

_FAILED = {"failure": "failed", "timed_out": "timed out", "startup_failure": "did not start"}
_SUCCEEDED = "success"
_FORM = b"payload="
# One of these is in whatever GitHub sends.
_ITS_OWN = ("zen", "hook", "hook_id", "sender", "repository", "organization", "installation", "enterprise")


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one event; most are no alert.

    Raises:
        BadInput: GitHub sends nothing like that, or a run of a workflow cannot be read.
    """
    form = body.startswith(_FORM)
    told = unquote_to_bytes(body.removeprefix(_FORM).replace(b"+", b" ")) if form else body
    event = as_object(read_json(told), "the body")
    if not any(name in event for name in _ITS_OWN):
        raise BadInput("this is no event of GitHub's")
    if "workflow_run" not in event or event.get("action") != "completed":
        return ()
    run = as_object(event.get("workflow_run"), "`workflow_run`")
    repository = as_object(event.get("repository"), "`repository`")
    if not _is_on_the_default_branch(run, repository):
        return ()
    conclusion = as_line(run.get("conclusion"), TITLE)
    if conclusion not in _FAILED and conclusion != _SUCCEEDED:
        return ()  # cancelled, skipped, neutral and the like say nothing of whether it works
    return (_alert(conclusion, run, repository),)


def _is_on_the_default_branch(run: Mapping[str, object], repository: Mapping[str, object]) -> bool:
    """Tell whether it ran there, and not on the branch of that name in somebody's fork."""
    branch = run.get("head_branch")
    head = as_table(run.get("head_repository")).get("full_name", repository.get("full_name"))
    return bool(branch) and branch == repository.get("default_branch") and head == repository.get("full_name")


def _alert(conclusion: str, run: Mapping[str, object], repository: Mapping[str, object]) -> ReportedAlert:
    began = first_moment(run.get("run_started_at"), run.get("created_at"))
    full_name, workflow = as_line(repository.get("full_name"), LABEL_VALUE), as_line(run.get("workflow_id"), TITLE)
    if began is None or not full_name or not workflow:
        raise BadInput("run_started_at, workflow_id or the repository's full_name is missing")
    is_over = conclusion == _SUCCEEDED
    branch, name = as_line(run.get("head_branch"), LABEL_VALUE), as_line(run.get("name"), TITLE)
    title = name or as_line(run.get("path"), TITLE) or f"Workflow {workflow}"
    what = "succeeded" if is_over else _FAILED[conclusion]
    return ReportedAlert(
        source=NAME,
        fingerprint=fingerprint_of({"repository": full_name, "workflow": workflow, "branch": branch}),
        status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
        starts_at=began,
        ends_at=began if is_over else None,
        title=title[:TITLE],
        summary=f"{title} {what} on {branch} of {full_name}"[:SUMMARY],
        description=as_line(run.get("display_title"), SUMMARY),
        labels=as_labels(
            {
                "service": repository.get("name"),
                "repository": full_name,
                "branch": branch,
                "workflow": name,
                "trigger": run.get("event"),
                "commit": run.get("head_sha"),
                "run": run.get("run_number"),
            }
        ),
        source_url=as_url(run.get("html_url")),
    )


SAMPLE = b"""{
  "action": "completed",
  "workflow_run": {
    "id": 9182736455,
    "name": "Release",
    "path": ".github/workflows/release.yml",
    "head_branch": "main",
    "head_sha": "5f0c9e2b7a4d1863c0de5f0c9e2b7a4d1863c0de",
    "display_title": "Pay by invoice",
    "run_number": 412,
    "run_attempt": 1,
    "event": "push",
    "status": "completed",
    "conclusion": "failure",
    "workflow_id": 771204,
    "html_url": "https://github.com/example/ledger/actions/runs/9182736455",
    "created_at": "2026-03-02T09:10:02Z",
    "run_started_at": "2026-03-02T09:10:02Z",
    "updated_at": "2026-03-02T09:14:27Z",
    "head_repository": {"full_name": "example/ledger"}
  },
  "workflow": {"id": 771204, "name": "Release", "state": "active"},
  "repository": {"id": 55120, "name": "ledger", "full_name": "example/ledger", "default_branch": "main"},
  "sender": {"login": "ana-example"}
}"""
