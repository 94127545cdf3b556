"""Rules of the house that types and linters do not see, checked on the source itself."""

import ast
import re
import sys

import pytest

LAW_ROOMS = ("figure", "facts", "law", "qre", "credit")
"""In import order: each may take from those before it."""
ROOT_MODULES = {"citation", "source", "money", "errors", "assets"}
LONGEST_MODULE = 400
DOORS = {
    # package: the only places in rdcredit that may import it
    "duckdb": ("engine/",),
    "ibis": ("engine/",),
    "sklearn": ("determine/model.py",),
}
FORBIDDEN_IN_ENGINE = ("read_csv_auto", "ignore_errors", "sniff_csv")


@pytest.fixture(scope="module")
def package(repository):
    return repository / "rdcredit"


def modules(folder):
    return sorted(p for p in folder.rglob("*.py") if "_assets" not in p.parts)


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(tree):
    """Line and full name of everything a module imports, wherever in the module it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{prefix}.{alias.name}") for alias in node.names)


def at_run_time(tree):
    """The module without what only the type checker reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    return tree


def stray_imports(room, tree):
    """Imports a room of the law may not have: other than the standard library, root modules, rooms below."""
    below = set(LAW_ROOMS[: LAW_ROOMS.index(room) + 1])
    for line, name in imports(tree):
        top, _, rest = name.partition(".")
        if top in sys.stdlib_module_names:
            continue
        if top == "rdcredit" and rest.split(".")[0] in below | ROOT_MODULES:
            continue
        yield line, name


@pytest.mark.parametrize("room", LAW_ROOMS)
def test_a_tax_lawyer_meets_no_plumbing(room, package):
    found = [
        f"{path.relative_to(package)}:{line} imports {name}"
        for path in modules(package / room)
        for line, name in stray_imports(room, parsed(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("room", "snippet", "stray"),
    [
        ("credit", "import pandas", True),
        ("credit", "def f():\n    from openpyxl import Workbook", True),
        ("credit", "from rdcredit.render import cells", True),
        ("qre", "from rdcredit.credit.compute import Credit", True),
        ("facts", "from rdcredit.law import Law", True),
        ("credit", "from rdcredit.qre.wages import wages", False),
        ("credit", "from rdcredit.money import rounded", False),
        ("figure", "import tomllib", False),
    ],
)
def test_a_planted_import_is_seen(room, snippet, stray):
    assert bool(list(stray_imports(room, ast.parse(snippet)))) is stray


def test_no_module_is_longer_than_one_sitting(package):
    lengths = {p.relative_to(package): len(p.read_text(encoding="utf-8").splitlines()) for p in modules(package)}
    assert {str(p): n for p, n in lengths.items() if n > LONGEST_MODULE} == {}


# -- exceptions


def broad_handlers(source):
    """Lines that catch everything, do not raise it again and do not say why on the line itself."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = {None if c is None else getattr(c, "id", getattr(c, "attr", "")) for c in caught}
        text = re.sub(r"#\s*noqa:\s*[A-Z0-9, ]+", "#", lines[node.lineno - 1])
        explained = len(text.partition("#")[2].strip(" -#")) > len("because")
        passed_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
        if names & {None, "Exception", "BaseException"} and not explained and not passed_on:
            yield node.lineno


def test_nothing_catches_everything_without_saying_why(package):
    found = [f"{p.relative_to(package)}:{n}" for p in modules(package) for n in broad_handlers(p.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    ("handler", "seen"),
    [
        ("except:", True),
        ("except Exception:", True),
        ("except Exception as e:  # noqa: BLE001", True),
        ("except (ValueError, Exception):", True),
        ("except BaseException:", True),
        ("except Exception:  # noqa: BLE001 - the child reports whatever went wrong", False),
        ("except ValueError:", False),
    ],
)
def test_a_planted_broad_handler_is_seen(handler, seen):
    assert bool(list(broad_handlers(f"try:\n    pass\n{handler}\n    pass\n"))) is seen


def test_a_handler_that_raises_again_swallows_nothing():
    assert not list(broad_handlers("try:\n    pass\nexcept BaseException:\n    stop()\n    raise\n"))
    assert list(broad_handlers("try:\n    pass\nexcept BaseException:\n    raise Other from None\n"))


# -- doors to the big libraries


@pytest.mark.parametrize("library", DOORS)
def test_a_library_has_one_door(library, package):
    """Names of its types, for the type checker alone, may be spoken elsewhere."""
    found = [
        f"{path.relative_to(package)}:{line}"
        for path in modules(package)
        if not path.relative_to(package).as_posix().startswith(DOORS[library])
        for line, name in imports(at_run_time(parsed(path)))
        if name.split(".")[0] == library
    ]
    assert found == []


def test_every_sheet_is_read_through_one_door(package):
    found = [
        f"{path.relative_to(package)}:{node.lineno}"
        for path in modules(package)
        if path.relative_to(package).as_posix() != "ingest/sheets.py"
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Name) and node.id == "load_workbook")
        or (isinstance(node, ast.Attribute) and node.attr == "load_workbook")
        or (isinstance(node, ast.alias) and node.name == "load_workbook")
    ]
    assert found == []


def test_only_render_writes_office_files(package):
    writers = {"docxtpl", "docx"}
    found = [
        f"{path.relative_to(package)}:{line} {name}"
        for path in modules(package)
        if not path.relative_to(package).as_posix().startswith("render/")
        for line, name in imports(parsed(path))
        if name.split(".")[0] in writers or name == "openpyxl.Workbook"
    ]
    assert found == []


@pytest.mark.parametrize("word", FORBIDDEN_IN_ENGINE)
def test_the_readers_guesses_are_not_used(word, package):
    """Code and strings only: a comment may say why."""
    found = [
        f"{path.relative_to(package)}:{getattr(node, 'lineno', 0)}"
        for room in ("engine", "ingest")
        for path in modules(package / room)
        for node in ast.walk(_without_docstrings(parsed(path)))
        if word in (str(getattr(node, "value", "")) if isinstance(node, ast.Constant) else _name(node))
    ]
    assert found == []


def _name(node):
    for field in ("id", "attr", "arg"):
        found = getattr(node, field, None)
        if isinstance(found, str):
            return found
    return ""


def _without_docstrings(tree):
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [n for n in body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))] or [
                ast.Pass()
            ]
    return tree


# -- error codes

_CODE = re.compile(r"E[1-9]\d\d")


def codes_used(tree):
    """Error codes that stand as whole strings in code, docstrings left out."""
    for node in ast.walk(_without_docstrings(tree)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
            yield node.value


def test_the_catalogue_and_the_code_name_the_same_errors(package):
    from rdcredit.errors import CATALOGUE

    used = {
        code
        for path in modules(package)
        if path.relative_to(package).as_posix() != "errors.py"
        for code in codes_used(parsed(path))
    }
    assert used - set(CATALOGUE) == set(), "raised but not in the catalogue"
    assert set(CATALOGUE) - used == set(), "in the catalogue but never raised"


def test_the_catalogue_is_in_order_and_each_title_is_a_phrase():
    from rdcredit.errors import CATALOGUE

    assert list(CATALOGUE) == sorted(CATALOGUE)
    assert all(_CODE.fullmatch(code) for code in CATALOGUE)
    assert all(title and title == title.strip().rstrip(".") for _, title in CATALOGUE.values())
    titles = [title for _, title in CATALOGUE.values()]
    assert len(titles) == len(set(titles))


# -- what a start costs


def test_the_command_line_starts_without_the_heavy_libraries(repository):
    import subprocess

    script = (
        "import sys, importlib.util\n"
        "import rdcredit.cli\n"
        "heavy = {'pandas', 'pyarrow', 'duckdb', 'ibis', 'openpyxl', 'sklearn', 'docxtpl', 'numpy'}\n"
        "print(sorted(heavy & {m.split('.')[0] for m in sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=repository, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "[]"


def test_the_figures_are_computed_without_any_library(repository):
    """The rooms of the law work where only the standard library is installed."""
    import subprocess

    script = (
        "import sys\n"
        "sys.path.insert(0, '.')\n"
        "import rdcredit.credit.compute, rdcredit.law, rdcredit.figure.formula, rdcredit.figure.sentence\n"
        "print(sorted(m for m in sys.modules if 'site-packages' in (getattr(sys.modules[m], '__file__', None) or '')))"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], cwd=repository, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "[]"
