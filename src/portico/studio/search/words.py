"""What the search page and its script say, in each language that they know; others read English."""

from __future__ import annotations

LANGUAGES: dict[str, dict[str, str]] = {
    "en": {
        "label": "What are you looking for?",
        "submit": "Search",
        "none": "Nothing was found for “{words}”.",
        "one": "One page was found for “{words}”.",
        "many": "{count} pages were found for “{words}”.",
        "more": "Show more",
        "failed": "The search can't be loaded right now. All main pages are listed below.",
        "without": "Searching needs JavaScript. All main pages are listed below.",
        "main_pages": "All main pages",
    },
    "de": {
        "label": "Was suchen Sie?",
        "submit": "Suchen",
        "none": "Zu „{words}“ wurde nichts gefunden.",
        "one": "Zu „{words}“ wurde eine Seite gefunden.",
        "many": "Zu „{words}“ wurden {count} Seiten gefunden.",
        "more": "Mehr zeigen",
        "failed": "Die Suche lässt sich gerade nicht laden. Alle Hauptseiten stehen unten.",
        "without": "Zum Suchen braucht es JavaScript. Alle Hauptseiten stehen unten.",
        "main_pages": "Alle Hauptseiten",
    },
}


def of(language: str) -> dict[str, str]:
    return LANGUAGES["en"] | LANGUAGES.get(language.split("-", maxsplit=1)[0].lower(), {})
