"""Logs: one JSON object a line, on standard error."""

import json
from collections.abc import Iterator

import pytest
import structlog

from kiemtin.logs import configure_logs


@pytest.fixture(autouse=True)
def _default_logs() -> Iterator[None]:
    """Leave no configuration behind."""
    yield
    structlog.reset_defaults()


def test_line_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    """A line can be parsed, keeps its fields and does not touch standard output."""
    configure_logs()
    structlog.get_logger().info("scored", n_posts=3, queue="hàng đợi")

    out, err = capsys.readouterr()
    assert out == ""
    line = json.loads(err)
    assert line["event"] == "scored"
    assert line["level"] == "info"
    assert line["n_posts"] == 3
    assert line["timestamp"].endswith("Z")
    assert "hàng đợi" in err


@pytest.mark.parametrize("value", ["\ud800", object(), {1: {2}}, float("nan")])
def test_whatever_is_logged_is_a_line(
    capsys: pytest.CaptureFixture[str], value: object
) -> None:
    """To log is never a mistake of its own, whatever the value."""
    configure_logs()
    structlog.get_logger().info("odd", value=value)

    assert json.loads(capsys.readouterr().err)["event"] == "odd"


def test_level(capsys: pytest.CaptureFixture[str]) -> None:
    """What is below the level is not logged; its name may be in lower case."""
    configure_logs(level="warning")
    structlog.get_logger().info("not this")
    structlog.get_logger().warning("this")

    assert json.loads(capsys.readouterr().err)["event"] == "this"


def test_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """For people a line is no JSON, and has no colours where there is no terminal."""
    configure_logs(json=False)
    structlog.get_logger().info("ready")

    err = capsys.readouterr().err
    assert "ready" in err
    assert "\x1b" not in err
    assert not err.startswith("{")
