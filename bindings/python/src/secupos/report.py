"""The end of the terminal's day, or its diagnosis: it changes once, from pending to its result."""

from __future__ import annotations

import json
from ctypes import byref, c_int32
from typing import Any, Dict, Optional

from ._abi import library
from ._handle import Native, read_bytes
from .enums import ReportOutcome
from .errors import SecuposError, call, read_error
from .rendering import RenderOptions
from .waiting import wait


class Report(Native):
    """A report, from `Till.run_end_of_day` or `Till.run_diagnosis`. May be used from any thread."""

    _noun = "report"

    def wait(self, timeout: Optional[float] = None) -> ReportOutcome:
        """Waits until the report has a result, at most ``timeout`` seconds (0 only looks, ``None`` waits for ever);
        `ReportOutcome.PENDING` if the time is over. Leaving the wait stops nothing."""
        # Held for all of it: a `close` from another thread does not end the wait.
        with self._handle as report:
            return wait(lambda ms: _outcome_within(report, ms), ReportOutcome.PENDING, timeout)

    @property
    def outcome(self) -> ReportOutcome:
        """What became of it so far."""
        with self._handle as report:
            return _outcome_within(report, 0)

    @property
    def error(self) -> Optional[SecuposError]:
        """What went wrong, where something did: the exception, not raised."""
        with self._handle as report:
            error = library.secupos_report_error(report)
            return read_error(error) if error else None

    def render(self, options: RenderOptions) -> bytes:
        """What the terminal prints; empty if it prints nothing, and while the report runs. Raises `InvalidArgument`."""
        with self._handle as report, options._native() as native:
            return read_bytes(library.secupos_report_render, report, native)

    def to_json(self) -> Dict[str, Any]:
        """All of it as one object, the same in every binding."""
        with self._handle as report:
            document: Dict[str, Any] = json.loads(read_bytes(library.secupos_report_to_json, report))
            return document


def _outcome_within(report: Any, ms: int) -> ReportOutcome:
    outcome = c_int32()
    call(library.secupos_report_wait, report, ms, byref(outcome))
    return ReportOutcome(outcome.value)
