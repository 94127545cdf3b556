"""One run at a time: a live owner is respected, a dead one is not waited for."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace

import pytest

from rdcredit.errors import Exit, Refused
from rdcredit.study import lock
from rdcredit.study.lock import LOCK_NAME, holds, study_lock, this_process

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

HOLDER = """
import sys, time
from pathlib import Path
from rdcredit.study.lock import study_lock
with study_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def holder(tmp_path):
    """Starts another process that holds the study for some seconds."""
    started = []

    def start(seconds):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path), str(seconds)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def write_lock(root, owner):
    (root / LOCK_NAME).write_text(json.dumps(asdict(owner)), encoding="utf-8")


def leftovers(root):
    return sorted(path.name for path in root.iterdir())


def test_the_lock_is_gone_when_the_run_ends(tmp_path):
    with study_lock(tmp_path):
        assert holds(tmp_path)
        assert leftovers(tmp_path) == [LOCK_NAME]
    assert leftovers(tmp_path) == []


def test_the_lock_is_gone_when_the_run_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), study_lock(tmp_path):
        raise ZeroDivisionError
    assert leftovers(tmp_path) == []


def test_the_owner_itself_may_ask_again(tmp_path):
    with study_lock(tmp_path):
        with study_lock(tmp_path):
            pass
        assert holds(tmp_path)


def test_a_live_run_is_named_with_its_age_and_nothing_changes(tmp_path, holder):
    process = holder(60)
    os.utime(tmp_path / LOCK_NAME, (time.time() - 7_300,) * 2)
    before = (tmp_path / LOCK_NAME).read_bytes()
    with pytest.raises(Refused) as refusal, study_lock(tmp_path):
        pass
    (problem,) = refusal.value.problems
    assert (problem.code, refusal.value.exit_code()) == ("E704", Exit.ENVIRONMENT)
    assert re.search(rf"process {process.pid} on .*, for 2 hours", problem.what)
    assert (tmp_path / LOCK_NAME).read_bytes() == before
    assert leftovers(tmp_path) == [LOCK_NAME]


def test_a_run_that_is_asked_to_wait_goes_on_when_the_other_ends(tmp_path, holder):
    holder(0.6)
    with study_lock(tmp_path, wait_seconds=20):
        assert holds(tmp_path)


def test_waiting_has_an_end(tmp_path, holder):
    holder(60)
    with pytest.raises(Refused), study_lock(tmp_path, wait_seconds=0.3):
        pass


def test_the_lock_of_a_killed_run_is_recovered(tmp_path, holder):
    process = holder(60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / LOCK_NAME).exists()
    with study_lock(tmp_path):
        assert holds(tmp_path)
    assert leftovers(tmp_path) == []


def test_the_lock_of_a_killed_run_is_recovered_before_its_parent_has_noticed(tmp_path, holder):
    process = holder(60)
    process.send_signal(signal.SIGKILL)
    with study_lock(tmp_path, wait_seconds=10):  # the process is still listed, as ended
        assert holds(tmp_path)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="starts of processes are read from /proc")
def test_a_number_that_now_belongs_to_another_process_is_no_owner(tmp_path):
    parent = os.getppid()
    write_lock(tmp_path, replace(this_process(), pid=parent, start="an earlier boot:1", mark="x"))
    with study_lock(tmp_path):
        assert holds(tmp_path)
    alive = replace(this_process(), pid=parent, start=lock._start_of(parent), mark="x")
    write_lock(tmp_path, alive)
    with pytest.raises(Refused), study_lock(tmp_path):
        pass


@pytest.mark.parametrize("change", [{"host": "another-computer"}, {"space": "pid:[1]"}])
def test_an_owner_on_another_computer_is_respected_because_it_cannot_be_looked_at(tmp_path, change):
    write_lock(tmp_path, replace(this_process(), pid=2**22 + 1, mark="x", **change))
    with pytest.raises(Refused) as refusal, study_lock(tmp_path):
        pass
    assert LOCK_NAME in refusal.value.problems[0].fix


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 0}', '{"pid": "1"}', "[" * 100_000])
def test_a_lock_that_names_no_owner_is_respected_while_it_may_still_be_written(tmp_path, content):
    (tmp_path / LOCK_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(Refused), study_lock(tmp_path):
        pass
    os.utime(tmp_path / LOCK_NAME, (time.time() - 90,) * 2)
    with study_lock(tmp_path):
        assert holds(tmp_path)


def test_what_a_process_left_that_was_killed_while_locking_is_swept(tmp_path):
    old, new = tmp_path / f"{LOCK_NAME}.dead", tmp_path / f"{LOCK_NAME}.other"
    old.touch()
    new.touch()
    os.utime(old, (time.time() - 90,) * 2)
    with study_lock(tmp_path):
        pass
    assert leftovers(tmp_path) == [new.name]


def test_a_lock_removed_by_hand_is_not_released_twice(tmp_path):
    with study_lock(tmp_path):
        write_lock(tmp_path, replace(this_process(), mark="another run"))
    assert leftovers(tmp_path) == [LOCK_NAME]


def _no_links(*_):
    raise PermissionError(1, "Operation not permitted")


def _contend(root, log):
    for _ in range(5):
        with study_lock(root, wait_seconds=30):
            os.write(log, b"(")
            time.sleep(0.002)
            os.write(log, b")")


@pytest.mark.parametrize("links", [True, False], ids=["with links", "without links"])
@pytest.mark.parametrize("advisory", [True, False], ids=["advisory locks", "no advisory locks"])
def test_many_processes_that_find_a_stale_lock_enter_one_after_the_other(tmp_path, monkeypatch, links, advisory):
    """Without advisory locks and links, as on a network drive, exclusive creation alone must do."""
    from contextlib import nullcontext

    monkeypatch.setattr(lock, "_POLL_SECONDS", 0.003)
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    if not advisory:  # then the recovery of one stale file by several computers at once is not promised
        monkeypatch.setattr(lock, "_folder_lock", lambda _root: nullcontext())
        monkeypatch.setattr(lock, "_gone", lambda _owner: False)
    dead = subprocess.Popen(["true"])
    dead.wait()
    if advisory:
        write_lock(tmp_path, replace(this_process(), pid=dead.pid, start="", mark="x"))
    children = []
    log = os.open(tmp_path / "log", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    for _ in range(6):
        child = os.fork()
        if child == 0:
            try:
                _contend(tmp_path, log)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    os.close(log)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 6
    assert (tmp_path / "log").read_text() == "()" * 30
    assert leftovers(tmp_path) == ["log"]


@pytest.mark.parametrize("links", [True, False], ids=["with links", "without links"])
def test_a_new_run_that_took_the_place_of_a_stale_lock_keeps_it(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    path, aside = tmp_path / LOCK_NAME, tmp_path / "aside"
    stale, new = replace(this_process(), mark="stale"), replace(this_process(), mark="new")
    write_lock(tmp_path, new)
    before = path.read_bytes()
    lock._clear(path, stale, aside)
    assert path.read_bytes() == before
    reads = iter([stale, new])  # the place was taken between the look and the removal
    monkeypatch.setattr(lock, "_read", lambda _path: next(reads))
    lock._clear(path, stale, aside)
    assert path.read_bytes() == before
    assert leftovers(tmp_path) == [LOCK_NAME]


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    with pytest.raises(Refused) as refusal, study_lock(tmp_path / "absent"):
        pass
    (problem,) = refusal.value.problems
    assert (problem.code, refusal.value.exit_code()) == ("E705", Exit.ENVIRONMENT)
    assert str(tmp_path) not in problem.line()
