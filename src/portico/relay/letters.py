"""What is written to subscribers of the status page: to confirm, to welcome, and what people said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portico.intake import subscribers
from portico.intake.subscribers import Letter
from portico.ledger.bulletins import Bulletin, Update
from portico.notify.letter import Mail


@dataclass(frozen=True, slots=True)
class Page:
    """`address` ends in a slash; `sender` is empty where the channel's own is meant."""

    title: str
    address: str
    timezone: str
    sender: str


def confirm(page: Page, letter: Letter) -> Mail:
    """The code stands behind a `#`, which no browser sends along: opening the page does nothing."""
    body = f"""Somebody, hopefully you, wants to have mails from "{page.title}" sent to this address.

Open this page and press its button to confirm:

{page.address}confirm/#{letter.confirm_code}

The code on that page is {subscribers.shown(letter.confirm_code)}. It is good for seven days.

It wasn't you? Then do nothing: nothing more is sent, and this address is forgotten."""
    return _mail(page, letter, f"{page.title}: please confirm your address", body, may_leave=False)


def welcome(page: Page, letter: Letter) -> Mail:
    body = (
        f'From now on you hear of what is said at "{page.title}", one mail for each thing:\n\n{page.address}'
    )
    return _mail(page, letter, f"{page.title}: you have subscribed", body)


def update(page: Page, letter: Letter, one: Bulletin, said: Update) -> Mail:
    zone = ZoneInfo(page.timezone)
    at = f"{datetime.fromtimestamp(said.at, zone):%-d %B %Y, %H:%M %Z}"
    when = ""
    if one.ends:
        starts, ends = (
            f"{datetime.fromtimestamp(moment, zone):%-d %B %Y, %H:%M %Z}" for moment in (one.starts, one.ends)
        )
        when = f"Planned from {starts} to {ends}\n\n"
    body = f"{one.title}\n{said.state}, {at}\n\n{when}{said.text}\n\n{page.address}incidents/{one.id}/"
    return _mail(page, letter, f"{page.title}: {one.title} ({said.state})", body)


def _mail(page: Page, letter: Letter, subject: str, body: str, *, may_leave: bool = True) -> Mail:
    """One press in the mail program leaves (RFC 8058), or the page that the link leads to."""
    headers = {"Auto-Submitted": "auto-generated", "Precedence": "bulk"}
    if may_leave:
        one_click = f"{page.address}-/intake/status-leave/{letter.leave_code}"
        headers["List-Unsubscribe"] = f"<{one_click}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        leave = f"{page.address}unsubscribe/#{letter.leave_code}"
        how = "To leave, open this page and press its button; your address is erased then:"
        body = f"{body}\n\n-- \n{how}\n{leave}"
    return Mail(letter.address, subject, body, f"status-{letter.id}-{letter.kind}", page.sender, headers)
