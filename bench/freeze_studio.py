"""How long the studio takes to freeze: everything, and what one edit makes stale, as the site grows.

`wasted` are renders that gave the bytes of before; `check` is the time of one core that finding took.
The studio is fresh each time and filled with articles; nothing else of Portico runs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

STARTER = Path(__file__).resolve().parent.parent / ".venv" / "starter"
HEAD = (
    f"{'urls':>7} {'full s':>8} {'cpu s':>7}  {'edit':28} {'median s':>9} {'slowest':>8} {'check cpu s':>11}"
    f" {'renders':>8} {'wasted':>7}"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--edits", type=int, default=15)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.inside:
        measure(told.inside, told.pages[0], told.edits)
        return 0
    print(HEAD)
    for pages in told.pages:
        with tempfile.TemporaryDirectory(prefix="bench-freeze-") as folder:
            made = Path(folder) / "studio"
            starter(made)
            again = [sys.executable, __file__, "--pages", str(pages), "--edits", str(told.edits)]
            subprocess.run([*again, "--inside", str(made)], env=environment(made), check=True)
    return 0


def environment(folder: Path) -> dict[str, str]:
    own = {"PORTICO_STUDIO_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "portico.studio.settings"}
    return {**os.environ, **own}


def starter(folder: Path) -> None:
    if STARTER.exists():
        shutil.copytree(STARTER, folder)
    else:
        subprocess.run(
            [sys.executable, "-m", "portico.studio", "starter", str(folder), "--until", "pictures made"],
            check=True,
            capture_output=True,
        )


def measure(folder: Path, pages: int, edits: int) -> None:
    import django  # noqa: PLC0415 - each size has a process of its own

    django.setup()
    import _articles  # noqa: PLC0415 - after Django is set up
    from portico.studio.freezing import freeze  # noqa: PLC0415 - after Django is set up

    _articles.fill(pages)
    shutil.rmtree(folder / "frozen", ignore_errors=True)
    began, cpu = time.perf_counter(), time.process_time()
    whole = freeze.run()
    full, used = time.perf_counter() - began, time.process_time() - cpu
    print(f"{whole['urls']:7} {full:8.1f} {used:7.1f}", flush=True)
    for name, edit in EDITS.items():
        row(name, edit, edits)


def row(name: str, edit: Callable[[int], None], edits: int) -> None:
    from portico.studio.freezing import freeze  # noqa: PLC0415 - after Django is set up

    took, checks, renders, wasted = [], [], 0, 0
    for number in range(edits):
        edit(number)
        began = time.perf_counter()
        done = freeze.run()
        took.append(time.perf_counter() - began)
        checks.append(done["seconds"].get("check cpu", 0.0))
        renders += done["rendered"]
        wasted += done["wasted"]
    print(
        f"{'':24}  {name:28} {statistics.median(took):9.3f} {max(took):8.3f}"
        f" {statistics.median(checks):11.3f} {renders / edits:8.1f} {wasted / edits:7.1f}",
        flush=True,
    )


def edit_an_article(number: int):
    from portico.studio.models import NewsPage  # noqa: PLC0415 - after Django is set up

    page = NewsPage.objects.filter(live=True, alias_of=None).order_by("pk")[50 + number * 7]
    page.title = f"Changed {number} {time.time()}"
    page.save_revision().publish()


def edit_the_home(number: int):
    from wagtail.models import Site  # noqa: PLC0415 - after Django is set up

    home = Site.objects.get(is_default_site=True).root_page.specific
    home.headline = f"Changed {number}"
    home.save_revision().publish()


def save_a_draft(number: int):
    from portico.studio.models import NewsPage  # noqa: PLC0415 - after Django is set up

    page = NewsPage.objects.filter(live=True, alias_of=None).order_by("pk")[50 + number]
    page.title = f"Draft {number}"
    page.save_revision()


def rename_a_person(number: int):
    from portico.studio.models import Person  # noqa: PLC0415 - after Django is set up

    Person.objects.filter(pk=Person.objects.order_by("pk").first().pk).update(name=f"Ada {number}")


EDITS = {
    "publish an article's title": edit_an_article,
    "publish the home's headline": edit_the_home,
    "save a draft": save_a_draft,
    "rename a person": rename_a_person,
}

if __name__ == "__main__":
    sys.exit(main())
