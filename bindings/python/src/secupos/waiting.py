"""How Python waits for the library: in slices, so that Ctrl-C comes through; with asyncio on the library's notice."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable
from typing import Callable, TypeVar

from . import _values

# Python handles Ctrl-C between two calls of the library, never during one. Nobody notices so short a delay, in seconds.
SLICE = 0.1

Outcome = TypeVar("Outcome")


def wait(ask: Callable[[int], Outcome], pending: Outcome, timeout: float | None) -> Outcome:
    """Waits until `ask` answers something else than pending, or the time is over. `ask` itself waits for so many
    milliseconds at most."""
    deadline = _deadline_after(timeout)
    while True:
        left = max(0.0, min(SLICE, deadline - time.monotonic()))
        outcome = ask(math.ceil(left * 1000))
        if outcome != pending or time.monotonic() >= deadline:
            return outcome


async def wait_async(
    ask: Callable[[int], Outcome],
    pending: Outcome,
    timeout: float | None,
    notice: Callable[[float], Awaitable[None]],
) -> Outcome:
    """`wait` for asyncio: `ask` is only asked to look, before and after the notice. Meanwhile other tasks run. `notice`
    waits for so many seconds at most."""
    deadline = _deadline_after(timeout)
    while True:
        outcome = ask(0)
        left = deadline - time.monotonic()
        if outcome != pending or left <= 0:
            return outcome
        await notice(left)


def _deadline_after(timeout: float | None) -> float:
    """When a wait of so many seconds ends, by `time.monotonic`. `None` waits for ever."""
    return time.monotonic() + (math.inf if timeout is None else _values.seconds("timeout", timeout))
