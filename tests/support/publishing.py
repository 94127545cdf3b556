"""Publishing in tests: small sets, whole trees compared, and calls of which any can be made to fail."""

from __future__ import annotations

import errno
from dataclasses import fields, replace

import pytest

from rdcredit.errors import Refused
from rdcredit.study.calls import SYSTEM, Calls
from rdcredit.study.publisher import EDITED, publish

QUICK = replace(SYSTEM, fsync=lambda path: path.stat())
"""Without waiting for the disk: what is tested is the order of the calls, not the disk."""
TWO_RENAMES = replace(QUICK, exchange=lambda _one, _other: False)
WAYS = pytest.mark.parametrize("system", [QUICK, TWO_RENAMES], ids=["one exchange", "two renames"])


def build(text):
    def into(folder):
        (folder / "workpapers.xlsx").write_bytes(text * 1000)
        (folder / "pages" / "deep").mkdir(parents=True)
        (folder / "pages" / "deep" / "summary.html").write_bytes(text)

    return into


def tree(root):
    """Every file and folder of the study with its bytes, hidden ones included."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
    }


def hidden(root):
    return [name for name in tree(root) if name.startswith((".", EDITED))]


class Kth:
    """Calls of which the k-th does something else first (and every later one too, when it lasts)."""

    def __init__(self, system, k, act, *, lasts=False, after=False):
        self.count, self.k, self.act, self.lasts, self.after = 0, k, act, lasts, after
        self.calls = Calls(**{f.name: self._wrapped(getattr(system, f.name)) for f in fields(Calls)})

    def _wrapped(self, call):
        def wrapped(*args):
            self.count += 1
            now = self.count == self.k or (self.lasts and self.count > self.k)
            if now and not self.after:
                self.act()
            result = call(*args)
            if now and self.after:
                self.act()
            return result

        return wrapped

    @property
    def reached(self):
        return self.count >= self.k


def outcome(study, text, calls):
    """The refusal of a publication, None where it went through."""
    try:
        publish(study, build(text), calls=calls)
    except Refused as refusal:
        return refusal
    return None


def fail():
    raise OSError(errno.EIO, "Input/output error", "/home/someone/private")
