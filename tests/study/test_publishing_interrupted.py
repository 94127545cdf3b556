"""Whatever fails, is killed or is stopped, one whole set is published, and the next run needs no cleaning."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import fields, replace

import pytest
from support.publishing import QUICK, WAYS, Kth, build, fail, hidden, outcome, tree

from rdcredit.errors import Exit
from rdcredit.study.calls import SYSTEM, Calls
from rdcredit.study.compare import compare
from rdcredit.study.exchange import PREVIOUS, STAGED_LOCK, STAGING
from rdcredit.study.lock import LOCK_NAME, study_lock
from rdcredit.study.publisher import KEPT, NONE_YET, publish, recover

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@WAYS
@pytest.mark.parametrize("first", [True, False], ids=["first set", "second set"])
def test_a_failure_of_any_call_leaves_the_earlier_set_as_it_was(study, system, first):
    if not first:
        publish(study, build(b"one"), calls=QUICK)
    before = tree(study)
    k, failures = 0, 0
    while True:
        k += 1
        shim = Kth(system, k, fail)
        refusal = outcome(study, b"two", shim.calls)
        if refusal is None:
            break
        failures += 1
        assert refusal.exit_code() == Exit.ENVIRONMENT
        assert refusal.state == (NONE_YET if first else KEPT)
        assert "someone" not in refusal.problems[0].line()
        assert tree(study) == before, k
    assert failures >= 13
    assert compare(study) == ()
    if shim.reached:  # only the removal of the replaced set failed; the next start does it
        recover(study)
    assert hidden(study) == []
    assert (study / "out" / "pages" / "deep" / "summary.html").read_bytes() == b"two"


def test_everything_is_on_the_disk_before_the_exchange_and_the_exchange_before_the_end(study):
    publish(study, build(b"one"), calls=QUICK)
    done = []

    def noted(name):
        def call(*paths):
            done.append((name, *(p.relative_to(study).as_posix() for p in paths if not isinstance(p, bytes))))
            return getattr(QUICK, name)(*paths)

        return call

    publish(study, build(b"two"), calls=Calls(**{f.name: noted(f.name) for f in fields(Calls)}))
    change = done.index(("exchange", STAGING, "out"))
    forced = {path for name, path, *_ in done[:change] if name == "fsync"}
    inside = ("", "/workpapers.xlsx", "/manifest.json", "/pages", "/pages/deep", "/pages/deep/summary.html")
    assert forced == {".", STAGED_LOCK, *(STAGING + name for name in inside)}
    assert done[change + 1 :] == [("rename", STAGED_LOCK, "rdcredit.lock"), ("fsync", ".")]
    for i, (name, path, *_) in enumerate(done):
        if name == "write":
            assert ("fsync", path) in done[i:change]


@WAYS
def test_a_disk_that_fails_for_good_leaves_one_whole_set_and_the_next_run_needs_no_cleaning(study, system):
    k = 0
    while True:
        k += 1
        publish(study, build(b"one"), calls=QUICK)
        before = tree(study)
        refusal = outcome(study, b"two", Kth(system, k, fail, lasts=True).calls)
        if refusal is None:
            break
        there = {name: data for name, data in tree(study).items() if name.startswith("out")}
        if refusal.state == KEPT:
            assert there == {name: data for name, data in before.items() if name.startswith("out")}
        elif there:
            assert there["out/pages/deep/summary.html"] == b"two"
            assert "did not confirm" in refusal.state
        else:
            assert PREVIOUS in refusal.state
        with study_lock(study):
            recover(study)
        assert compare(study) == ()
        assert hidden(study) == []
    assert k > 13


@WAYS
@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_a_process_killed_at_any_call_leaves_one_whole_set_and_a_clean_next_run(study, system, after):
    publish(study, build(b"one"), calls=QUICK)
    k, killed = 0, True
    while killed:
        k += 1
        new = b"two" if k % 2 else b"three"
        before = tree(study)
        child = os.fork()
        if child == 0:
            try:
                shim = Kth(system, k, lambda: os.kill(os.getpid(), signal.SIGKILL), after=after)
                publish(study, build(new), calls=shim.calls)
                os._exit(0)
            finally:
                os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, -signal.SIGKILL)
        killed = status != 0
        now = tree(study)
        sets = {data for name, data in now.items() if name.endswith("deep/summary.html") and name.startswith("out/")}
        assert sets in ({before["out/pages/deep/summary.html"]}, {new}) or PREVIOUS in now
        with study_lock(study):
            recover(study)
        assert compare(study) == ()
        assert hidden(study) == []
    assert k > 13


def test_the_next_publication_after_a_kill_needs_no_other_step(study):
    publish(study, build(b"one"), calls=QUICK)
    child = os.fork()
    if child == 0:
        try:
            publish(study, lambda _folder: os.kill(os.getpid(), signal.SIGKILL))
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    assert {STAGING, LOCK_NAME} <= set(tree(study))
    publish(study, build(b"two"))
    assert compare(study) == ()
    assert hidden(study) == []


@pytest.mark.parametrize("name", ["exchange", "rename", "fsync", "write", "mkdir"])
def test_an_interruption_at_any_call_leaves_one_whole_set(study, name):
    publish(study, build(b"one"), calls=QUICK)
    real = getattr(SYSTEM, name)

    def interrupted(*args):
        signal.raise_signal(signal.SIGINT)
        return real(*args)

    with pytest.raises(KeyboardInterrupt):
        publish(study, build(b"two"), calls=replace(SYSTEM, **{name: interrupted}))
    recover(study)
    assert compare(study) == ()
    assert hidden(study) == []
    expected = b"two" if name in ("exchange", "rename") else b"one"
    assert (study / "out" / "pages" / "deep" / "summary.html").read_bytes() == expected


STOPPED = """
import sys, time
from pathlib import Path
from rdcredit.study.interrupts import Interrupted, interruptible
from rdcredit.study.publisher import publish
def build(folder):
    (folder / "half").write_bytes(b"x")
    print("building", flush=True)
    time.sleep(60)
try:
    with interruptible():
        publish(Path(sys.argv[1]), build)
except Interrupted as stopped:
    sys.exit(stopped.exit_code())
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_stopped_run_leaves_the_study_as_it_was(study, number, code):
    publish(study, build(b"one"), calls=QUICK)
    before = tree(study)
    with subprocess.Popen([sys.executable, "-c", STOPPED, str(study)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "building\n"
        process.send_signal(number)
        assert process.wait(timeout=20) == code
    assert tree(study) == before


def test_leftovers_of_an_earlier_start_are_removed_before_building(study):
    (study / STAGING / "deep").mkdir(parents=True)
    (study / STAGING / "deep" / "half").write_bytes(b"x")
    (study / STAGED_LOCK).write_text("{}")
    publish(study, build(b"one"), calls=QUICK)
    assert hidden(study) == []
    assert compare(study) == ()
