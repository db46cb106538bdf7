"""``kiemtin serve``."""

import errno
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiemtin.errors import KiemtinError
from serving.errors import (
    AddressUnavailableError,
    InvalidSettingError,
    PortInUseError,
)

if TYPE_CHECKING:
    from serving.settings import Settings


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
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
    signal.signal(signal.SIGTERM, _stop)
    listener = _listen(host, port)
    given = {"bundle": bundle, "database_url": database_url}
    _run(listener, {k: v for k, v in given.items() if v is not None})


def _listen(host: str, port: int) -> socket.socket:
    """
    Return a socket that listens; done first, since the rest takes seconds.

    Raises:
        PortInUseError: If somebody else listens there.
        AddressUnavailableError: If nobody can.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as e:
        listener.close()
        if e.errno == errno.EADDRINUSE:
            msg = (
                f"port {port} of {host} is taken; choose another with --port, "
                f"or PORT={port + 1} for make"
            )
            raise PortInUseError(msg) from None
        msg = f"cannot listen on port {port} of {host}: {e.strerror}"
        raise AddressUnavailableError(msg) from None
    return listener


def _run(listener: socket.socket, given: dict[str, Any]) -> None:
    import uvicorn
    from pydantic import ValidationError

    from kiemtin.logs import configure_logs
    from serving.app import create_app
    from serving.db import Database
    from serving.settings import Settings

    try:
        settings = Settings(**given)
    except ValidationError as e:
        first = e.errors(include_input=False)[0]
        msg = f"KIEMTIN_{str(first['loc'][0]).upper()}: {first['msg']}"
        raise InvalidSettingError(msg) from None
    configure_logs(level=settings.log_level, json=not sys.stderr.isatty())
    database = Database(settings.database_url)
    database.migrate()
    database.close()
    app = create_app(settings)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _announce(listener, settings, app.state.engine.refusal)

    config = uvicorn.Config(
        app, access_log=False, log_config=None, server_header=False, date_header=True
    )
    Server(config).run([listener])


def _announce(
    listener: socket.socket, settings: "Settings", refusal: KiemtinError | None
) -> None:
    host, port = listener.getsockname()[:2]
    at = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    lines = [
        "Kiểm Tin is ready." if refusal is None else "Kiểm Tin scores nothing.",
        f"  page   {at}/",
        f"  API    {at}/v1/score",
        f"  docs   {at}/docs" if settings.docs else "",
        f"  state  {at}/ready",
        "Stop it with Ctrl-C.",
    ]
    typer.echo("\n".join(x for x in lines if x))
    if refusal is not None:
        typer.echo(f"kiemtin: {refusal.code}: {refusal}", err=True)


def _stop(number: int, frame: object) -> None:
    """End quietly: uvicorn has answered what was open, and passes the signal on."""
    raise SystemExit(0)
