"""What is built is what was written: no module and no data file is left out of the wheel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("data", "connectors", "classifiers", "dashboard")

# Run without `site`, so that no .pth file leads back to the working copy: the libraries' folder is
# searched as a plain folder, after the unpacked wheel.
PROGRAM = """
import json, sys
unpacked, libraries, *arguments = sys.argv[1:]
sys.path[:0] = [unpacked]
sys.path.append(libraries)
sys.argv = ["evenhand", *arguments]
from evenhand.dashboard import cli
code = cli.run(cli.app)
places = [m.__file__ for name, m in sys.modules.items() if name.startswith("evenhand.")]
print(json.dumps([one for one in places if one]), file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), "."],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = out.glob("*.whl")
    return built


def test_wheel_holds_every_module_and_data_file(wheel):
    """A room's every file lies in the wheel under `evenhand/`."""
    tracked = subprocess.run(
        ["git", "ls-files", *ROOMS], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\n")
    expected = {f"evenhand/{name}" for name in tracked if name and (ROOT / name).is_file()}
    with zipfile.ZipFile(wheel) as packed:
        inside = set(packed.namelist())

    assert len(expected) > 50
    assert set() == expected - inside


def test_wheel_holds_nothing_but_the_rooms(wheel):
    """No test, no link farm and no namespace package file is installed for everybody."""
    with zipfile.ZipFile(wheel) as packed:
        tops = {name.split("/")[0] for name in packed.namelist()}
        inside = set(packed.namelist())

    assert all(top == "evenhand" or top.endswith(".dist-info") for top in tops)
    assert "evenhand/__init__.py" not in inside


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


@pytest.mark.parametrize(
    "arguments", [["--help"], ["demo", "--no-serve", "--json", "--posts", "120"]]
)
def test_wheel_alone_runs_the_command(unpacked, tmp_path, arguments):
    """Nothing of the working copy is needed: every module of ours comes out of the wheel."""
    libraries = sysconfig.get_path("purelib")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("EVENHAND_")}
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-c", PROGRAM, str(unpacked), libraries, *arguments],
        cwd="/",
        env={**kept, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    places = json.loads(ended.stderr.splitlines()[-1])

    assert 0 == ended.returncode, ended.stderr
    assert len(places) > 5
    assert [] == [one for one in places if not Path(one).is_relative_to(unpacked)]
    if "--json" in arguments:
        assert 120 == json.loads(ended.stdout)["posts"]
    assert [] == list(tmp_path.iterdir())


def test_rooms_are_typed_and_import_nothing_on_the_way():
    """Each room carries its type marker, and its `__init__` is a docstring only."""
    for room in ROOMS:
        assert (ROOT / room / "py.typed").is_file()

    for room in ROOMS:
        init = ROOT / room / "__init__.py"
        lines = init.read_text("utf-8").strip()

        assert lines.startswith('"""'), init
        assert lines.endswith('"""'), init
        assert lines.count('"""') == 2, init


def test_lock_files_name_no_index_and_hash_every_package():
    """Anyone can install from the locks, whatever index they use."""
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text("utf-8")
        pins = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]

        assert "://" not in text
        assert len(pins) <= text.count("--hash=sha256:")
        assert len(pins) > 50
