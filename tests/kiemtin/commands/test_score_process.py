"""``kiemtin score`` as a process: terminals, pipes, signals, memory."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.command_line import kiemtin

START = [sys.executable, "-m", "kiemtin.cli", "score"]


def test_terminal_gets_a_table(tmp_path: Path, bundle: Path) -> None:
    """On a terminal there is a table, and no post can command the terminal."""
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps({"text": "đồ ngu \x1b[2J\x1b]0;x\x07\x9b2J"}))
    main_end, other_end = pty.openpty()
    ended = subprocess.run(
        [*START, path, "--bundle", bundle],
        stdout=other_end,
        stderr=subprocess.PIPE,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
        check=False,
    )
    os.close(other_end)
    shown = b"".join(_chunks(main_end)).decode()

    assert ended.returncode == 0
    assert ended.stderr == b""
    assert "recommendation" in shown
    assert "abusive 0.98" in shown
    assert "\x1b[33m" in shown
    for command in ("\x1b[2J", "\x1b]", "\x07", "\x9b"):
        assert command not in shown


def _chunks(fd: int) -> Iterator[bytes]:
    """Yield what was written to a terminal that nobody writes to any more."""
    try:
        while chunk := os.read(fd, 65_536):
            yield chunk
    except OSError:
        return  # how Linux says that the other end is closed
    finally:
        os.close(fd)


def test_standard_input_of_bytes(bundle: Path) -> None:
    """Bytes that are not UTF-8 fail alone; output is UTF-8; a pipe gets JSON."""
    ended = kiemtin(
        "score", "-", "--plain", "--reasons", "--bundle", bundle,
        stdin=b"\xff\xfe\n" + "diệt hết".encode() + b"\n\0\n",
    )  # fmt: skip
    lines = [json.loads(x) for x in ended.stdout.decode().splitlines()]

    assert ended.returncode == 1
    assert ended.stderr == b""
    assert lines[0]["error"]["code"] == "invalid_unicode"
    assert lines[1]["reasons"][0]["text"] == "diệt"
    assert lines[2]["error"]["code"] == "empty_text"
    assert "diệt".encode() in ended.stdout


def test_reader_that_goes_away(tmp_path: Path, bundle: Path) -> None:
    """``| head`` ends the work quietly."""
    path = tmp_path / "posts.txt"
    path.write_text("đồ ngu\n" * 5_000)
    with subprocess.Popen(
        [*START, path, "--plain", "--bundle", bundle],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()

    assert errors == b""
    assert process.returncode == 128 + signal.SIGPIPE


def _hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_interrupt(bundle: Path) -> None:
    """Ctrl-C ends the work quietly; what was scored before has been written."""
    with subprocess.Popen(
        [*START, "-", "--plain", "--batch-size", "1", "--bundle", bundle],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whoever runs the tests in the background makes its children deaf to it.
        preexec_fn=_hear_interrupts,  # noqa: PLW1509
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"ngu\n")
        process.stdin.flush()
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read()

    assert json.loads(line)["id"] == "1"
    assert errors == b""
    assert process.returncode == 130


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk(bundle: Path) -> None:
    """Output that cannot be written is not taken for lines that failed."""
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*START, "-", "--plain", "--bundle", bundle],
            input="ngu",
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )

    assert ended.returncode == 2
    assert ended.stderr.startswith("kiemtin: output_unwritable: ")
    assert ended.stderr.count("\n") == 1


PEAK = """
import sys
from kiemtin.cli import main
try:
    main(sys.argv[1:])
finally:
    status = open("/proc/self/status").read()
    print(status.partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


def _peak_kb(path: Path, bundle: Path, form: str) -> int:
    options = ["--plain", "--bundle", str(bundle), "--format", form]
    ended = subprocess.run(
        [sys.executable, "-c", PEAK, "score", str(path), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    return int(ended.stderr)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(("form", "n_posts"), [("json", 60_000), ("table", 10_000)])
def test_memory_does_not_grow(
    tmp_path: Path, bundle: Path, form: str, n_posts: int
) -> None:
    """A much longer file, with one line of 64 MB, takes no more memory."""
    short, long = tmp_path / "short.txt", tmp_path / "long.txt"
    short.write_text("đồ ngu quá trời\n" * 1_000)
    long.write_text("đồ ngu quá trời\n" * n_posts + "a" * 64_000_000)

    grown_kb = _peak_kb(long, bundle, form) - _peak_kb(short, bundle, form)

    assert grown_kb < 12_000
