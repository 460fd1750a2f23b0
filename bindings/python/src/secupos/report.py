"""The end of the terminal's day, or its diagnosis: it changes once, from pending to its result."""

from __future__ import annotations

import json
from ctypes import byref, c_int32
from typing import Any

from . import _values, waiting
from ._abi import library
from ._calls import call, read_error
from ._handle import Handle, Native, read_bytes
from ._notice import Notice
from .enums import Phase, ReportOutcome
from .errors import SecuposError
from .rendering import RenderOptions


class Report(Native):
    """A report, from `Till.run_end_of_day` or `Till.run_diagnosis`. It may be used from any thread."""

    _noun = "report"
    _instead_of_pickling = "Pickle what to_dict gives."

    def __init__(self, handle: Handle | None = None) -> None:
        super().__init__(handle)
        self._notice = Notice(self._noun)

    def wait(self, timeout: float | None = None) -> ReportOutcome:
        """Waits until the report has a result, for at most `timeout` seconds. 0 only looks, and `None` waits for ever.

        Returns the outcome, or `ReportOutcome.PENDING` if the time is over. Leaving the wait stops nothing.
        """
        # Held for all of it: a `close` from another thread does not end the wait.
        with self._handle as report:
            return waiting.wait(lambda ms: _outcome_within(report, ms), ReportOutcome.PENDING, timeout)

    async def wait_async(self, timeout: float | None = None) -> ReportOutcome:
        """`wait` for asyncio. Other tasks run meanwhile, and no thread waits. To cancel the task stops only the
        wait."""
        with self._handle as report:
            return await waiting.wait_async(
                lambda ms: _outcome_within(report, ms),
                ReportOutcome.PENDING,
                timeout,
                lambda left: self._notice.wait(report, left),
            )

    @property
    def outcome(self) -> ReportOutcome:
        """What became of it so far."""
        with self._handle as report:
            return ReportOutcome(library.secupos_report_outcome_now(report))

    @property
    def phase(self) -> Phase:
        """How far it has come while it runs. `Phase.NONE` as soon as there is a result."""
        with self._handle as report:
            return Phase(library.secupos_report_phase(report))

    @property
    def created_at(self) -> int:
        """When it was begun: milliseconds since 1970, UTC."""
        with self._handle as report:
            number: int = library.secupos_report_created_at(report)
            return number

    def cashier_text(self, language: str = "de") -> str:
        """What happens or has happened, and what to do, for the person at the till, in `"de"` or `"en"`."""
        number = _values.language(language)
        with self._handle as report:
            text: str = library.secupos_report_cashier_text(report, number)
            return text

    @property
    def error(self) -> SecuposError | None:
        """The exception that says what went wrong, or `None`. It is not raised."""
        with self._handle as report:
            error = library.secupos_report_error(report)
            return read_error(error) if error else None

    def render(self, options: RenderOptions) -> bytes:
        """The terminal's printout. It is empty if the terminal prints nothing, and while the report runs.

        Raises `InvalidArgumentError` if the options cannot be used.
        """
        with self._handle as report, options._native() as native:
            return read_bytes(library.secupos_report_render, report, native)

    def to_dict(self) -> dict[str, Any]:
        """All of it as one object. It is the same in every language."""
        with self._handle as report:
            document: dict[str, Any] = json.loads(read_bytes(library.secupos_report_to_json, report))
            return document

    def _summary(self) -> str:
        return f": {self.outcome.name}"


def _outcome_within(report: Any, ms: int) -> ReportOutcome:
    outcome = c_int32()
    call(library.secupos_report_wait, report, ms, byref(outcome))
    return ReportOutcome(outcome.value)
