"""How Python waits for the library: in slices, so that Ctrl-C comes through, and other tasks of asyncio run."""

from __future__ import annotations

import math
import time
from typing import Callable, Optional, TypeVar

from . import _values

# Python handles Ctrl-C between two calls of the library, never during one; nobody notices so short a delay, in seconds.
SLICE = 0.1

Outcome = TypeVar("Outcome")


def deadline_after(timeout: Optional[float]) -> float:
    """When a wait of so many seconds ends, by ``time.monotonic``; ``None`` waits for ever."""
    return time.monotonic() + (math.inf if timeout is None else _values.seconds("timeout", timeout))


def wait(ask: Callable[[int], Outcome], pending: Outcome, timeout: Optional[float]) -> Outcome:
    """Waits with ``ask``, which waits for so many milliseconds at most, until it answers something else than pending or
    the time is over."""
    deadline = deadline_after(timeout)
    while True:
        left = max(0.0, min(SLICE, deadline - time.monotonic()))
        outcome = ask(math.ceil(left * 1000))
        if outcome != pending or time.monotonic() >= deadline:
            return outcome
