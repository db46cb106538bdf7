"""``kiemtin bundle pull``: a bundle is brought into a folder, whole or not at all."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiemtin.bundle import bundle_digest
from kiemtin.cli import main
from kiemtin.manifest import CARD_FILE, GOLDENS_FILE
from kiemtin.models_folder import read_active
from tests.fixtures.bundle_variants import write_variant
from tests.fixtures.tiny_bundle import sign


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder of models that is not there yet."""
    return tmp_path / "models"


def _pull(*args: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["bundle", "pull", *map(str, args)])
    return int(ended.value.code or 0)


def test_a_bundle_is_copied_under_its_name(
    bundle: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its folder is printed, and nothing else is left there."""
    assert _pull(bundle, "--into", models) == 0

    (folder,) = models.iterdir()
    assert folder.name == f"tiny-1-{bundle_digest(bundle)[7:19]}"
    assert {x.name: x.read_bytes() for x in folder.iterdir()} == {
        x.name: x.read_bytes() for x in bundle.iterdir()
    }
    assert capsys.readouterr().out == f"{folder}\n"


def test_the_same_again_changes_nothing(
    bundle: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a file nor its time; the folder is printed all the same."""
    _pull(bundle, "--into", models, "--activate")
    before = {x: x.stat().st_mtime_ns for x in models.rglob("*")}
    first = capsys.readouterr().out

    assert _pull(bundle, "--into", models, "--activate") == 0

    assert {x: x.stat().st_mtime_ns for x in models.rglob("*")} == before
    assert capsys.readouterr().out == first


def test_the_active_one_is_named_on_demand(bundle: Path, models: Path) -> None:
    """Without --activate nobody is told to score by it."""
    _pull(bundle, "--into", models)
    assert read_active(models) is None

    _pull(bundle, "--into", models, "--activate")
    named = read_active(models)
    assert named is not None
    assert (models / named.folder).is_dir()


def _change(folder: Path) -> None:
    with (folder / CARD_FILE).open("a") as f:
        f.write("\n")


def _other_scores(folder: Path) -> None:
    path = folder / GOLDENS_FILE
    path.write_text(path.read_text("utf-8").replace("0.98", "0.77"), "utf-8")
    sign(folder)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (shutil.rmtree, "bundle_missing"),
        (_change, "bundle_corrupt"),
        (_other_scores, "bundle_golden"),
        (lambda x: (x / "more").mkdir(), "bundle_foreign_file"),
    ],
    ids=["missing", "corrupt", "golden", "foreign"],
)
def test_a_bad_bundle_leaves_nothing_behind(
    bundle: Path,
    models: Path,
    tmp_path: Path,
    spoil: Callable[[Path], None],
    code: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is refused with status 2, and neither it nor its name is there."""
    copy = shutil.copytree(bundle, tmp_path / "copy")
    spoil(copy)

    assert _pull(copy, "--into", models, "--activate") == 2

    assert capsys.readouterr().err.startswith(f"kiemtin: {code}: ")
    assert not models.exists() or list(models.iterdir()) == []


def test_a_broken_copy_is_replaced(bundle: Path, models: Path) -> None:
    """What lies there under the name, but is not whole any more, gives way."""
    _pull(bundle, "--into", models)
    (folder,) = models.iterdir()
    _change(folder)

    assert _pull(bundle, "--into", models) == 0

    assert [x.name for x in models.iterdir()] == [folder.name]
    assert (folder / CARD_FILE).read_bytes() == (bundle / CARD_FILE).read_bytes()


def test_a_folder_that_cannot_be_written(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is said in a line."""
    assert _pull(bundle, "--into", "/proc/models") == 2
    assert capsys.readouterr().err.startswith("kiemtin: folder_unwritable: ")


def test_an_address_needs_its_extra(tmp_path: Path) -> None:
    """Without MLflow a folder can be pulled, and of an address it is said what lacks."""
    code = (
        "import sys; sys.modules['mlflow'] = None\n"
        "from kiemtin.cli import main\n"
        "main(['bundle', 'pull', 'models:/kiemtin@champion', '--into', sys.argv[1]])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        check=False,
        text=True,
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith("kiemtin: extra_missing: models:/ needs mlflow")
    assert "pip install '.[training]'" in ended.stderr


def test_following_goes_on_after_a_bad_one(
    bundle: Path, models: Path, tmp_path: Path
) -> None:
    """With --every the next one is tried, each is said once, and SIGTERM is an end."""
    source = tmp_path / "source"
    command = ["bundle", "pull", source, "--into", models, "--activate", "--every", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "kiemtin.cli", *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        time.sleep(3)
        write_variant(bundle, tmp_path / "aside", version="2").rename(source)
        _wait_for(models, "tiny-2-")
        shutil.rmtree(source)
        write_variant(bundle, tmp_path / "aside", version="3").rename(source)
        _wait_for(models, "tiny-3-")
    finally:
        process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)

    assert process.returncode == 0
    assert [x.rpartition("/")[2][:6] for x in out.splitlines()] == ["tiny-2", "tiny-3"]
    assert 1 <= err.count(f"kiemtin: bundle_missing: {source} has no") <= 2
    assert not [x for x in models.iterdir() if x.name.startswith(".")]


def _wait_for(models: Path, beginning: str) -> None:
    for _ in range(200):
        named = read_active(models)
        if named and named.folder.startswith(beginning):
            return
        time.sleep(0.1)
    pytest.fail(f"{beginning} did not become active")
