"""The pages, read as what they are: text for people."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Page:
    path: Path

    @property
    def name(self):
        return str(self.path.relative_to(ROOT))

    @property
    def text(self):
        return self.path.read_text(encoding="utf-8")

    def code(self, *languages):
        """The fenced blocks of these languages."""
        return [
            body
            for kind, body in re.findall(r"```(\w*)\n(.*?)```", self.text, re.DOTALL)
            if kind in languages
        ]

    @property
    def prose(self):
        return re.sub(r"```.*?```", "", self.text, flags=re.DOTALL)

    @property
    def headings(self):
        titles = re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


PAGES = [Page(path) for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("d*/**/*.md")))]
