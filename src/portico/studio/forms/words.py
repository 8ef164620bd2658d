"""What a form says to visitors by itself, in each language that it knows; others read English."""

from __future__ import annotations

_WORDS = {
    "en": {
        "button": "Send",
        "optional": "(optional)",
        "sending": "Sending …",
        "checking": "One moment: making sure that you are not a robot …",
        "thanks": "Thank you.",
        "thanks_text": "We have received your message and will answer soon.",
        "problem": "Something is missing",
        "problem_text": "Your message was not sent: a field is empty or not filled in as expected. "
        "Go back; what you wrote should still be there.",
        "summary": "Please look at these fields again:",
        "required": "Please fill this in.",
        "invalid": "Please check this.",
        "email": "Please give an e-mail address, like name@example.com.",
        "url": "Please give a web address, like https://example.com.",
        "number": "Please give a number.",
        "date": "Please give a date.",
        "failed": "Your message could not be sent just now. What you wrote is still here: "
        "please try again in a minute.",
        "back": "Back to the form",
        "leave": "Leave this field empty",
        "choose": "Please choose",
    },
    "de": {
        "button": "Senden",
        "optional": "(freiwillig)",
        "sending": "Wird gesendet …",
        "checking": "Einen Moment: Wir prüfen, dass Sie kein Roboter sind …",
        "thanks": "Vielen Dank.",
        "thanks_text": "Ihre Nachricht ist angekommen. Wir melden uns bald.",
        "problem": "Es fehlt noch etwas",
        "problem_text": "Ihre Nachricht wurde nicht gesendet: Ein Feld ist leer oder nicht wie erwartet "
        "ausgefüllt. "
        "Gehen Sie zurück; was Sie geschrieben haben, sollte noch da sein.",
        "summary": "Bitte sehen Sie sich diese Felder noch einmal an:",
        "required": "Bitte füllen Sie dieses Feld aus.",
        "invalid": "Bitte prüfen Sie dieses Feld.",
        "email": "Bitte geben Sie eine E-Mail-Adresse an, etwa name@example.com.",
        "url": "Bitte geben Sie eine Webadresse an, etwa https://example.com.",
        "number": "Bitte geben Sie eine Zahl an.",
        "date": "Bitte geben Sie ein Datum an.",
        "failed": "Ihre Nachricht konnte gerade nicht gesendet werden. Ihr Text ist noch da: "
        "Bitte versuchen Sie es in einer Minute noch einmal.",
        "back": "Zurück zum Formular",
        "leave": "Lassen Sie dieses Feld leer",
        "choose": "Bitte wählen",
    },
}


def of(language: str) -> dict[str, str]:
    return _WORDS.get(language.split("-", maxsplit=1)[0].lower(), _WORDS["en"])
