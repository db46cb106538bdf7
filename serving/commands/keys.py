"""``kiemtin keys``: who may ask the service, and what."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from kiemtin.commands.output import guarded_output
from serving.access.scopes import CAPABILITIES, MEANINGS, Role, Scope

if TYPE_CHECKING:
    from serving.db import Database, StoredKey
    from serving.keyed import Keyed
    from serving.settings import Settings

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_NAME = re.compile(r"[\w.@-]{1,64}", re.ASCII)
_MOST = timedelta(weeks=5_200)

Url = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        help="The service's database.",
        show_default="KIEMTIN_DATABASE_URL",
    ),
]

app = typer.Typer(help="Who may ask the service, and what.", no_args_is_help=True)


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        msg = "1 to 64 letters, digits, or any of . _ @ -"
        raise typer.BadParameter(msg)
    return name


def _lifetime(text: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,6})([hdw])", text)
    lifetime = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None
    if not lifetime or lifetime > _MOST:
        msg = "a number with h, d or w for hours, days or weeks, such as 90d"
        raise typer.BadParameter(msg)
    return lifetime


@app.command()
def create(
    name: Annotated[
        str,
        typer.Argument(
            callback=_checked_name,
            help="Who it is for. Two keys of a name may live, so that one can take over.",
        ),
    ],
    role: Annotated[
        Role | None,
        typer.Option(
            help="What its holder does all day; it opens "
            + "; ".join(f"{x}: {' '.join(sorted(y))}" for x, y in CAPABILITIES.items())
            + "."
        ),
    ] = None,
    scope: Annotated[
        list[Scope] | None,
        typer.Option(
            help="What it opens besides; several times for several. "
            + "; ".join(f"{x}: {meaning}" for x, meaning in MEANINGS.items())
            + "."
        ),
    ] = None,
    queue: Annotated[
        list[str] | None,
        typer.Option(
            help="A queue that its holder works in; several times for several.",
            show_default="all of them",
        ),
    ] = None,
    expires: Annotated[
        timedelta | None,
        typer.Option(
            parser=_lifetime,
            metavar="90d",
            help="After how many hours (h), days (d) or weeks (w) it ends.",
            show_default="never",
        ),
    ] = None,
    database_url: Url = None,
) -> None:
    """
    Make a key and print it, this once.

    The key alone goes to standard output, what there is to say of it to standard error.
    """
    from serving.access.keys import create_key, described

    if not role and not scope:
        msg = "one of --role and --scope is needed: what should it open?"
        raise typer.BadParameter(msg)
    with _opened(database_url) as (settings, database):
        _check_queues(queue or [], settings)
        key = create_key(
            database,
            name=name,
            role=role,
            scopes=set(scope or ()),
            queues=set(queue) if queue else None,
            lifetime=expires,
        )
    ends = f"until {_moment(key.stored.expires_at)}" if expires else "until revoked"
    typer.echo(
        f"{key.stored.id} for {name}: {described(key.stored)}, {ends}.\n"
        "The key is shown only now; what is stored cannot bring it back.",
        err=True,
    )
    if key.is_first:
        msg = "It is the first: from now on nobody is answered without a key."
        typer.echo(msg, err=True)
    with guarded_output():
        typer.echo(key.secret)


@app.command(name="list")
def list_keys(database_url: Url = None) -> None:
    """Show every key there ever was, but never the key itself."""
    from serving.access.pseudonyms import read_keyed
    from serving.db import Keys

    with _opened(database_url) as (settings, database):
        keyed = read_keyed(settings, database)
        with database.session() as session:
            keys = Keys(session).all()
    now = datetime.now(UTC)
    rows = [_HEADER, *(_row(x, now, keyed) for x in keys)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    with guarded_output():
        for row in rows:
            cells = (x.ljust(n) for x, n in zip(row, widths, strict=True))
            typer.echo("  ".join(cells).rstrip())


@app.command()
def revoke(
    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY_ID_OR_PREFIX", help="Its id, or its beginning as listed."
        ),
    ],
    database_url: Url = None,
) -> None:
    """Let a key open nothing any more; running services know within 5 seconds."""
    from serving.access.keys import revoke_key

    with _opened(database_url) as (_, database):
        before = revoke_key(database, key)
    if before.revoked_at:
        said = f"had been revoked already, on {_moment(before.revoked_at)}"
    else:
        said = "is revoked; services that run let it in for at most 5 seconds more"
    typer.echo(f"{before.id} ({before.prefix}..., {before.name}) {said}.")


@contextmanager
def _opened(url: str | None) -> Iterator[tuple["Settings", "Database"]]:
    from serving.db import Database
    from serving.environment import read_settings

    settings = read_settings(database_url=url)
    with closing(Database(settings.database_url)) as database:
        database.migrate()
        yield settings, database


def _check_queues(names: list[str], settings: "Settings") -> None:
    from serving.review.policy import PACKAGED, ReviewPolicy

    policy = ReviewPolicy.read(settings.review_policy or PACKAGED)
    known = [x.name for x in policy.queues]
    for name in names:
        if name not in known:
            msg = f"{name}: the review policy has the queues {', '.join(known)}"
            raise typer.BadParameter(msg)


_HEADER = (
    "ID", "PREFIX", "NAME", "SCOPES", "ROLE", "QUEUES", "PERSON",
    "CREATED", "EXPIRES", "LAST USED", "STATE",
)  # fmt: skip


def _row(key: "StoredKey", now: datetime, keyed: "Keyed") -> tuple[str, ...]:
    return (
        key.id,
        key.prefix,
        key.name,
        ",".join(key.scopes) or "-",
        key.role or "-",
        "all" if key.queues is None else ",".join(key.queues),
        keyed.person(key.name),
        _moment(key.created_at),
        _moment(key.expires_at),
        _moment(key.last_used_at),
        _state(key, now),
    )


def _state(key: "StoredKey", now: datetime) -> str:
    if key.revoked_at:
        return "revoked"
    return "expired" if key.is_expired(now) else "live"


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if at else "-"
