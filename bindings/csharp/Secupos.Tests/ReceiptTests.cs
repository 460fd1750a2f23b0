// Receipts without a till: parsed, taken apart and printed.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Secupos.Tests
{
    public static class ReceiptTests
    {
        private const string Json =
            "[{\"type\":\"separator\",\"value\":{\"caption\":\"Kartenzahlung\"}}," +
            "{\"type\":\"textline\",\"value\":{\"text\":\"Grüße €🥐\"," +
            "\"decoration\":[\"align-center\",\"important\"]}}," +
            "{\"type\":\"space\"}," +
            "{\"type\":\"name-value\",\"value\":{\"name\":\"Beleg-Nr.\",\"value\":\"0003\",\"decoration\":[]}}," +
            "{\"type\":\"hologram\",\"value\":1}]";

        [Test]
        public static void Every_line_is_told_as_it_is()
        {
            using (var receipt = Receipt.Parse(Json, ReceiptCopy.Merchant))
            {
                var types = receipt.Lines.Select(line => line.Type);
                Expect.Equal("Separator Text Space NameValue Unknown", string.Join(" ", types));
                Expect.Equal("Kartenzahlung", receipt.Lines[0].Text);
                var text = receipt.Lines[1];
                Expect.Equal("Grüße €🥐", text.Text);
                Expect.Equal(null, text.Name);
                Expect.Equal(Alignment.Center, text.Alignment);
                Expect.That(text.IsImportant, "an important line");
                var number = receipt.Lines[3];
                Expect.Equal(null, number.Text);
                Expect.Equal("Beleg-Nr.", number.Name);
                Expect.Equal("0003", number.Value);
                Expect.That(!number.IsImportant, "an ordinary line");
            }
        }

        [Test]
        public static void Every_format_comes_out()
        {
            using (var receipt = Receipt.Parse(Json, ReceiptCopy.Merchant))
            {
                var begins = new Dictionary<ReceiptFormat, string>
                {
                    { ReceiptFormat.Text, " " }, { ReceiptFormat.Escpos, "\u001b@\u001c." }, { ReceiptFormat.Html, "<section " },
                    { ReceiptFormat.Pdf, "%PDF-1." }, { ReceiptFormat.Json, "{" },
                };
                foreach (var format in begins)
                {
                    var rendered = receipt.Render(new RenderOptions { Format = format.Key });
                    Expect.Equal(format.Value, Encoding.UTF8.GetString(rendered, 0, format.Value.Length));
                }
            }
        }

        [Test]
        public static void The_printer_is_as_the_options_say()
        {
            var printer = new RenderOptions
            {
                Format = ReceiptFormat.Escpos, Columns = 32, CodePage = CodePage.Cp858, Slot = 13, Cut = PaperCut.Full, Feed = 2,
                Prefix = new byte[] { 0, 1 }, Suffix = new byte[] { 2, 0 },
            };
            using (var receipt = Receipt.Parse(Json, ReceiptCopy.Merchant))
            {
                var job = BitConverter.ToString(receipt.Render(printer));
                Expect.That(job.StartsWith("00-01-1B-40", StringComparison.Ordinal), "the prefix comes first");
                Expect.That(job.EndsWith("02-00", StringComparison.Ordinal), "the suffix comes last");
                foreach (var part in new[] { "1B-74-0D", "47-72-81-E1-65-20-D5", "1B-64-02", "1D-56" })
                {
                    Expect.Contains(part, job);
                }
                Expect.Equal(1, receipt.Replaced(printer));
            }
        }

        [Test]
        public static void A_reprint_says_so()
        {
            using (var receipt = Receipt.Parse(Json, ReceiptCopy.Merchant))
            {
                var options = new RenderOptions { Duplicate = true };
                Expect.Contains("*** KOPIE *** ", Encoding.UTF8.GetString(receipt.Render(options)));
                options.Language = CashierLanguage.English;
                Expect.Contains("*** COPY *** ", Encoding.UTF8.GetString(receipt.Render(options)));
            }
        }

        [Test]
        public static void Bad_options_are_named()
        {
            using (var receipt = Receipt.Parse(Json, ReceiptCopy.Merchant))
            {
                var bad = new Dictionary<string, RenderOptions>
                {
                    { "Format", new RenderOptions { Format = 0 } },
                    { "Columns", new RenderOptions { Columns = 15 } },
                    { "CodePage", new RenderOptions { CodePage = 0 } },
                    { "Slot", new RenderOptions { CodePage = CodePage.Cp437, Slot = 256 } },
                    { "Cut", new RenderOptions { Cut = 0 } },
                    { "Feed", new RenderOptions { Feed = -1 } },
                    { "Prefix", new RenderOptions { Prefix = new byte[65537] } },
                };
                foreach (var options in bad)
                {
                    var fault = Expect.Throws<ArgumentException>(() => receipt.Render(options.Value));
                    Expect.Equal(options.Key, fault.ParamName);
                }
                foreach (var both in new[]
                {
                    new RenderOptions { Format = ReceiptFormat.Escpos, CodePage = CodePage.Utf8 },
                    new RenderOptions { Slot = 3 },
                })
                {
                    Expect.Throws<ArgumentException>(() => receipt.Render(both));
                }
            }
        }

        [Test]
        public static void A_field_that_is_not_there_is_null()
        {
            using (var receipt = Receipt.Parse(Json, ReceiptCopy.Merchant))
            {
                Expect.Equal("0003", receipt.Field("receipt_no"));
                Expect.Equal(null, receipt.Field("terminal_id"));
                Expect.Equal(null, receipt.Field("no such field"));
                Expect.Equal(null, receipt.Field("receipt_no\0"));
                Expect.Equal(null, receipt.Field(null));
            }
        }

        [Test]
        public static void Nothing_but_a_receipt_is_a_receipt()
        {
            foreach (var json in new[] { "", "{", "42", "\"text\"", "[]\0" })
            {
                Expect.Refused(Status.ReceiptMalformed, "", () => Receipt.Parse(json, ReceiptCopy.Merchant));
            }
            Expect.Refused(Status.ReceiptTooLarge, "", () => Receipt.Parse(new string(' ', 2000000), ReceiptCopy.Merchant));
            Expect.Equal(
                "copy", Expect.Throws<ArgumentOutOfRangeException>(() => Receipt.Parse("[]", (ReceiptCopy)7)).ParamName);
        }

        [Test]
        public static void The_paper_has_16_to_96_columns()
        {
            using (var receipt = Receipt.Parse(Json, ReceiptCopy.Customer))
            {
                Expect.Contains("Grüße €🥐", receipt.Text());
                foreach (var columns in new[] { 15, 97, 0, -1, int.MinValue, int.MaxValue })
                {
                    Expect.Throws<ArgumentOutOfRangeException>(() => receipt.Text(columns));
                }
            }
            using (var receipt = Receipt.Parse("[]", ReceiptCopy.Customer)) Expect.Equal("", receipt.Text());
        }
    }
}
