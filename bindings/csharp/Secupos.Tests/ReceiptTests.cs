// Receipts without a till: parsed, taken apart and printed.

using System;
using System.Linq;

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
            using (var receipt = Receipt.Parse(Json, Copy.Merchant))
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
        public static void A_field_that_is_not_there_is_null()
        {
            using (var receipt = Receipt.Parse(Json, Copy.Merchant))
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
                Expect.Refused(Status.Malformed, "", () => Receipt.Parse(json, Copy.Merchant));
            }
            Expect.Refused(Status.TooLarge, "", () => Receipt.Parse(new string(' ', 2000000), Copy.Merchant));
            Expect.Refused(Status.InvalidArgument, "copy ", () => Receipt.Parse("[]", (Copy)7));
        }

        [Test]
        public static void The_paper_has_16_to_96_columns()
        {
            using (var receipt = Receipt.Parse(Json, Copy.Customer))
            {
                Expect.Contains("Grüße €🥐", receipt.Text());
                foreach (var columns in new[] { 15, 97, 0, -1, int.MinValue, int.MaxValue })
                {
                    Expect.Refused(Status.InvalidArgument, "columns ", () => receipt.Text(columns));
                }
            }
            using (var receipt = Receipt.Parse("[]", Copy.Customer)) Expect.Equal("", receipt.Text());
        }
    }
}
