"""The checker finds what is planted: one that cannot fail proves nothing. It is in Python as the checker is."""

import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

CHECKER = pathlib.Path(__file__).with_name("check-soak")
WHOLE = "sim_schedules=100 double=0 wrong=0 lost=0 open=0 conflicts=2 controls=read_once:40.5,start_again:12.0"


def line(reference, outcome, attempt=1, **more):
    transaction = f"STX_{reference}_{attempt}"
    amount = 105 if outcome == "approved" else None
    return {"time": 1, "sale": 1, "reference": reference, "attempt": attempt, "outcome": outcome,
            "transaction": transaction, "amount": amount, "conflict": False, **more}


def entry(reference, attempt=1, change=1, amount=105):
    return {"time": 1, "transaction": f"STX_{reference}_{attempt}", "reference": reference, "amount": amount,
            "change": change}


def case(reference, window, times, ended, attempt=1):
    started, committed, answered = times
    return {"reference": reference, "attempt": attempt, "transaction": f"STX_{reference}_{attempt}", "began": "kill",
            "how": "planted", "at": 100, "started": started, "committed": committed, "answered": answered,
            "window": window, "ended": ended, "ended_at": 200}


class Run:
    """A run in which all is well: two sales of till A and one of till B."""

    def __init__(self):
        self.ledger = [entry("A-1"), entry("A-2", attempt=2)]
        self.booked = [
            *({"time": 1, "sale": 1, "reference": r, "outcome": "begun", "amount": 105} for r in ("A-1", "A-2", "B-1")),
            line("A-1", "approved"),
            line("A-2", "not_started"),
            line("A-2", "approved", attempt=2),
            line("B-1", "failed"),
            {"time": 1, "sale": 1, "reference": "B-1", "outcome": "given_up"},
        ]
        self.cases = [
            case("A-1", "answer_stored", (50, 60, 70), "approved"),
            case("A-2", "row_send", (None, None, None), "not_started"),
            case("A-2", "send_commit", (50, 150, 160), "approved", attempt=2),
            case("B-1", "commit_answer", (50, 60, None), "failed"),
        ]
        self.kills = [{"till": "A", "pid": 7, "at": 100, "transaction": "STX_A-1_1", "state": "starting"}]
        self.transactions = [{"transaction": "STX_A-1_1", "started": 50}]
        self.aborts = [{"time": 1, "path": "/STX_A-2_1/abort"}] * 2
        self.attempts = [
            ["A-1", 1, "approved", 0, 0, None],
            ["A-2", 1, "not_started", 0, 0, None],
            ["A-2", 2, "starting", 0, 0, {"paid": True}],
            ["B-1", 1, "failed", 0, 0, None],
        ]
        self.simulation = WHOLE
        self.power = "control=synchronous_off:27 cases=802\n"

    def write(self, directory):
        for name in ("ledger", "booked", "cases", "kills", "transactions", "aborts"):
            text = "".join(json.dumps(line) + "\n" for line in getattr(self, name))
            (directory / f"{name}.jsonl").write_text(text, encoding="utf-8")
        (directory / "simulation.txt").write_text(f"seed 1\n{self.simulation}\n", encoding="utf-8")
        (directory / "power.txt").write_text(self.power, encoding="utf-8")
        for till in ("A", "B"):
            (directory / till).mkdir()
            file = sqlite3.connect(directory / till / "state.db")
            file.execute("CREATE TABLE attempts (reference, attempt, event, state, conflict, unfinished)")
            file.execute("CREATE TABLE events (sequence, payload)")
            own = (row for row in self.attempts if row[0].startswith(till))
            for number, (reference, attempt, state, conflict, unfinished, decision) in enumerate(own):
                file.execute("INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?)",
                             (reference, attempt, number, state, conflict, unfinished))
                image = {"transaction_id": f"STX_{reference}_{attempt}", "decision": decision}
                file.execute("INSERT INTO events VALUES (?, ?)", (number, json.dumps(image)))
            file.commit()
            file.close()


class TheChecker(unittest.TestCase):
    def check(self, run, *arguments):
        with tempfile.TemporaryDirectory() as directory:
            run.write(pathlib.Path(directory))
            done = subprocess.run([sys.executable, CHECKER, directory, *arguments], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        last = done.stdout.splitlines()[-1]
        self.assertTrue(last.startswith("soak: "), done.stdout)
        return done.returncode, dict(word.split("=", 1) for word in last.split()[1:]), done.stdout

    def assert_found(self, kind, plant):
        run = Run()
        plant(run)
        code, fields, said = self.check(run)
        self.assertEqual(code, 1, said)
        self.assertNotEqual(fields[kind], "0", said)

    def test_a_run_in_which_all_is_well_passes_and_every_figure_is_counted(self):
        code, fields, said = self.check(Run())
        self.assertEqual(code, 0, said)
        expected = {"kills": "1", "in_doubt": "4", "windows": "1/1/1/1", "fences": "1", "double": "0", "wrong": "0",
                    "lost": "0", "open": "0", "conflicts": "2", "sim_schedules": "100",
                    "controls": "read_once:40.5,start_again:12.0,synchronous_off:27"}
        self.assertEqual(fields, expected)

    def test_finds_what_was_paid_twice(self):
        self.assert_found("double", lambda run: run.ledger.append(entry("A-1", attempt=2)))
        self.assert_found("double", lambda run: run.ledger.append(entry("A-1")))

    def test_finds_what_was_booked_twice(self):
        self.assert_found("double", lambda run: run.booked.append(line("A-1", "approved")))
        self.assert_found("double", lambda run: run.booked.append(line("A-1", "approved", attempt=2)))

    def test_what_was_paid_twice_and_given_back_is_not_double(self):
        run = Run()
        run.ledger += [entry("A-1", attempt=2), entry("A-1", attempt=2, change=-1)]
        run.booked.append(line("A-1", "refunded", attempt=2, conflict=True))
        code, fields, said = self.check(run)
        self.assertEqual((code, fields["conflicts"]), (0, "3"), said)

    def test_the_second_payment_may_be_the_one_that_is_given_back(self):
        run = Run()
        run.ledger += [entry("A-2"), entry("A-2", attempt=2, change=-1)]
        run.booked[5:6] = [line("A-2", "approved", conflict=True), line("A-2", "refunded", attempt=2)]
        run.attempts[1:3] = [["A-2", 1, "approved", 1, 0, None], ["A-2", 2, "approved", 0, 0, None]]
        code, fields, said = self.check(run)
        self.assertEqual((code, fields["conflicts"]), (0, "3"), said)

    def test_what_was_booked_first_may_be_what_is_given_back(self):
        run = Run()
        run.ledger += [entry("A-2"), entry("A-2", change=-1)]
        run.booked[4:5] = [line("A-2", "approved", conflict=True), line("A-2", "refunded")]
        run.attempts[1] = ["A-2", 1, "approved", 1, 0, None]
        run.cases.pop(1)
        code, fields, said = self.check(run, "--per-window", "0")
        self.assertEqual((code, fields["double"]), (0, "0"), said)
        run.ledger.pop()
        self.assertEqual(self.check(run, "--per-window", "0")[0], 1, "written down and not done")

    def test_finds_what_was_paid_and_is_in_no_book(self):
        self.assert_found("lost", lambda run: run.ledger.append(entry("B-1")))

    def test_finds_what_was_booked_and_never_paid(self):
        self.assert_found("wrong", lambda run: run.ledger.pop(0))

    def test_finds_what_was_booked_over_another_sum(self):
        self.assert_found("wrong", lambda run: run.ledger[0].update(amount=104))

    def test_finds_what_was_called_not_paid_although_it_was(self):
        def plant(run):
            run.ledger[1] = entry("A-2")

        self.assert_found("wrong", plant)

    def test_finds_a_charge_for_a_sale_that_nobody_rang_up(self):
        self.assert_found("wrong", lambda run: run.ledger.append(entry("C-9")))

    def test_finds_a_start_without_a_durable_row(self):
        self.assert_found("wrong", lambda run: run.kills[0].update(state="none"))

    def test_finds_a_state_file_that_says_otherwise(self):
        def plant(run):
            run.attempts[3][2] = "approved"

        self.assert_found("wrong", plant)

    def test_finds_evidence_that_contradicts_itself(self):
        self.assert_found("wrong", lambda run: run.cases[0].update(window="row_send"))
        self.assert_found("wrong", lambda run: run.cases[0].update(ended="failed"))

    def test_what_was_contradicted_is_a_conflict_and_not_wrong(self):
        run = Run()
        run.ledger[1:] = [entry("A-2")]
        run.booked[4:6] = [line("A-2", "not_started"), line("A-2", "approved", conflict=True)]
        run.cases.pop(2)
        run.attempts[1:3] = [["A-2", 1, "approved", 1, 0, None]]
        code, fields, said = self.check(run, "--per-window", "0")
        self.assertEqual((code, fields["conflicts"]), (0, "3"), said)

    def test_finds_what_was_left_open(self):
        self.assert_found("open", lambda run: run.booked.pop())
        self.assert_found("open", lambda run: run.cases[0].update(ended=None))
        told_before = Run()
        case = told_before.cases[0]
        case.update(ended=None)
        for line in told_before.booked:
            if (line["reference"], line.get("attempt")) == (case["reference"], case["attempt"]):
                line["time"] = case["at"] / 1000 - 1
        self.assertEqual(self.check(told_before)[0], 0, "it was not in doubt any more")

        def unfinished(run):
            run.attempts[0][4] = 1

        self.assert_found("open", unfinished)

    def test_adds_what_the_simulation_found(self):
        for kind in ("double", "wrong", "lost", "open"):
            with self.subTest(kind):
                self.assert_found(kind, lambda run: setattr(run, "simulation", WHOLE.replace(f"{kind}=0", f"{kind}=1")))

    def test_misses_what_was_not_done_often_enough(self):
        for least in ("--kills", "--in-doubt", "--per-window", "--schedules"):
            with self.subTest(least):
                self.assertEqual(self.check(Run(), least, "1000")[0], 1)

    def test_a_simulation_that_was_not_run_is_missed(self):
        run = Run()
        run.simulation = ""
        self.assertEqual(self.check(run)[0], 1)

    def test_a_control_that_hardly_ever_fails_proves_nothing(self):
        for controls in ("read_once:4.9", ""):
            run = Run()
            run.simulation = WHOLE.replace("read_once:40.5,start_again:12.0", controls)
            self.assertEqual(self.check(run)[0], 1)
        for power in ("control=synchronous_off:4 cases=802\n", ""):
            run = Run()
            run.power = power
            self.assertEqual(self.check(run)[0], 1)


if __name__ == "__main__":
    unittest.main()
