"""What `Till.verify_archive`, `Till.export_day` and `Till.prune_archive` give back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Damage:
    """Something in the state file that is not as it was written.

    - `fault`: what is wrong with it.
    - `event`: the number of the event, or `None` if the whole file is damaged.
    - `reference`: the reference of the payment that it belongs to, or `None`.
    - `attempt`: the attempt of that payment, or `None`.
    """

    fault: str
    event: int | None
    reference: str | None
    attempt: int | None


@dataclass(frozen=True)
class Export:
    """A day that was exported.

    - `payments_file`: the payments, one a line, as JSON. The last line has the checksums.
    - `receipts_file`: the receipts, as printed.
    - `payments`: how many payments were begun on that day.
    - `damaged`: how many of the service's answers are not as they were received. See `Till.verify_archive`.
    - `was_there`: whether the day was exported before. Then nothing was written.
    """

    payments_file: Path
    receipts_file: Path
    payments: int
    damaged: int
    was_there: bool


@dataclass(frozen=True)
class Pruned:
    """What a pruning has removed.

    - `before`: answers to payments before this were removed. It is `None` if the service has never said what time it
      is.
    - `responses`: how many answers were removed.
    - `bytes`: how many bytes these had.
    - `kept`: how many answers are as old and stay, because something is still to be done about their payments.
    - `shrunk`: whether the room was given back to the disk.
    """

    before: datetime | None
    responses: int
    bytes: int
    kept: int
    shrunk: bool
