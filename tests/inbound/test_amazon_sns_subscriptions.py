"""Subscriptions of Amazon SNS: confirmed afterwards, at Amazon's own address, for topics that are listed."""

from collections.abc import Mapping

import pytest

from bot.domain.work import ConfirmSubscription, WarnAdmins, Work
from tests.inbound.amazon import OTHER, SUBSCRIBE, TOPIC, Amazon, border_of, sent, signed, subscription


async def asked_for(message: Mapping[str, str]) -> list[Work | None]:
    border = border_of(Amazon())
    assert await sent(border, signed(message)) == 202
    return [kept.asks for kept in border.shelf.kept]


@pytest.mark.parametrize("topic", [TOPIC, TOPIC.replace(":", "%3A")])
async def test_a_subscription_to_a_listed_topic_is_to_be_confirmed_later(topic: str) -> None:
    url = SUBSCRIBE.replace(TOPIC, topic)
    assert await asked_for(subscription(SubscribeURL=url)) == [ConfirmSubscription(topic=TOPIC, url=url)]


@pytest.mark.parametrize(
    "url",
    [
        "",
        SUBSCRIBE.replace("https", "http"),
        SUBSCRIBE.replace(".com/", ".com.evil.example/"),
        SUBSCRIBE.replace("sns.", "evil.example/sns."),
        SUBSCRIBE.replace("eu-west-1.amazonaws", "us-east-2.amazonaws"),
        SUBSCRIBE.replace(TOPIC, OTHER),
        SUBSCRIBE.replace("ConfirmSubscription", "DeleteTopic"),
        SUBSCRIBE + "&Action=DeleteTopic",
        SUBSCRIBE.replace("Token", "Other"),
        SUBSCRIBE + "#@evil.example",
    ],
)
async def test_an_address_that_is_not_amazon_s_is_never_asked_and_the_admins_are_told(url: str) -> None:
    (asked,) = await asked_for(subscription(SubscribeURL=url))
    assert isinstance(asked, WarnAdmins)
    assert "evil" not in asked.text


async def test_a_subscription_to_a_topic_that_is_not_listed_is_refused() -> None:
    border = border_of(amazon := Amazon())
    assert await sent(border, signed(subscription(TopicArn=OTHER + "x"))) == 401
    assert (amazon.asked, border.shelf.kept) == ([], [])


async def test_the_end_of_a_subscription_is_told_to_the_admins() -> None:
    (asked,) = await asked_for(subscription(Type="UnsubscribeConfirmation"))
    assert asked == WarnAdmins(
        subject=f"sns-{TOPIC}", text=f"{TOPIC} sends us no alerts any more: its subscription was ended."
    )


def test_the_token_in_the_address_does_not_show() -> None:
    assert "2336fee1" not in repr(ConfirmSubscription(topic=TOPIC, url=SUBSCRIBE))
