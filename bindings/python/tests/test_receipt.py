"""Receipts without a till: read from the server's JSON, drawn as text."""

import json
import unittest

import secupos
from secupos import Alignment, CodePage, Copy, Cut, Format, Line, LineType, RenderOptions, Signature

LINES = [
    {"type": "separator", "value": {"caption": "Händlerbeleg"}},
    {"type": "textline", "value": {"text": "ec-Lastschrift", "decoration": ["important", "align-center"]}},
    {"type": "name-value", "value": {"name": "Beleg-Nr.", "value": "0003", "decoration": []}},
    {"type": "space"},
    {"type": "textline", "value": {"text": "Unterschrift", "decoration": []}},
]


def text(words):
    return {"type": "textline", "value": {"text": words, "decoration": []}}


class Receipts(unittest.TestCase):
    def test_lines(self):
        receipt = secupos.Receipt.parse(json.dumps(LINES), Copy.MERCHANT)
        self.assertEqual(
            receipt.lines[1:4],
            [
                Line(LineType.TEXT, "ec-Lastschrift", None, None, True, Alignment.CENTER),
                Line(LineType.NAME_VALUE, None, "Beleg-Nr.", "0003", False, receipt.lines[2].alignment),
                Line(LineType.SPACE, None, None, None, False, Alignment.LEFT),
            ],
        )
        caption = receipt.lines[0]
        self.assertEqual((caption.type, caption.text), (LineType.SEPARATOR, "Händlerbeleg"))
        self.assertEqual(receipt.field("receipt_no"), "0003")
        self.assertIs(receipt.signature, Signature.REQUIRED)

    def test_text(self):
        receipt = secupos.Receipt.parse(json.dumps(LINES).encode(), Copy.MERCHANT)
        rows = receipt.text(columns=32).splitlines()
        self.assertIn("Beleg-Nr." + "0003".rjust(23), rows)
        self.assertTrue(any("Händlerbeleg" in row for row in rows))
        for columns in (15, 97, 0, -1, 2**31):
            with self.assertRaisesRegex(secupos.InvalidArgumentError, "columns "):
                receipt.text(columns=columns)
        with self.assertRaisesRegex(TypeError, "^columns must be an int"):
            receipt.text(columns=42.0)

    def test_every_format(self):
        receipt = secupos.Receipt.parse(json.dumps(LINES), Copy.MERCHANT)
        for format, begins in [
            (Format.TEXT, " "),
            (Format.ESCPOS, "\x1b@\x1c."),
            (Format.HTML, "<section "),
            (Format.PDF, "%PDF-1."),
            (Format.JSON, "{"),
        ]:
            with self.subTest(format):
                rendered = receipt.render(RenderOptions(format=format))
                self.assertEqual(rendered[: len(begins)], begins.encode())
        self.assertEqual(json.loads(rendered)["signature"]["decision"], "required")

    def test_the_printer_is_as_the_options_say(self):
        receipt = secupos.Receipt.parse(json.dumps([*LINES, text("5 €")]), Copy.MERCHANT)
        printer = RenderOptions(
            format=Format.ESCPOS,
            columns=32,
            code_page=CodePage.CP858,
            slot=13,
            cut=Cut.FULL,
            feed=2,
            prefix=b"\0logo",
            suffix=b"end\0",
        )
        job = receipt.render(printer)
        self.assertTrue(job.startswith(b"\0logo\x1b@"))
        self.assertTrue(job.endswith(b"end\0"))
        for part in (b"\x1bt\x0d", b"5 \xd5", b"\x1bd\x02", b"\x1dV"):
            self.assertIn(part, job)
        self.assertEqual(receipt.replaced(printer), 0)
        old = RenderOptions(code_page=CodePage.CP437)
        self.assertEqual(receipt.replaced(old), 1)
        self.assertIn(b"5 EUR", receipt.render(old))

    def test_a_reprint_says_so(self):
        receipt = secupos.Receipt.parse(json.dumps(LINES), Copy.MERCHANT)
        self.assertNotIn("KOPIE", receipt.text())
        self.assertIn(b"*** KOPIE *** ", receipt.render(RenderOptions(duplicate=True)))
        self.assertIn(b"*** COPY *** ", receipt.render(RenderOptions(duplicate=True, language="en")))

    def test_bad_options_are_named(self):
        receipt = secupos.Receipt.parse("[]", Copy.MERCHANT)
        for name, value in [
            ("columns", 15),
            ("feed", 256),
            ("prefix", b"x" * 65537),
            ("suffix", b"x" * 65537),
        ]:
            with self.subTest(name), self.assertRaisesRegex(secupos.InvalidArgumentError, f"{name} |lines "):
                receipt.render(RenderOptions(**{name: value}))
        for slot in (-2, 256):
            with self.assertRaisesRegex(secupos.InvalidArgumentError, "slot "):
                receipt.render(RenderOptions(code_page=CodePage.CP437, slot=slot))
        for name, value in [("format", 1), ("code_page", 2), ("cut", 1), ("prefix", "x"), ("columns", "42")]:
            with self.subTest(name), self.assertRaisesRegex(TypeError, f"^{name} must be "):
                receipt.render(RenderOptions(**{name: value}))
        with self.assertRaisesRegex(secupos.InvalidArgumentError, "^INVALID_ARGUMENT: language is 'fr'"):
            receipt.render(RenderOptions(language="fr"))
        with self.assertRaisesRegex(TypeError, "^slot is given without a code_page"):
            receipt.render(RenderOptions(slot=3))

    def test_what_is_none(self):
        for document in ("", "[", "null\0", b"\xff"):
            with self.subTest(document):
                with self.assertRaises(secupos.ReceiptError) as caught:
                    secupos.Receipt.parse(document, Copy.CUSTOMER)
                self.assertIs(caught.exception.status, secupos.Status.RECEIPT_MALFORMED)
        with self.assertRaisesRegex(secupos.InvalidArgumentError, "document has a lone surrogate"):
            secupos.Receipt.parse('["\ud800"]', Copy.CUSTOMER)
        with self.assertRaisesRegex(TypeError, "^document must be "):
            secupos.Receipt.parse(LINES, Copy.CUSTOMER)
        with self.assertRaisesRegex(TypeError, "^copy must be "):
            secupos.Receipt.parse("[]", 1)

    def test_field_names_are_texts(self):
        receipt = secupos.Receipt.parse("[]", Copy.CUSTOMER)
        with self.assertRaisesRegex(secupos.InvalidArgumentError, "name contains a NUL"):
            receipt.field("receipt_no\0")
        with self.assertRaisesRegex(TypeError, "^name must be a str"):
            receipt.field(3)


if __name__ == "__main__":
    unittest.main()
