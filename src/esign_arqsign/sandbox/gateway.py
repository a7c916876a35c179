"""The vendor's gateway in front of the application: the second key and the plan's windows, in its own words."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Final

from esign_core.providers.flow import Reply
from esign_core.sandbox import Request, json_reply

_CHALLENGE: Final = {
    "www-authenticate": 'AzureApiManagementKey realm="arqsign-sandbox",name="SubscriptionKey",type="header"'
}
_NO_KEY: Final = (
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to an API."
)
_WRONG_KEY: Final = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
)


def stopped(request: Request, accepted: Iterable[str]) -> Reply | None:
    """Stop a request without the account's SubscriptionKey; the gateway's answer differs from the application's."""
    given = request.headers.get("subscriptionkey", "")
    if any([same(given, key) for key in accepted]):  # noqa: C419 - every key is compared, whatever the first says
        return None
    return json_reply(401, {"statusCode": 401, "message": _WRONG_KEY if given else _NO_KEY}, _CHALLENGE)


def beyond_plan(seconds: int) -> Reply:
    """Tell a client to come back later."""
    message = f"Rate limit is exceeded. Try again in {seconds} seconds."
    return json_reply(429, {"statusCode": 429, "message": message}, {"retry-after": str(seconds)})


def same(given: str, accepted: str) -> bool:
    """Compare two keys in a time that tells nothing about them."""
    return hmac.compare_digest(given.encode(), accepted.encode())
