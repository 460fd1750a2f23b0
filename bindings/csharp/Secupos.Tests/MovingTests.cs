// A till that moves: its state file is bound to another host or device; and one whose head is kept elsewhere.

using System;
using System.IO;
using System.Linq;
using System.Threading;
using static Secupos.Tests.Doubt;

namespace Secupos.Tests
{
    public static class MovingTests
    {
        [Test]
        public static void A_person_says_that_it_is_the_same_till()
        {
            using (var simulator = new Simulator())
            using (var other = new Simulator())
            {
                var config = simulator.Config();
                var moved = other.Config();
                moved.StateFile = config.StateFile;
                using (var till = Till.Open(config))
                {
                    Pay(till, amount: 2).Dispose();
                    Expect.Refused(Status.StateFileLocked, "", () => Till.Rebind(moved, "Kim", "the host was renamed"));
                }
                Expect.Refused(Status.StateFileMismatch, "", () => StateFiles.OpenAgain(moved));
                Till.Rebind(moved, "Kim", "the host was renamed");
                using (var till = StateFiles.OpenAgain(moved))
                {
                    using (var payment = till.RecoverAll(TimeSpan.Zero).Single())
                    {
                        Expect.Equal(Outcome.Approved, payment.Outcome);
                        Expect.Refused(Status.InvalidState, "bound anew", () => till.Reverse(Reference));
                        till.Acknowledge(payment);
                    }
                    using (var payment = Pay(till, "the next")) Expect.Equal(Outcome.Approved, payment.Outcome);
                }
                Expect.Refused(Status.StateFileMismatch, "", () => StateFiles.OpenAgain(config));
            }
        }

        [Test]
        public static void Not_while_something_is_in_doubt()
        {
            using (var simulator = new Simulator())
            using (var other = new Simulator())
            {
                var config = AtOnce(simulator);
                var moved = other.Config();
                moved.StateFile = config.StateFile;
                using (var till = Till.Open(config)) PayInDoubt(simulator, till, OnTheWay);
                // Its file is free a moment later.
                Expect.Refused(Status.StateFileMismatch, "", () => StateFiles.OpenAgain(moved));
                Expect.Refused(
                    Status.InvalidState, Reference, () => Till.Rebind(moved, "Kim", "the host was renamed"));
            }
        }

        [Test]
        public static void The_head_is_kept_elsewhere_and_missed_where_it_is_gone()
        {
            using (var simulator = new Simulator())
            {
                var config = simulator.Config();
                config.HeadFile = StateFiles.Fresh();
                using (var till = Till.Open(config)) Pay(till).Dispose();
                while (File.Exists(config.StateFile + "-wal")) Thread.Sleep(10);
                Expect.That(File.Exists(config.HeadFile), "it is there");
                Expect.That(!File.Exists(config.StateFile + ".head"), "it is nowhere else");
                File.Delete(config.HeadFile);
                using (var till = StateFiles.OpenAgain(config))
                {
                    Expect.Refused(Status.StateFileDamaged, "", () => Pay(till, "another"));
                    Expect.Equal($"{Reference} 1 Approved", Unfinished(till));
                    till.AcceptJournalLoss("Kim");
                    using (var payment = Pay(till, "another")) Expect.Equal(Outcome.Approved, payment.Outcome);
                }
            }
        }
    }
}
