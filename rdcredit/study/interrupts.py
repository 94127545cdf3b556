"""Interruption by the user or the system: an exception anywhere, put off while the published set changes."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))


class Interrupted(BaseException):
    """The process was asked to stop; like KeyboardInterrupt it passes every ``except Exception``."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"interrupted by signal {number}")

    def exit_code(self) -> int:
        """What a shell expects: 130 for Ctrl-C, 143 for a request to terminate."""
        return 128 + self.number


@contextmanager
def interruptible() -> Iterator[None]:
    """Signals to stop raise :class:`Interrupted`, so that every ``finally`` runs.

    For the outermost call of a command. Outside the main thread, where Python handles no
    signals, it does nothing.
    """

    def stop(number: int, _frame: FrameType | None) -> None:
        raise Interrupted(number)

    with _handled_by(stop):
        yield


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Signals to stop are remembered and take effect when the block ends.

    For the few renames that exchange the published set. Masking signals would not do: another
    thread could receive them.
    """
    waiting: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        waiting.append(number)

    try:
        with _handled_by(remember):
            yield
    finally:
        for number in waiting[:1]:
            signal.raise_signal(number)


@contextmanager
def _handled_by(handler: Any) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    try:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup asked for that
                before[number] = signal.signal(number, handler)
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
