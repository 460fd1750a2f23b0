"""What was paid is kept: verified, exported, pruned, printed again."""

import datetime
import json
import tempfile
import unittest
from pathlib import Path

import secupos
from secupos import Copy, RenderOptions
from simulator import Simulator

GERMAN = datetime.timezone(datetime.timedelta(hours=1))


class Archives(unittest.TestCase):
    def setUp(self):
        simulator = Simulator()
        self.addCleanup(simulator.close)
        self.till = secupos.Till(simulator.config())
        self.addCleanup(self.till.close)
        self.payment = self.till.pay(secupos.Sale("r1", amount=1, currency="EUR"))
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_the_archive_is_whole(self):
        self.assertEqual(self.till.verify_archive(), [])

    def test_a_day_is_exported_once(self):
        # A test that runs at midnight may find the payment on the day before.
        today = self.payment.created_at.astimezone(GERMAN).date()
        days = [today, today + datetime.timedelta(days=1)]
        exports = [self.till.export_day(day, self.folder) for day in days]
        self.assertEqual(sum(export.payments for export in exports), 1)
        found = next(export for export in exports if export.payments)
        line = json.loads(found.payments_file.read_text(encoding="utf-8").splitlines()[0])
        self.assertEqual(line["payment"]["reference"], "r1")
        self.assertIn("Händlerbeleg", found.receipts_file.read_text(encoding="utf-8"))
        self.assertEqual((found.damaged, found.was_there), (0, False))
        self.assertTrue(self.till.export_day(days[exports.index(found)], str(self.folder)).was_there)

    def test_what_is_young_is_not_pruned(self):
        pruned = self.till.prune_archive("Erna")
        self.assertEqual((pruned.responses, pruned.kept), (0, 0))
        self.assertGreater(self.payment.created_at - pruned.before, datetime.timedelta(days=4017))
        again = self.till.recover("r1")
        self.assertFalse(again.receipts_pruned)
        self.assertIn(b"KOPIE", again.render_receipt(Copy.MERCHANT, RenderOptions(duplicate=True)))

    def test_bad_arguments_are_named(self):
        with self.assertRaisesRegex(secupos.InvalidArgumentError, "retention_days is 0"):
            self.till.prune_archive("Erna", retention_days=0)
        with self.assertRaisesRegex(secupos.InvalidArgumentError, "operator is empty"):
            self.till.prune_archive("")
        with self.assertRaisesRegex(TypeError, "^day must be a date"):
            self.till.export_day("2026-11-23", self.folder)
        with self.assertRaises(secupos.SecuposError) as caught:
            self.till.export_day(datetime.date(2026, 11, 23), self.folder / "no folder")
        self.assertIn("no folder", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
