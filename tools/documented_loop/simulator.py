"""A simulator of its own for each run, and what it really knows: its ledger and the requests that came."""

import json
import subprocess
import time
import urllib.request

PATIENCE_S = 150


class Simulator:
    def __init__(self, secupos):
        command = [secupos, "simulate", "--think-ms", "50"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.settings = {}
        while len(self.settings) < 4:
            line = self._process.stdout.readline()
            if not line:
                raise RuntimeError("the simulator has ended")
            name, is_setting, value = line.rstrip("\n").partition("=")
            if is_setting:
                self.settings[name] = value

    def end(self):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def tell(self, what, order):
        self._ask(what, json.dumps(order).encode())

    def ledger(self):
        return self._ask("ledger")

    def requests(self, method, end_of_path):
        return [seen for seen in self._ask("requests") if seen["method"] == method and seen["path"].endswith(end_of_path)]

    def charges(self, reference):
        return sum(entry["reference"] == reference and entry["change"] > 0 for entry in self.ledger())

    def _ask(self, what, body=None):
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.settings['base_url']}/_control/{what}", body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")


def wait_until(condition, what):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"in {PATIENCE_S} s there was no {what}")
        time.sleep(0.02)
