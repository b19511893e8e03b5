"""Children die with their parent, however it dies, and idle work asks only for idle time."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from octavo.kernel.processes import at_idle_priority, before_exec, die_with_parent, out_of_memory_first

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")

_PARENT = """
import subprocess, sys, time
from octavo.kernel.processes import die_with_parent
child = subprocess.Popen(["sleep", "60"], preexec_fn=die_with_parent())
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_dies_with_its_parent(sig: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline())
        assert _runs(child)
        parent.send_signal(sig)
        parent.wait(60)
    give_up_at = time.monotonic() + 60
    while _runs(child) and time.monotonic() < give_up_at:
        time.sleep(0.01)
    assert not _runs(child)


def test_a_child_whose_parent_is_gone_already_ends_at_once() -> None:
    ask = die_with_parent()
    first = os.fork()
    if first == 0:
        # The grandchild asks with a parent that is not the one who was meant to watch over it.
        if os.fork() == 0:
            ask()
        os._exit(7 if os.wait()[1] == signal.SIGKILL else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) == 7


def test_idle_work_is_scheduled_as_idle() -> None:
    child = subprocess.Popen(["sleep", "60"], preexec_fn=before_exec(die_with_parent(), at_idle_priority()))
    try:
        assert os.sched_getscheduler(child.pid) == os.SCHED_IDLE
    finally:
        child.kill()
        child.wait()


def test_what_strangers_feed_is_the_first_to_go_when_memory_runs_out() -> None:
    child = subprocess.Popen(["sleep", "60"], preexec_fn=before_exec(die_with_parent(), out_of_memory_first()))
    try:
        assert Path(f"/proc/{child.pid}/oom_score_adj").read_text() == "1000\n"
    finally:
        child.kill()
        child.wait()


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
