// What was paid is kept: verified, exported, pruned, printed again.

using System;
using System.IO;
using System.Linq;
using System.Text;

namespace Secupos.Tests
{
    public static class ArchiveTests
    {
        [Test]
        public static void The_archive_is_whole_exported_and_not_pruned_while_it_is_young()
        {
            var folder = Path.Combine(Path.GetTempPath(), "secupos-" + Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(folder);
            try
            {
                var sale = new Sale("r1", 1, "EUR");
                using (var simulator = new Simulator())
                using (var till = Till.Open(simulator.Config()))
                using (var payment = till.Pay(sale))
                {
                    Expect.Equal(0, till.VerifyArchive().Count);
                    // The German day may be the next one already.
                    var day = payment.CreatedAt.UtcDateTime;
                    var exports = new[] { till.ExportDay(day, folder), till.ExportDay(day.AddDays(1), folder) };
                    Expect.Equal(1, exports.Sum(export => export.Payments));
                    Expect.That(exports.All(export => !export.WasThere && export.Damaged == 0), "new and whole");
                    Expect.That(File.Exists(Path.Combine(folder, exports[0].ReceiptsFile)), "the receipts are there");
                    Expect.That(till.ExportDay(day, folder).WasThere, "it was there");
                    var pruned = till.PruneArchive("Erna");
                    Expect.Equal(0L, pruned.Responses);
                    Expect.That(pruned.Before < payment.CreatedAt, "long before");
                    using (var again = till.Recover("r1"))
                    {
                        Expect.That(!again.ReceiptsPruned, "the receipts are there");
                        var copy = again.RenderReceipt(ReceiptCopy.Merchant, new RenderOptions { Duplicate = true });
                        Expect.Contains("KOPIE", Encoding.UTF8.GetString(copy));
                    }
                    Expect.Throws<ArgumentOutOfRangeException>(() => till.PruneArchive("Erna", 0));
                    var fault = Expect.Throws<ArgumentException>(() => till.PruneArchive(""));
                    Expect.Equal("operatorName", fault.ParamName);
                    Expect.Contains("is empty", fault.Message);
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
