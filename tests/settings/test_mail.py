"""The blocks `smtp` and `mail`: where e-mails are taken in, and how they are read."""

from pathlib import Path

import pytest

from bot.domain.ids import SourceName
from bot.inbound.authentication import Integration
from bot.inbound.mail_rules import FIRING, MailRules
from bot.settings import load, load_file, mail_rules_of, summarise
from bot.settings.models import SmtpSettings
from tests.settings.files import faults_of, written
from tests.settings.test_sources import ENOUGH

EMAIL = SourceName("email")
TOKENS = {**ENOUGH, "MAIL_TOKEN": "m"}


def test_e_mails_are_on_when_somebody_listens_and_has_a_secret(tmp_path: Path) -> None:
    text = "smtp: {port: 2525}\nsources: {email: {token_env: MAIL_TOKEN}}"
    settings = load(written(text, tmp_path), TOKENS)
    assert settings.smtp == SmtpSettings(port=2525)
    assert settings.senders[EMAIL] == (Integration(secrets=("m",)),)
    (line,) = (line for line in summarise(settings).splitlines() if "email" in line)
    assert line.endswith("on (1 token)")


def test_without_a_listener_e_mails_are_off(tmp_path: Path) -> None:
    settings = load(written("sources: {email: {token_env: MAIL_TOKEN}}", tmp_path), TOKENS)
    assert EMAIL not in settings.senders
    assert "Alerts from email: off (smtp is not set)" in summarise(settings)


def test_each_sender_of_e_mails_may_have_rules_of_its_own(tmp_path: Path) -> None:
    text = """
smtp: {port: 25, certificate: /etc/muster/mail.pem, key: /etc/muster/mail.key, require_tls: true}
sources:
  email:
    mail: {identity: X-Alert-Id}
    integrations:
      de: {token_env: DE_TOKEN, mail: {resolved: [Behoben, OK], identity: [X-A, x-b], labels: {service: X-Service}}}
      us: {token_env: US_TOKEN}
"""
    found = load_file(written(text, tmp_path))
    assert found.smtp
    assert found.smtp.require_tls
    assert mail_rules_of(found.sources) == {
        "default": MailRules(identity=("x-alert-id",)),
        "de": MailRules(
            resolved=frozenset({"behoben", "ok"}),
            firing=FIRING,
            identity=("x-a", "x-b"),
            labels={"service": "x-service"},
        ),
    }
    assert found.sources[EMAIL].integrations["default"].token_variables == ("MUSTER_ALERTS_TOKEN",)
    assert mail_rules_of({}) == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("smtp: {}", "smtp.port: is missing"),
        ("smtp: {port: 65536}", "smtp.port: Input should be less than or equal to 65535"),
        ('smtp: {port: "25"}', "smtp.port: Input should be a valid integer"),
        ("sources: {zabbix: {mail: {}}}", "sources.zabbix.mail: zabbix sends no e-mails; these are rules for email"),
        ("sources: {email: {mail: {identity: [X Y]}}}", "must be the name of a header"),
        ("sources: {email: {mail: {identity: [7]}}}", "must be the name of a header"),
    ],
)
def test_a_block_that_cannot_be_used_is_refused(text: str, fault: str, tmp_path: Path) -> None:
    (line,) = faults_of(written(text, tmp_path))
    assert fault in line
