"""What is written to subscribers of the status page: to confirm, to welcome, and what people said. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from portico.intake import subscribers
from portico.intake.subscribers import Letter
from portico.kit import dates
from portico.ledger.bulletins import Bulletin, Update
from portico.notify.letter import Mail
from portico.relay import phrases


@dataclass(frozen=True, slots=True)
class Page:
    """`address` ends in a slash; `below` is where the reader's language begins behind it, such as `de/`.

    `sender` is empty where the channel's own is meant.
    """

    title: str
    address: str
    below: str
    timezone: str
    sender: str

    @property
    def spoken(self) -> str:
        return self.address + self.below


def confirm(page: Page, letter: Letter) -> Mail:
    """The code stands behind a `#`, which no browser sends along: opening the page does nothing."""
    said = phrases.of(letter.language)
    body = said.confirm.format(
        title=page.title,
        link=f"{page.spoken}confirm/#{letter.confirm_code}",
        code=subscribers.shown(letter.confirm_code),
    )
    return _mail(page, letter, said.confirm_subject.format(title=page.title), body, may_leave=False)


def welcome(page: Page, letter: Letter) -> Mail:
    said = phrases.of(letter.language)
    body = said.welcome.format(title=page.title, link=page.spoken)
    return _mail(page, letter, said.welcome_subject.format(title=page.title), body)


def update(page: Page, letter: Letter, one: Bulletin, told: Update) -> Mail:
    """In the reader's language, as far as people said it in that."""
    language, said = letter.language, phrases.of(letter.language)
    title, text = one.titles.get(language, one.title), told.texts.get(language, told.text)
    state = said.states.get(told.state, told.state)
    when = ""
    if one.ends:
        span = dates.span(one.starts, one.ends, page.timezone, language)
        when = f"{said.planned.format(span=span)}\n\n"
    at = dates.moment(told.at, page.timezone, language)
    body = f"{title}\n{state}, {at}\n\n{when}{text}\n\n{page.spoken}incidents/{one.id}/"
    return _mail(page, letter, f"{page.title}: {title} ({state})", body)


def _mail(page: Page, letter: Letter, subject: str, body: str, *, may_leave: bool = True) -> Mail:
    """One press in the mail program leaves (RFC 8058), or the page that the link leads to."""
    headers = {"Auto-Submitted": "auto-generated", "Precedence": "bulk", "Content-Language": letter.language}
    if may_leave:
        one_click = f"{page.address}-/intake/status-leave/{letter.leave_code}"
        headers["List-Unsubscribe"] = f"<{one_click}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        leave = f"{page.spoken}unsubscribe/#{letter.leave_code}"
        body = f"{body}\n\n-- \n{phrases.of(letter.language).leave}\n{leave}"
    return Mail(letter.address, subject, body, f"status-{letter.id}-{letter.kind}", page.sender, headers)
