"""The simulator of the secuconnect API and a terminal, for a till's own tests. No money moves.

    from secupos.testing import Simulator

    with Simulator() as simulator, secupos.Till(simulator.config()) as till:
        assert till.pay(secupos.Sale("1", amount=1, currency="EUR")).outcome is secupos.Outcome.APPROVED

The last two digits of an amount in cents say how a payment goes: 00 and 01 a direct debit with signature, 03
contactless, 04 a credit card with signature, 05 declined, 06 aborted, 07 timed out, 08 SEPA direct debit, 09 paid but
the answer is lost, 10 declined, and a girocard when that amount is tried again, 02 and all others a girocard with PIN.
With pytest there is the fixture ``secupos_simulator``, one
simulator for each test.

The program is that of the package ``secupos-simulator``; install it beside this one.
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, List, Optional, Type

from .config import Config

_TOLD = ("base_url", "client_id", "client_secret", "device_code")


class Simulator:
    """A simulator in a process of its own, which ends with it, and with Python at the latest."""

    #: Where the API is.
    base_url: str
    #: The client id that it takes,
    client_id: str
    #: and the secret.
    client_secret: str
    #: The code of a device that is registered already.
    device_code: str

    def __init__(self, think: float = 0.0, program: Optional[Path] = None) -> None:
        """``think`` is how long the customer takes to pay, in seconds; ``program`` is another ``secupos`` than the
        one of the package ``secupos-simulator``."""
        command = [str(program or _program()), "simulate", "--think-ms", str(round(think * 1000))]
        self._folder = tempfile.TemporaryDirectory(prefix="secupos-simulator-")
        self._numbers = itertools.count(1)
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self._end = weakref.finalize(self, _end, self._process, self._folder)
        told: Dict[str, str] = {}
        while not told.keys() >= set(_TOLD):
            line = self._process.stdout.readline() if self._process.stdout else ""
            if not line:
                code = self._process.wait()
                self.close()
                raise RuntimeError(f"the simulator ended with {code} after saying only {sorted(told)}")
            name, _, value = line.strip().partition("=")
            told[name] = value
        self.base_url, self.client_id, self.client_secret, self.device_code = (told[name] for name in _TOLD)

    def config(self, **changes: Any) -> Config:
        """What a till needs to pay at it, with a new state file that is gone with the simulator; each argument is one
        of `Config`'s in place of that."""
        settings: Dict[str, Any] = {
            "base_url": self.base_url,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "device_code": self.device_code,
            "state_file": Path(self._folder.name, f"{next(self._numbers)}.state"),
            "create_state_file": True,
        }
        return Config(**{**settings, **changes})

    def next(self, scenario: str, think: Optional[float] = None) -> None:
        """How the next payment goes, whatever its amount: ``"elv"``, ``"sepa_elv"``, ``"girocard"``, ``"contactless"``,
        ``"credit_card"``, ``"declined"``, ``"aborted"``, ``"timed_out"`` or ``"answer_lost"``."""
        script: Dict[str, Any] = {"scenario": scenario}
        if think is not None:
            script["think_ms"] = round(think * 1000)
        self.control("next", script)

    def ledger(self) -> List[Dict[str, Any]]:
        """The money that has moved: ``reference``, ``amount``, ``currency`` and, for what was given back, a negative
        ``change``. What a till has booked must be the same."""
        ledger: List[Dict[str, Any]] = self.control("ledger")
        return ledger

    def control(self, path: str, command: Any = None) -> Any:
        """Any other of the endpoints under ``/_control``, which ``secupos simulate --help`` tells of."""
        body = None if command is None else json.dumps(command).encode()
        url = f"{self.base_url}/_control/{path}"
        request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def wait_for_start(self, timeout: float = 20.0) -> None:
        """Returns once the terminal has been asked to take a payment."""
        deadline = time.monotonic() + timeout
        while not any("/start/" in request["path"] for request in self.control("requests")):
            if time.monotonic() > deadline:
                raise TimeoutError("no payment was started")
            time.sleep(0.01)

    def close(self) -> None:
        """Ends it. More than once is as good as once."""
        self._end()

    def __enter__(self) -> Simulator:
        return self

    def __exit__(
        self,
        _type: Optional[Type[BaseException]],
        _value: Optional[BaseException],
        _traceback: Optional[TracebackType],
    ) -> None:
        self.close()


def _end(process: "subprocess.Popen[str]", folder: "tempfile.TemporaryDirectory[str]") -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()
    folder.cleanup()


def _program() -> Path:
    try:
        from secupos_simulator import PROGRAM
    except ImportError:
        found = shutil.which("secupos")
        if found is None:
            raise FileNotFoundError("the simulator is missing: pip install secupos-simulator") from None
        return Path(found)
    return Path(PROGRAM)
