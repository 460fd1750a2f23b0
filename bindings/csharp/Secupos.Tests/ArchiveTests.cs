// What was paid is kept: verified, exported, pruned, printed again.

using System;
using System.IO;
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
                using (var simulator = new Simulator())
                using (var till = new Till(simulator.Config()))
                using (var sale = new Sale("r1", 1, "EUR"))
                using (var payment = till.Pay(sale))
                {
                    Expect.Equal("[]", till.VerifyArchive());
                    // The German day may be the next one already.
                    var day = payment.CreatedAt.UtcDateTime;
                    var told = till.ExportDay(day, folder) + till.ExportDay(day.AddDays(1), folder);
                    Expect.Contains("\"payments\":1", told);
                    Expect.Contains("\"was_there\":true", till.ExportDay(day, folder));
                    Expect.Contains("\"responses\":0", till.PruneArchive("Erna"));
                    using (var again = till.Recover("r1"))
                    {
                        Expect.That(!again.ReceiptsPruned, "the receipts are there");
                        var copy = again.RenderReceipt(Copy.Merchant, new RenderOptions { Duplicate = true });
                        Expect.Contains("KOPIE", Encoding.UTF8.GetString(copy));
                    }
                    Expect.Throws<ArgumentOutOfRangeException>(() => till.PruneArchive("Erna", 0));
                    var fault = Expect.Throws<SecuposException>(() => till.PruneArchive(""));
                    Expect.Contains("operator is empty", fault.Message);
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
