"""How a message is worded for each kind of address, and what else Apprise is told about it. Pure.

An id that stays the same makes copies one: a webhook's `id`, PagerDuty's and Opsgenie's key of the trouble.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from portico.notify import address
from portico.notify.message import Message

Parameters = Mapping[str, str]

_SHORT = frozenset((
    "46elks", "africas_talking", "bulksms", "bulkvs", "burstsms", "clickatell", "clicksend",
    "d7sms", "exotel", "freemobile", "httpsms", "kavenegar", "messagebird", "msg91", "msgbird",
    "nexmo", "octopush", "plivo", "seven", "sfr", "sinch", "smpp", "smpps", "smseagle",
    "smsmanager", "smsmgr", "sns", "telnyx", "twilio", "voipms", "vonage", "pagerduty", "signl4",
    "pushover", "prowl",
))  # fmt: skip
"""Addresses that reach a phone's small screen, and charge by the character."""


def text(url: str, message: Message) -> str:
    """The body for this address."""
    return message.short if address.kind(url) in _SHORT else message.text


def addressed(url: str, message: Message) -> str:
    """The address with what this kind of it takes besides; what the address says itself holds."""
    found = _PARAMETERS.get(address.kind(url))
    if found is None:
        return url
    given = {part.partition("=")[0] for part in url.partition("?")[2].split("&")}
    more = {name: value for name, value in found(message).items() if value and name not in given}
    added = "&".join(f"{name}={quote(value, safe='')}" for name, value in more.items())
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}{added}" if added else url


def _webhook(message: Message) -> Parameters:
    return {
        ":id": message.id,
        ":thread": message.thread,
        ":severity": message.severity,
        ":over": "yes" if message.over else "no",
        ":link": _first_link(message),
    }


def _pagerduty(message: Message) -> Parameters:
    """Apprise resolves what has the same key when it is over."""
    return {"dedup": message.thread, "action": "map", "click": _first_link(message), "source": "portico"}


def _opsgenie(message: Message) -> Parameters:
    """Apprise adds infos to nothing, and calls an alert by its entity."""
    return {"alias": message.thread, "entity": message.thread, "action": "map", ":info": "new"}


def _first_link(message: Message) -> str:
    return message.links[0].url if message.links else ""


_PARAMETERS: Mapping[str, Callable[[Message], Parameters]] = {
    **dict.fromkeys(("json", "jsons", "form", "forms", "xml", "xmls"), _webhook),
    "pagerduty": _pagerduty,
    "opsgenie": _opsgenie,
}
