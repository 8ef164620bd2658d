"""The status page's words in German, by the English ones."""

from __future__ import annotations

from collections.abc import Mapping

from portico.ledger import bulletins

WORDS: Mapping[str, str] = {
    "works": "funktioniert",
    "has problems": "hat Probleme",
    "is down": "ist ausgefallen",
    "isn't measured now": "wird gerade nicht gemessen",
    "Website": "Website",
    "Search": "Suche",
    "Contact forms": "Kontaktformulare",
    "The website can't be reached": "Die Website ist nicht erreichbar",
    "Not everything works": "Nicht alles funktioniert",
    "There is an open incident": "Es gibt eine offene Störung",
    "Planned work is under way": "Geplante Arbeiten laufen",
    "Nothing is measured at the moment": "Im Moment wird nichts gemessen",
    "What is measured works": "Was gemessen wird, funktioniert",
    "Everything works": "Alles funktioniert",
    **bulletins.GERMAN_STATES,
    "not measured": "nicht gemessen",
    "How our services are now, and how they were.": "Wie es um unsere Dienste steht und stand.",
    "Skip to content": "Zum Inhalt springen",
    "Main": "Hauptmenü",
    "History": "Verlauf",
    "To the website": "Zur Website",
    "Atom feed": "Atom-Feed",
    "Ask a person": "Einen Menschen fragen",
    "Uptime is measured, not estimated: a day without a measurement is left blank. What is said"
    " about incidents is written by people.": (
        "Die Verfügbarkeit wird gemessen, nicht geschätzt: Ein Tag ohne Messung bleibt leer. Was über"
        " Störungen gesagt wird, schreiben Menschen."
    ),
    "Planned work": "Geplante Arbeiten",
    "Incident": "Störung",
    "Over since {moment}.": "Vorbei seit {moment}.",
    "How everything is now": "Wie es jetzt um alles steht",
    "Confirm your address": "Adresse bestätigen",
    "Press the button, and you hear of what is said on this page. The code is the one in the mail.": (
        "Drücken Sie auf den Knopf, dann erfahren Sie, was auf dieser Seite gesagt wird. Der Code ist"
        " der aus der Mail."
    ),
    "Code": "Code",
    "Leave this empty": "Dieses Feld leer lassen",
    "Confirm": "Bestätigen",
    "Thank you": "Danke",
    "If the code was right, a mail that says so is on its way, and you will hear of what is said here.": (
        "War der Code richtig, ist eine Mail unterwegs, die das sagt, und Sie erfahren ab jetzt, was"
        " hier gesagt wird."
    ),
    "Nothing has happened yet that is over by now.": ("Bisher ist nichts geschehen, das schon vorbei wäre."),
    "Open incidents": "Offene Störungen",
    "Now, and in the last {days} days": "Jetzt und in den letzten {days} Tagen",
    "{part}: {share} in {days} measured days": "{part}: {share} an {days} gemessenen Tagen",
    "{days} days ago": "vor {days} Tagen",
    "{share} up, {days} day measured": "{share} verfügbar, {days} Tag gemessen",
    "{share} up, {days} days measured": "{share} verfügbar, {days} Tage gemessen",
    "today": "heute",
    "{days} day with failures": "{days} Tag mit Ausfällen",
    "{days} days with failures": "{days} Tage mit Ausfällen",
    "Nothing was measured yet. What is measured appears here by itself.": (
        "Noch wurde nichts gemessen. Was gemessen wird, erscheint hier von selbst."
    ),
    "The last two weeks": "Die letzten zwei Wochen",
    "No other incident was reported in the last two weeks.": (
        "In den letzten zwei Wochen wurde keine andere Störung gemeldet."
    ),
    "No incident was reported in the last two weeks.": (
        "In den letzten zwei Wochen wurde keine Störung gemeldet."
    ),
    "Hear of it by mail": "Per Mail davon erfahren",
    "One mail for each thing that is said here. You confirm your address first, and can leave"
    " with every mail.": (
        "Eine Mail für alles, was hier gesagt wird. Zuerst bestätigen Sie Ihre Adresse, und mit jeder"
        " Mail können Sie sich wieder abmelden."
    ),
    "Your mail address": "Ihre Mailadresse",
    "Subscribe": "Abonnieren",
    "Subscribing isn't possible at the moment: nothing that you send could be kept safely. The"
    " {feed} works, and this page is renewed every minute.": (
        "Im Moment kann man nicht abonnieren: Was Sie senden, könnte nicht sicher aufbewahrt werden."
        " Der {feed} funktioniert, und diese Seite wird jede Minute erneuert."
    ),
    "feed": "Feed",
    "Leave": "Abmelden",
    "Press the button: your address is erased and nothing more is sent to it. The code is the one"
    " in the mail.": (
        "Drücken Sie auf den Knopf: Ihre Adresse wird gelöscht, und es wird nichts mehr an sie"
        " gesendet. Der Code ist der aus der Mail."
    ),
    "Leave and erase": "Abmelden und löschen",
    "You have left": "Sie sind abgemeldet",
    "If the code was right, your address is erased, and nothing more is sent to it.": (
        "War der Code richtig, ist Ihre Adresse gelöscht, und es wird nichts mehr an sie gesendet."
    ),
    "Not found": "Nicht gefunden",
    "There is no such page.": "Diese Seite gibt es nicht.",
    "See:": "Siehe:",
    "Affects: {parts}": "Betrifft: {parts}",
    "As of {moment}. Renewed every minute; out of date after {clock}.": (
        "Stand: {moment}. Wird jede Minute erneuert; überholt nach {clock}."
    ),
    "This page is {age} old.": "Diese Seite ist {age} alt.",
    "minutes,hours,days": "Minuten,Stunden,Tage",
    "What it says may not be true any more: something keeps it from being renewed.": (
        "Was sie sagt, stimmt vielleicht nicht mehr: Etwas hindert sie daran, erneuert zu werden."
    ),
    "What was measured then:": "Was damals gemessen wurde:",
    "Load it again": "Noch einmal laden",
    "That was no mail address": "Das war keine Mailadresse",
    "Nothing was sent.": "Es wurde nichts gesendet.",
    "Go back": "Gehen Sie zurück",
    "and write the whole address, as ada@example.com.": (
        "und schreiben Sie die ganze Adresse, wie ada@example.com."
    ),
    "Look into your mail": "Sehen Sie in Ihre Mail",
    "If the address was right, a mail with a button to confirm it is on its way. Nothing else is"
    " sent to you before that. The mail holds a code that is good for seven days.": (
        "War die Adresse richtig, ist eine Mail mit einem Knopf zum Bestätigen unterwegs. Vorher wird"
        " Ihnen nichts anderes gesendet. Die Mail enthält einen Code, der sieben Tage gilt."
    ),
}
