"""What a form says to visitors by itself, in each language that it knows; others read English."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "button": "Send",
        "optional": "(optional)",
        "sending": "Sending …",
        "checking": "One moment: your browser shows that you are not a robot …",
        "thanks": "Thank you.",
        "thanks_text": "We have received your message and will answer soon.",
        "problem": "Something is missing",
        "problem_text": "Your message was not sent: a field is empty or not filled in as expected. "
        "Go back; what you wrote should still be there.",
        "summary": "Please look at these fields again:",
        "failed": "Your message could not be sent just now. What you wrote is still here: "
        "please try again in a minute.",
        "back": "Back to the form",
        "leave": "Leave this field empty",
    },
    "de": {
        "button": "Senden",
        "optional": "(freiwillig)",
        "sending": "Wird gesendet …",
        "checking": "Einen Moment: Ihr Browser zeigt, dass Sie kein Roboter sind …",
        "thanks": "Vielen Dank.",
        "thanks_text": "Ihre Nachricht ist angekommen. Wir melden uns bald.",
        "problem": "Es fehlt noch etwas",
        "problem_text": "Ihre Nachricht wurde nicht gesendet: Ein Feld ist leer oder nicht wie erwartet "
        "ausgefüllt. Gehen Sie zurück; was Sie geschrieben haben, sollte noch da sein.",
        "summary": "Bitte sehen Sie sich diese Felder noch einmal an:",
        "failed": "Ihre Nachricht konnte gerade nicht gesendet werden. Ihr Text ist noch da: "
        "Bitte versuchen Sie es in einer Minute noch einmal.",
        "back": "Zurück zum Formular",
        "leave": "Lassen Sie dieses Feld leer",
    },
}

_SAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "required": "Please fill this in.",
        "long": "Please say it in fewer characters.",
        "line": "Please write one line.",
        "text": "Please write plain text.",
        "email": "Please give an e-mail address, like name@example.com.",
        "url": "Please give a web address, like https://example.com.",
        "number": "Please give a number.",
        "date": "Please give a date.",
        "choice": "Please choose one of these.",
    },
    "de": {
        "required": "Bitte füllen Sie dieses Feld aus.",
        "long": "Bitte fassen Sie sich kürzer.",
        "line": "Bitte schreiben Sie nur eine Zeile.",
        "text": "Bitte schreiben Sie einfachen Text.",
        "email": "Bitte geben Sie eine E-Mail-Adresse an, etwa name@example.com.",
        "url": "Bitte geben Sie eine Webadresse an, etwa https://example.com.",
        "number": "Bitte geben Sie eine Zahl an.",
        "date": "Bitte geben Sie ein Datum an.",
        "choice": "Bitte wählen Sie eines davon.",
    },
}


def of(language: str) -> Mapping[str, str]:
    """The words around a form."""
    return _WORDS.get(_short(language), _WORDS["en"])


def says(language: str) -> Mapping[str, str]:
    """What is wrong with a field, by the intake's name of the problem."""
    return _SAYS.get(_short(language), _SAYS["en"])


def _short(language: str) -> str:
    return language.partition("-")[0].lower()
