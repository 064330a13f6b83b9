"""What is built is what was written: no module and no data file is left out of the wheel."""

from __future__ import annotations

import json
import os
import shutil
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


def build(folder, out):
    """Build the wheel of *folder* and give its path."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), "."],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = out.glob("*.whl")
    return built


def left_out(names, built):
    """Tell which of the rooms' files are not in a wheel."""
    with zipfile.ZipFile(built) as packed:
        return {f"evenhand/{name}" for name in names} - set(packed.namelist())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


def test_wheel_holds_every_module_and_data_file(wheel):
    """A room's every file lies in the wheel under `evenhand/`."""
    tracked = subprocess.run(
        ["git", "ls-files", *ROOMS], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\n")
    names = [name for name in tracked if name and (ROOT / name).is_file()]

    assert len(names) > 50
    assert left_out(names, wheel) == set()


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ('only-include = ["data", "connectors", ', 'only-include = ["data", '),
        ('"classifiers" = "evenhand/classifiers"\n', ""),
    ],
)
def test_wheel_that_leaves_modules_out_is_noticed(tmp_path, line, instead):
    """With these lines mangled the build drops modules and says nothing; the check above does."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    mangled = text.replace(line, instead)
    (tmp_path / "pyproject.toml").write_text(mangled, "utf-8")
    names = []
    for room in ROOMS:
        (tmp_path / room).mkdir()
        for name in ("__init__.py", "module.py"):
            (tmp_path / room / name).write_text('"""Nothing."""\n', "utf-8")
            names.append(f"{room}/{name}")
    shutil.copytree(ROOT / ".editable", tmp_path / ".editable", symlinks=True)
    for name in ("README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    built = build(tmp_path, tmp_path / "out")

    assert mangled != text
    assert left_out(names, built) != set()


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
