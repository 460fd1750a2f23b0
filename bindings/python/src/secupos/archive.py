"""What `Till.verify_archive`, `Till.export_day` and `Till.prune_archive` tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Optional


@dataclass(frozen=True)
class Damage:
    """Something in the state file that is not as it was written."""

    #: What is wrong with it.
    fault: str
    #: The event's number; ``None`` if the damage is of the whole file.
    event: Optional[int]
    #: The payment it belongs to, if it belongs to one,
    reference: Optional[str]
    #: and which try of it.
    attempt: Optional[int]


@dataclass(frozen=True)
class Export:
    """A day that has been exported."""

    #: One payment a line, as JSON, and the checksums in the last line.
    payments_file: Path
    #: The receipts, as printed.
    receipts_file: Path
    #: How many payments were begun on that day.
    payments: int
    #: How many of the service's answers are not as they were received; see `Till.verify_archive`.
    damaged: int
    #: Whether the same had been exported before, so that nothing was written.
    was_there: bool


@dataclass(frozen=True)
class Pruned:
    """What a pruning has removed."""

    #: Answers to payments before this were removed; ``None`` if the service has never said what time it is.
    before: Optional[datetime]
    #: How many were removed,
    responses: int
    #: and how many bytes these had.
    bytes: int
    #: How many are as old and stay, because something is still to be done about their payments.
    kept: int
    #: Whether the room was given back to the disk.
    shrunk: bool
