"""The command line: `quotepart …`. Each command is a door: it opens the database, calls one verb, says what happened."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from app import migrating, serving
from app.accounts import roles
from app.accounts.forms import AddressForm, RoleForm, StaffForm
from app.accounts.service import account_with
from app.cli_door import opened, told
from app.cli_tables import table
from app.core.forms import read
from app.core.messages import Message
from app.core.sides import Side
from app.database import make_engine
from app.demo import demonstration
from app.exchange import bundling, comparing, counting, importing, key_sharing, telling, verifying, wording
from app.exchange.progress import progress
from app.keyring import key_in, make_key
from app.polls import sequencing
from app.separation import making
from app.settings import settings
from app.unit import clock
from app.witness.asking import Site
from app.witness.watching import Witness, log_key_of, watch

ABOUT = "Quotepart: participatory budgets that anyone can check."
main = typer.Typer(no_args_is_help=True, add_completion=False, help=ABOUT, pretty_exceptions_enable=False)

user = typer.Typer(no_args_is_help=True, help="The city's people: make an account, give a role.")
main.add_typer(user, name="user")
keys = typer.Typer(no_args_is_help=True, help="The keys of the ballot box: opening key, keys of the server, key of a witness.")
main.add_typer(keys, name="keys")
main.add_typer(table, name="table")
CLEAR = "\x1b[H\x1b[2J\x1b[3J"
"""Empties a terminal and what could be scrolled back to; dropped where the output is no terminal."""


@main.command()
def serve(host: str = "127.0.0.1", port: int = 8000, workers: int = 1, with_worker: bool = False) -> None:
    """Serve the pages; --with-worker also runs the background jobs beside them."""
    serving.serve(host, port, workers=workers, with_worker=with_worker)


@main.command()
def worker(beside: Annotated[bool, typer.Option(hidden=True)] = False) -> None:
    """Run the background jobs (mail) until stopped."""
    serving.work_until_stopped(beside=beside)


@main.command()
def health(port: int = 8000) -> None:
    """Ask the server of this machine whether it is well; exit status 1 if not (for containers)."""
    raise typer.Exit(0 if serving.is_well(port) else 1)


@main.command()
def demo(port: int = 8000, prepare_only: bool = False) -> None:
    """Prepare the demonstration city once, then serve it with its worker."""
    serving.enter_demonstration(port)
    if not prepare_only:
        serving.refuse_taken("127.0.0.1", port)
    for line in demonstration.prepare():
        typer.echo(line)
    if not prepare_only:
        serving.serve("127.0.0.1", port, workers=1, with_worker=True)


@main.command()
def migrate() -> None:
    """Create or update the tables of the database named by DATABASE_URL, and their roles where it has them."""
    engine = make_engine(settings().database_url)
    migrating.upgrade(engine)
    if making.are_made(engine):
        making.make_roles(engine)
    typer.echo("The database is up to date.")


@main.command("roles")
def database_roles() -> None:
    """Separate the roll, the ballot box, the log and the count in PostgreSQL: schemas and roles, made or made anew."""
    with told():
        _say(making.make_roles(make_engine(settings().database_url)))


def _password(file: Path | None) -> str:
    if file is None:
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return (file.read_text("utf-8").splitlines() or [""])[0]


@user.command()
def add(email: str, name: str = typer.Option(...), role: str = typer.Option(...), password_file: Path | None = None) -> None:
    """Make an account with a role, ready to sign in; the password is asked for twice, or read from the first line of a file."""
    with told():
        form = read(StaffForm, {"email": email, "name": name, "role": role})
        secret = _password(password_file)
        with opened() as unit:
            account = roles.add_account(unit, form, secret)
    typer.echo(f"{account.display_name} ({account.email}) can now sign in at {settings().base_url}/sign-in with the role {form.role}.")


@user.command("grant-role")
def grant_role(email: str, role: str) -> None:
    """Give a role to someone who has an account."""
    with told(), opened() as unit:
        wanted = read(RoleForm, {"role": role}).role
        account = account_with(unit, read(AddressForm, {"email": email}).email)
        if account is None:
            typer.echo(f"There is no account with the address {email}.", err=True)
            typer.echo(f"Make one first: quotepart user add {email} --name … --role {wanted}", err=True)
            raise typer.Exit(1)
        roles.grant_role(unit, account, wanted, by=None)
    typer.echo(f"{account.display_name} now has the role {wanted} and signs in again to use it.")


@main.command()
def count(
    file: Path,
    rule: Annotated[wording.RuleName | None, typer.Option(help="Without it, the rule that the file names.")] = None,
    utility: Annotated[wording.Utility | None, typer.Option(help="What a project is worth to those who want it.")] = None,
    completion: Annotated[wording.Completion | None, typer.Option(help="What Equal Shares does with money left over.")] = None,
    step: Annotated[str | None, typer.Option(help="How much larger each voter's share is at each step, an amount.")] = None,
    then: Annotated[wording.Then | None, typer.Option(help="Fill what Equal Shares leaves.")] = None,
    on_miss: Annotated[wording.OnMiss | None, typer.Option(help="What happens at a project that does not fit.")] = None,
    winners: Annotated[int | None, typer.Option(min=1, max=100_000, help="At most so many projects.")] = None,
    min_score: Annotated[int | None, typer.Option(min=0, max=10**9, help="Fewest votes, or points where points rank.")] = None,
    tie_break: Annotated[str | None, typer.Option(help="id, cheaper, votes, draw: one or several, joined by commas.")] = None,
    seed: Annotated[str, typer.Option(help="The value of the public draw, for ties left to it.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Say of each project why it won or lost, and how near it came.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the count as data.")] = False,
) -> None:
    """Count an election in a Pabulib file (.pb) with one of our rules; no database is needed."""
    words = wording.Words(rule, utility, completion, step, then, on_miss, winners, min_score, tie_break)
    with told(), progress() as stage:
        counted = counting.count_file(file, words, seed=seed, told=stage)
    for remark in telling.remarks(counted.file, counted.rule):
        typer.echo(str(remark), err=True)
    if as_json:
        typer.echo(json.dumps(telling.as_json(counted, explain=explain), ensure_ascii=False))
    else:
        typer.echo("\n".join(map(str, telling.in_words(counted, explain=explain))))


@main.command()
def compare(file: Path, format: Annotated[comparing.Form, typer.Option(help="How the comparison is written.")] = "table") -> None:
    """Count a Pabulib file (.pb) by every rule that fits its ballots, side by side; no database is needed."""
    with told(), progress() as stage:
        election, comparison = comparing.compare_file(file, told=stage)
    for remark in election.warnings:
        typer.echo(str(remark), err=True)
    typer.echo(comparing.written(election, comparison, format))


@main.command()
def verify(
    bundle: Path,
    receipt: Annotated[str | None, typer.Option(help="A receipt file, or the tracking code of 16 letters.")] = None,
    language: Annotated[verifying.Language, typer.Option(help="What the report is written in.")] = verifying.Language.FR,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as data.")] = False,
) -> None:
    """Check a published election bundle, a zip or its folder; exit status 1 if anything does not hold; no database is needed."""
    with progress() as stage:
        report = verifying.verify_path(bundle, receipt, stage)
    answer = json.dumps(verifying.as_json(report, language), ensure_ascii=False) if as_json else verifying.in_words(report, language)
    typer.echo(answer)
    raise typer.Exit(0 if report.good else 1)


@main.command()
def bundle(slug: str, out: Annotated[Path | None, typer.Option(help="The file to write; SLUG-bundle.zip by default.")] = None) -> None:
    """Write the bundle of a published result to a file: all that anyone needs to check it with `quotepart verify`."""
    with told():
        with opened() as unit:
            content = bundling.content_of(unit, slug)
        path = out or Path(f"{slug}-bundle.zip")
        bundling.write(path, content)
    typer.echo(str(path))


@main.command("import")
def import_file(file: Path) -> None:
    """Make a past edition of a real election in a Pabulib file (.pb): counted again, recorded winners beside recomputed ones."""
    with told(), opened(Side.COUNT) as unit:
        made = importing.import_file(unit, file)
    typer.echo(f"Ballots: {made.ballots}. Projects chosen: {len(made.selected)}. {made.told}")
    typer.echo(f"{settings().base_url}/editions/{made.slug}/results")


@main.command()
def merge(slug: str) -> None:
    """Bring the waiting ballots of an edition to its log by hand, and close its box if the vote is over (needs the key of the log)."""
    with told(), opened() as unit:
        _say(sequencing.tend_by_hand(unit, slug))


@keys.command("make")
def make_opening_key(
    threshold: Annotated[int, typer.Option(help="How many shares open the box.")],
    shares: Annotated[int, typer.Option(help="How many shares there are.")],
    holders: Annotated[str, typer.Option(help="The names of those who hold them, joined by commas.")],
    out: Annotated[Path | None, typer.Option(help="A new folder for the pages; without it each share is shown on this screen.")] = None,
    unsafe_alone: Annotated[bool, typer.Option("--unsafe-alone", help="Allow one share that opens alone: for trying out.")] = False,
) -> None:
    """Make the opening key of a vote in shares, a printable page each; the whole key is written nowhere."""
    with told():
        key, names = key_sharing.make(threshold, shares, holders, alone=unsafe_alone)
        if out is None:
            key_sharing.hand_out(key, names, show=typer.echo, pause=_pause)
        _say([*key_sharing.about(key), *([] if out is None else key_sharing.write_pages(key, names, out))])


@keys.command("check")
def check_shares(
    files: Annotated[list[Path] | None, typer.Argument(help="The pages of shares; without them the words are asked for.")] = None,
    public: Annotated[str | None, typer.Option(help="The public key they must open, 64 hexadecimal letters.")] = None,
) -> None:
    """Say whether shares belong together and which public key they open, without showing the key."""
    with told():
        texts = [key_sharing.read_share(file) for file in files] if files else _asked_shares()
        _say(key_sharing.check(texts, [str(file) for file in files or []], public))


@keys.command("server")
def make_server_keys(folder: Annotated[Path | None, typer.Option(help="Another folder than that of the settings.")] = None) -> None:
    """Make the keys of the server that are missing, never over one that is there, and say which process needs which."""
    with told():
        _say(key_sharing.server_keys(folder))


@keys.command("witness")
def make_witness_key(file: Path) -> None:
    """Make the key of a witness in a new file, and show the public key to give to the city."""
    with told():
        typer.echo(make_key(file).public_bytes_raw().hex())


def _say(sentences: Iterable[Message]) -> None:
    for sentence in sentences:
        typer.echo(str(sentence))


def _pause(sentence: str) -> None:
    typer.prompt(sentence, default="", show_default=False, prompt_suffix=" ")
    typer.echo(CLEAR, nl=False)


def _asked_shares() -> list[str]:
    """Shares typed one after the other, until an empty line."""
    found: list[str] = []
    while typed := typer.prompt(f"Share {len(found) + 1} (all words on one line; Enter alone to end)", default="", show_default=False):
        found.append(typed)
    return found


@main.command()
def witness(
    url: Annotated[str, typer.Argument(help="The address of the edition, such as https://ville.example/editions/2027.")],
    key: Annotated[Path, typer.Option(help="The file with the key of this witness: quotepart keys witness FILE.")],
    state: Annotated[Path, typer.Option(help="The file in which this witness remembers what it signed.")],
    log_key: Annotated[str | None, typer.Option(help="The public key of the log as the city printed it.")] = None,
    every: Annotated[float, typer.Option(min=1, help="Seconds between two looks.")] = 60,
    once: Annotated[bool, typer.Option("--once", help="Look once, then end.")] = False,
) -> None:
    """Watch the public log of an edition from elsewhere: co-sign each head that continues it, refuse a fork and keep both heads."""
    with told():
        watching = Witness(Site(url), key_in(key), state, log_key_of(log_key), lambda sentence: _say([sentence]), clock)
        watch(watching, every, once=once)


if __name__ == "__main__":
    main()
