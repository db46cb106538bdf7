"""``kiemtin serve``."""

import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiemtin.errors import KiemtinError

if TYPE_CHECKING:
    from serving.protocol import Bounds
    from serving.settings import Settings


_OPEN = "open to this machine until somebody makes a key: kiemtin keys create"
_FIRST_KEY = """\
This database had no key. The first one is an admin's; it signs in at {at}/console
and is shown only now:
  {key}"""
_LOCKED = "for those who have a key: kiemtin keys"


def serve(
    host: Annotated[
        str | None,
        typer.Option(help="The address to listen on.", show_default="127.0.0.1"),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port; 0 for a free one.")
    ] = 8000,
    bundle: Annotated[
        Path | None,
        typer.Option(help="The bundle to score with.", show_default="embedded"),
    ] = None,
    database_url: Annotated[
        str | None, typer.Option(help="SQLite or PostgreSQL, for what is stored.")
    ] = None,
) -> None:
    """Serve the API and the page; KIEMTIN_* variables decide the rest."""
    from serving.environment import read_settings
    from serving.listening import listen

    signal.signal(signal.SIGTERM, _stop)
    settings = read_settings(host=host, bundle=bundle, database_url=database_url)
    # First of all: the rest takes seconds, and may be for nothing.
    _run(listen(settings.host, port), settings)


def _run(listener: socket.socket, settings: "Settings") -> None:
    import structlog
    import uvicorn

    from kiemtin.logs import configure_logs
    from serving.access.start import prepare_keys
    from serving.app import create_app
    from serving.db import Database
    from serving.descriptors import most_connections, raise_descriptors
    from serving.listening import BACKLOG
    from serving.protocol import Crowd, bounded

    configure_logs(level=settings.log_level, json=not sys.stderr.isatty())
    database = Database(settings.database_url)
    database.migrate()
    secret = settings.admin_key.get_secret_value()
    first = prepare_keys(database, settings.host, secret)
    database.close()
    if first:
        # At once: nothing that fails from here on may lose it.
        typer.echo(_FIRST_KEY.format(at=_address(listener), key=first))
    app = create_app(settings)
    n_descriptors = raise_descriptors()
    n_connections = most_connections(n_descriptors, settings.max_connections)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                state = app.state
                is_open = state.keyring.is_open
                _announce(listener, settings, state.engine.refusal, is_open=is_open)
                structlog.get_logger().info(
                    "listening",
                    max_connections=n_connections,
                    max_descriptors=n_descriptors,
                )

    config = uvicorn.Config(
        app,
        http=bounded(_bounds(settings), Crowd(n_connections)),
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        backlog=BACKLOG,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=settings.shutdown_s,
    )
    Server(config).run([listener])


def _bounds(settings: "Settings") -> "Bounds":
    from serving.protocol import Bounds

    # A second more than a stream's own patience, which says in the log what it was.
    return Bounds(
        head_s=settings.head_s,
        stalled_s=settings.stream_idle_s + 1,
        linger_s=min(settings.body_s, Bounds().linger_s),
    )


def _announce(
    listener: socket.socket,
    settings: "Settings",
    refusal: KiemtinError | None,
    *,
    is_open: bool,
) -> None:
    at = _address(listener)
    lines = [
        "Kiểm Tin is ready." if refusal is None else "Kiểm Tin scores nothing.",
        f"  page   {at}/",
        f"  review {at}/console",
        f"  API    {at}/v1/score",
        f"  docs   {at}/docs" if settings.docs else "",
        f"  state  {at}/ready",
        f"  access {_OPEN if is_open else _LOCKED}",
        "Stop it with Ctrl-C.",
    ]
    typer.echo("\n".join(x for x in lines if x))
    if refusal is not None:
        typer.echo(f"kiemtin: {refusal.code}: {refusal}", err=True)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _stop(number: int, frame: object) -> None:
    """End quietly: uvicorn has answered what was open, and passes the signal on."""
    raise SystemExit(0)
