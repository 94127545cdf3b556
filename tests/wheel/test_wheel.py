"""The wheel works where the repository is not: assets found, sample computed, nothing borrowed from the checkout.

The wheel goes into an empty environment. Its dependencies are not downloaded again: a ``.pth`` file
adds the folder this test's own libraries stand in. That folder may itself point to the checkout (an
editable installation), but the wheel's own folder comes first, and the test makes sure that it did.
"""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel
SAMPLE = "quillfern-2025"


def run(*command, cwd, **keys):
    """A command without the caller's Python settings, away from the repository."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_", "PYTEST"))}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True, timeout=900, **keys
    )


@pytest.fixture(scope="module")
def wheel(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    made = run(
        sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", folder, repository, cwd=folder
    )
    assert made.returncode == 0, made.stderr
    (path,) = folder.glob("rdcredit-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs of an environment that holds the wheel."""
    home = tmp_path_factory.mktemp("away")
    venv.create(home / "env", with_pip=True)
    programs = home / "env" / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    made = run(python, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", wheel, cwd=home)
    assert made.returncode == 0, made.stderr
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).stdout.strip()
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site, "zz_borrowed.pth").write_text("\n".join(sorted(libraries)) + "\n", encoding="utf-8")
    return programs


@pytest.fixture(scope="module")
def computed(installed, tmp_path_factory):
    """The sample, computed from the wheel in a folder of its own."""
    folder = tmp_path_factory.mktemp("work")
    made = run(installed / "rdcredit", "init", folder / "study", "--sample", SAMPLE, cwd=folder)
    assert made.returncode == 0, made.stderr
    ran = run(installed / "rdcredit", "run", folder / "study", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return folder / "study"


def test_the_wheel_holds_the_package_its_data_and_its_assets_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as package:
        names = package.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"rdcredit", next(t for t in tops if t.endswith(".dist-info"))}
    for wanted in (
        "rdcredit/py.typed",
        "rdcredit/law/data/credit.toml",
        "rdcredit/law/data/forms/f6765_2024_12.toml",
        "rdcredit/_assets/templates/study.docx",
        f"rdcredit/_assets/sample_data/{SAMPLE}/study.toml",
    ):
        assert wanted in names
    strays = [n for n in names if "__pycache__" in n or "/build/" in n or "/out/" in n or n.endswith((".pyc", ".orig"))]
    assert strays == []


def test_the_program_runs_from_the_wheel_and_not_from_the_checkout(installed, repository, tmp_path):
    found = run(installed / "python", "-c", "import rdcredit; print(rdcredit.__file__)", cwd=tmp_path)
    assert Path(found.stdout.strip()).is_relative_to(installed.parent)
    assert not Path(found.stdout.strip()).is_relative_to(repository)


def test_the_version_is_printed(installed, tmp_path):
    import rdcredit

    made = run(installed / "rdcredit", "--version", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert rdcredit.__version__ in made.stdout


def test_the_shipped_files_are_found(installed, tmp_path):
    script = (
        "from rdcredit.assets import asset\n"
        f"for p in (asset('templates', 'study.docx'), asset('sample_data', '{SAMPLE}', 'study.toml')): print(p)\n"
    )
    made = run(installed / "python", "-c", script, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert all(Path(line).is_relative_to(installed.parent) for line in made.stdout.split("\n") if line)


def test_the_sample_is_computed_and_verified_from_the_wheel(computed, installed, tmp_path):
    published = {p.name for p in (computed / "out").iterdir()}
    assert {"workpapers.xlsx", "study.docx", "form6765.json", "results.json", "manifest.json"} <= published
    verified = run(installed / "rdcredit", "verify", computed, cwd=tmp_path)
    assert verified.returncode == 0, verified.stderr
