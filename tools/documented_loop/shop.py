"""A shop for one scenario: a terminal with its customers (the simulator), a till (a page's program), and a cashier who does
exactly what the till says: gives money back once for each line that asks for it, collects it once, tries again where that is
offered, and decides only where the till has asked.
"""

import collections
import json
import pathlib
import shutil
import subprocess
import time

from documented_loop import till
from documented_loop.simulator import Simulator, wait_until

SECUPOS = str(till.ROOT / "target" / "debug" / "secupos")


class Shop:
    def __init__(self, command, folder, gives_back=True):
        self.command = command
        self.gives_back = gives_back
        self.folder = pathlib.Path(folder)
        self.simulator = Simulator(SECUPOS)
        self.base_url = self.simulator.settings["base_url"]
        self.seconds = self.wall_seconds = 0  # how far the clocks are ahead
        self.cents = {}  # of each sale
        self.told = []
        self.refunds = collections.Counter()
        self.collected = collections.Counter()
        self.rests = collections.Counter()
        self.returned = set()
        self.transcript = []
        self._begun = time.monotonic()

    # What customers, terminal, network and machine do.

    def settings(self, **settings):
        self.simulator.tell("settings", settings)

    def fault(self, endpoint, when, what, count=1):
        self.simulator.tell("fault", {"endpoint": endpoint, "when": when, "what": what, "count": count})

    def charged(self, reference, times=1):
        wait_until(lambda: self.simulator.charges(reference) >= times, f"charge of {reference}")

    def pause(self, seconds):
        time.sleep(seconds)

    def later(self, seconds):
        self.seconds += seconds

    def wall_clock(self, seconds):
        self.wall_seconds += seconds

    def host_is_renamed(self):
        self.base_url = self.base_url.replace("127.0.0.1", "localhost")

    def back_up(self):
        shutil.copytree(self.folder, self.folder.with_suffix(".backup"))

    def restore(self):
        shutil.rmtree(self.folder)
        shutil.move(self.folder.with_suffix(".backup"), self.folder)

    def lose_head(self):
        (head,) = (file for file in self.folder.iterdir() if file.name.endswith("head"))
        head.unlink()

    # What the cashier does.

    def sell(self, reference, cents=1200, kill=None, script=None):
        """Does what is to be done next to get a sale paid: a try, another try, or to ask again. `kill`: the moment, or the
        line, at which the power fails. `script`: what the customer does, if there is a payment."""
        attempt, last = 1, self.last(reference)
        if last:
            if last.outcome in ("approved", "reversed"):
                return
            attempt = last.attempt + ("try_again" in last.actions)
            if last.outcome == "negative" and attempt == last.attempt:
                return
        self.ring(reference, attempt, cents, kill, script)

    def ring(self, reference, attempt, cents=1200, kill=None, script=None):
        """Runs the till with this sale, whatever it has said."""
        self.cents.setdefault(reference, cents)
        if script:
            self.simulator.tell("next", script)
        begun = len(self._starts())
        given = self.simulator.settings
        moments = {
            "created": lambda: self.simulator.requests("POST", "/Smart/Transactions"),
            "started": lambda: len(self._starts()) > begun,
            "paid": lambda: self.simulator.charges(reference),
        }
        program = till.Run(
            till.clock(self.seconds, self.wall_seconds)
            + self.command
            + [self.base_url, given["client_id"], given["client_secret"], given["device_code"]]
            + [str(self.folder / "till.db"), reference, str(attempt), str(cents)],
            power_until=None if kill in moments else kill,
        )
        if kill in moments:
            wait_until(lambda: moments[kill]() or program.has_ended(), f"moment to kill: {kill}")
            lines = program.kill()
        else:
            lines = program.end()
        tellings, others = till.read(lines)
        killed = f", killed: {kill}" if kill else ""
        self._note(f"$ till {reference} {attempt} {cents}{killed}")
        self.transcript += [] if tellings else others
        self._hears(tellings)

    def decide(self, reference, *verdict):
        """Says what has become of a payment or a reversal, as the till has asked."""
        last = self.last(reference)
        if not last or "ask_cashier" not in last.actions:
            raise RuntimeError(f"nobody has asked the cashier about {reference}: {last}")
        command = "decide-reversal" if "--reversed" in verdict or "--not-reversed" in verdict else "decide"
        self.line(command, reference, *verdict, "--operator", "Erna", "--reason", "seen at the terminal")

    def reverse(self, reference, attempt=1, resolve_ms=20000, customer_returns_goods=True):
        """Takes a payment back. What the command line says then is told like everything else."""
        said = self.line("reverse", reference, "--attempt", str(attempt), "--timeout", f"resolve={resolve_ms}")
        if customer_returns_goods:
            self.returned.add(reference)
        self._hears([till.Telling(reference, attempt, said["cashier_text"]["de"], said["next_actions"], [])])

    def line(self, *arguments):
        """The command line, at the same clocks."""
        given = self.simulator.settings
        options = ["--base-url", self.base_url, "--json", "--state-file", str(self.folder / "till.db")]
        for name in ("client_id", "client_secret", "device_code"):
            options += ["--" + name.replace("_", "-"), given[name]]
        command = till.clock(self.seconds, self.wall_seconds) + [SECUPOS, *arguments, *options]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=200, check=False)
        self._note(f"$ secupos {' '.join(arguments)}: {done.returncode}")
        if done.returncode not in (0, 1, 3):
            raise RuntimeError(f"secupos {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def last(self, reference):
        return next((telling for telling in reversed(self.told) if telling.reference == reference), None)

    def listed(self):
        return {(payment["reference"], payment["attempt"]) for payment in self.line("unfinished")["payments"]}

    def _starts(self):
        return self.simulator.requests("POST", "/start/cashless")

    def _hears(self, tellings):
        for telling in tellings:
            self.transcript.append(f"{telling.reference} {telling.attempt}: {telling.text} {telling.actions}")
            self.told.append(telling)
            if self.gives_back:
                self.refunds[telling.reference] += telling.actions.count("refund")
            self.collected[telling.reference] += telling.actions.count("collect")
            self.rests[telling.reference] += sum(telling.rest)

    def _note(self, what):
        """After so long, and so much more by the till's clocks."""
        self.transcript.append(f"{time.monotonic() - self._begun:.1f} + {self.seconds} s {what}")

    def end(self):
        self._note("end")
        self.simulator.end()
