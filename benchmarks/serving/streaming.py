"""A caller of the stream: sends lines in one thread, and reads answers in another."""

import socket
import threading
from collections.abc import Iterable

_OK = b'"status":"ok"'


def exchange(port: int, path: str, pieces: Iterable[bytes]) -> int:
    """Send *pieces* as one body, and return how many lines of the answer are scores."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
            "Content-Type: application/x-ndjson\r\nConnection: close\r\n\r\n".encode()
        )

        def send() -> None:
            for piece in pieces:
                line.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            line.sendall(b"0\r\n\r\n")

        sender = threading.Thread(target=send)
        sender.start()
        n_ok, tail = 0, b""
        while piece := line.recv(1 << 18):
            seen = tail + piece
            n_ok += seen.count(_OK)
            # What is cut in two is counted with the next piece, and nothing twice.
            tail = seen[-(len(_OK) - 1) :]
        sender.join()
    return n_ok
