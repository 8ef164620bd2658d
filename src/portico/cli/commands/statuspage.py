"""`portico statuspage`: say on the public status page what happens, in a person's own words."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer
from rich.markup import escape

from portico.board import saying
from portico.cli import flags, orders, place, screen, words
from portico.cli.told import UsageError
from portico.intake.subscribers import MOST_ASKED
from portico.kit.errors import UnavailableError
from portico.ledger import bulletins, incidents
from portico.ledger.bulletins import INCIDENT, OVER, PLANNED, STATES, Bulletin, Said, Written
from portico.ledger.ledger import Ledger
from portico.statuspage import drafting, gather

app = typer.Typer(add_completion=False, no_args_is_help=True)

Title = Annotated[str, typer.Argument(metavar="TITLE", help="One line, as visitors read it.")]
Text = Annotated[str, typer.Option("--text", metavar="TEXT", help="What there is to say.")]
Affects = Annotated[
    list[str] | None,
    typer.Option("--affects", metavar="PART", help="site, search or forms; may be given several times."),
]
TitleIn = Annotated[
    list[str] | None,
    typer.Option(
        "--title-in", metavar="LANGUAGE=TITLE", help="The title in another of the page's languages."
    ),
]
TextIn = Annotated[
    list[str] | None,
    typer.Option("--text-in", metavar="LANGUAGE=TEXT", help="The words in another of the page's languages."),
]
Draft = Annotated[bool, typer.Option("--draft", help="Keep it for the console, unseen by the public.")]
Number = Annotated[int, typer.Argument(metavar="N", help="The bulletin's number.")]


@app.callback()
def statuspage() -> None:
    """Say on the public status page what happens, in your own words.

    What is published stands there within seconds, and is mailed once to each subscriber.

    For example:
      portico statuspage post "Forms arrive late" --affects forms --text "We are looking into it."
      portico statuspage update 3 identified --text "We know what it is."
      portico statuspage resolve 3 --text "All is well again." --text-in "de=Alles ist wieder gut."
    """


@app.command()
def post(  # noqa: PLR0913 - each one is an option
    ctx: typer.Context,
    title: Title,
    *,
    text: Text,
    title_in: TitleIn = None,
    text_in: TextIn = None,
    affects: Affects = None,
    state: Annotated[str, typer.Option(metavar="STATE", help="Where you are with it.")] = "investigating",
    incident: Annotated[int | None, typer.Option(metavar="N", help="The incident that it is about.")] = None,
    draft: Draft = False,
    dry_run: flags.DryRun = False,
    as_json: flags.Json = False,
) -> None:
    """Tell the public of an incident.

    For example:
      portico statuspage post "Pages are slow" --affects site --text "We are looking into it."
      portico statuspage post "Pages are slow" --text "We are looking into it." --incident 12 --draft
    """
    ledger = place.ledger(ctx)
    if incident is not None and incidents.get(ledger, incident) is None:
        raise UsageError(f"there is no incident {incident}", where="--incident", hint="portico incidents")
    asked = drafting.affected(affects or ())
    written = _spoken(ctx, Written(INCIDENT, title, state, text, asked, incident=incident), title_in, text_in)
    _write(ledger, written, draft=draft, dry_run=dry_run, as_json=as_json)


@app.command()
def plan(  # noqa: PLR0913 - each one is an option
    ctx: typer.Context,
    title: Title,
    *,
    starts: Annotated[str, typer.Option("--from", metavar="TIME", help="As 2026-12-01 22:00.")],
    ends: Annotated[str, typer.Option("--to", metavar="TIME", help="As 2026-12-01 23:30.")],
    text: Text,
    title_in: TitleIn = None,
    text_in: TextIn = None,
    affects: Affects = None,
    draft: Draft = False,
    dry_run: flags.DryRun = False,
    as_json: flags.Json = False,
) -> None:
    """Tell the public of work that is planned. Times are in the zone of `notify/timezone`.

    For example:
      portico statuspage plan "New data centre" --from "2026-12-01 22:00" --to "2026-12-01 23:30"
        --text "No interruption is expected."
    """
    zone = place.config(ctx).settings.notify.timezone
    asked, ledger = drafting.affected(affects or ()), place.ledger(ctx)
    span = drafting.moment(starts, zone, ledger.now), drafting.moment(ends, zone, ledger.now)
    written = _spoken(ctx, Written(PLANNED, title, "planned", text, asked, *span), title_in, text_in)
    _write(ledger, written, draft=draft, dry_run=dry_run, as_json=as_json)


@app.command()
def publish(ctx: typer.Context, number: Number) -> None:
    """Let the public see a draft.

    For example:
      portico statuspage publish 3
    """
    ledger = place.ledger(ctx)
    bulletins.publish(ledger, number, by=orders.person())
    screen.say(saying.outlook(ledger, f"bulletin {number}"))


@app.command()
def update(
    ctx: typer.Context,
    number: Number,
    state: Annotated[str, typer.Argument(metavar="STATE", help="investigating, identified, monitoring, ...")],
    *,
    text: Text,
    text_in: TextIn = None,
) -> None:
    """Say more about a bulletin.

    For example:
      portico statuspage update 3 monitoring --text "It is mended; we go on watching."
      portico statuspage update 4 "under way" --text "We have begun."
    """
    _say_more(place.ledger(ctx), number, Said(state, text, _others(ctx, text_in)))


@app.command()
def resolve(ctx: typer.Context, number: Number, *, text: Text, text_in: TextIn = None) -> None:
    """Say that it is over.

    For example:
      portico statuspage resolve 3 --text "All is well again."
    """
    ledger = place.ledger(ctx)
    state = next(one for one in STATES[bulletins.get(ledger, number).kind] if one in OVER)
    _say_more(ledger, number, Said(state, text, _others(ctx, text_in)))


@app.command("list")
def list_bulletins(
    ctx: typer.Context,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: flags.Json = False,
) -> None:
    """List the bulletins: drafts, and what is public.

    For example:
      portico statuspage list
      portico statuspage list --all --json
    """
    ledger = place.ledger(ctx)
    public = [one for one in bulletins.published(ledger) if everything or not one.over]
    found = [*bulletins.drafts(ledger), *public]
    if as_json:
        screen.dump([asdict(one) for one in found])
        return
    if not found:
        screen.say("nothing is said on the status page now")
        return
    now, table = time.time(), screen.table("bulletin", "title", "state", "said", "by")
    for one in found:
        state = one.state if one.published else f"draft ({one.state})"
        table.add_row(str(one.id), escape(one.title), state, words.clock(one.changed, now), escape(one.by))
    screen.out().print(table)


@app.command()
def show(
    ctx: typer.Context,
    number: Annotated[int | None, typer.Argument(metavar="N", help="A bulletin's number.")] = None,
    *,
    as_json: flags.Json = False,
) -> None:
    """Show where the status page is and how old, or all that a bulletin says.

    For example:
      portico statuspage show
      portico statuspage show 3
    """
    ledger = place.ledger(ctx)
    if number is not None:
        _show_one(bulletins.get(ledger, number), as_json=as_json)
        return
    told = _page(ledger)
    if as_json:
        screen.dump(told)
        return
    screen.say(f"{told['address']} made {words.age(told['age_s'])} ago")
    for where, why in told["lacking"].items():
        screen.say(f"{where} lacks it: {escape(why)}")
    if kept := told["subscribers"]:
        screen.say(f"{kept['confirmed']:,} subscribers, {kept['waiting']:,} mails waiting")
        if queued := kept.get("queued"):
            screen.say(f"{queued:,} addresses wait to be asked whether they mean it, {MOST_ASKED} an hour")


def _spoken(
    ctx: typer.Context, written: Written, titles: list[str] | None, texts: list[str] | None
) -> Written:
    """In the page's first language, and in those in which it was given, too."""
    first = place.config(ctx).settings.status_page.languages[0]
    return replace(written, language=first, titles=_others(ctx, titles), texts=_others(ctx, texts))


def _others(ctx: typer.Context, given: list[str] | None) -> dict[str, str]:
    pairs = [one.partition("=")[::2] for one in given or ()]
    return drafting.in_others(dict(pairs), place.config(ctx).settings.status_page.languages)


def _page(ledger: Ledger) -> dict[str, Any]:
    seen, kept = ledger.seen(gather.SEEN), ledger.seen("subscribers")
    if seen is None:
        raise UnavailableError("no status page was published here", hint="status_page/enabled, portico up")
    return {**seen[0], "age_s": max(0.0, ledger.now - seen[1]), "subscribers": kept[0] if kept else None}


def _show_one(one: Bulletin, *, as_json: bool) -> None:
    if as_json:
        screen.dump(asdict(one))
        return
    screen.say(escape(f"{one.title} ({'public' if one.published else 'a draft'})"))
    for said in one.updates:
        screen.say(f"{words.clock(said.at, time.time())} {said.state}, {escape(said.by)}")
        screen.say(escape(said.text))


def _write(ledger: Ledger, written: Written, *, draft: bool, dry_run: bool, as_json: bool) -> None:
    """Looked at by the same eyes whether it is kept or only shown."""
    bulletins.check(written)
    if dry_run:
        what = "keep as a draft" if draft else "publish"
        screen.say(escape(f"would {what}: {written.title} ({written.state}): {written.text}"))
        return
    by = orders.person()
    with ledger.writing():
        number = bulletins.draft(ledger, written, by=by)
        if not draft:
            bulletins.publish(ledger, number, by=by)
    if as_json:
        screen.dump(asdict(bulletins.get(ledger, number)))
        return
    public = saying.outlook(ledger, f"bulletin {number}")
    screen.say(f"draft {number}; portico statuspage publish {number}" if draft else public)


def _say_more(ledger: Ledger, number: int, said: Said) -> None:
    bulletins.update(ledger, number, said, by=orders.person())
    screen.say(saying.outlook(ledger, f"bulletin {number}, {said.state},"))
