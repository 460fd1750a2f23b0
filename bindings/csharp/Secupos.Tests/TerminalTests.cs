// What the terminal does besides taking payments: a reversal, the end of its day, its diagnosis.

using System.Text;

namespace Secupos.Tests
{
    public static class TerminalTests
    {
        [Test]
        public static void A_payment_is_reversed_and_a_refusal_has_the_services_words()
        {
            using (var simulator = new Simulator())
            using (var till = new Till(simulator.Config()))
            {
                using (var paid = till.Pay(new Sale("r1", 2, "EUR"))) Expect.Equal(Reversal.None, paid.Reversal);
                using (var reversed = till.Reverse("r1"))
                {
                    Expect.Equal(Outcome.Reversed, reversed.Wait());
                    Expect.Equal(Reversal.Done, reversed.Reversal);
                }
                till.Pay(new Sale("card", 104, "EUR")).Dispose();
                using (var refused = till.Reverse("card", "Erika"))
                {
                    Expect.Equal(Outcome.Approved, refused.Wait());
                    Expect.Equal(Reversal.Refused, refused.Reversal);
                    Expect.Equal("Storno nicht möglich", refused.Error.ServerText);
                }
            }
        }

        [Test]
        public static void The_day_is_closed_and_the_terminal_diagnosed()
        {
            using (var simulator = new Simulator())
            using (var till = new Till(simulator.Config()))
            {
                till.Pay(new Sale("r1", 2, "EUR")).Dispose();
                Expect.That(till.ToJson().Contains("\"payments\":1"), "one payment waits");
                using (var report = till.RunEndOfDay())
                {
                    Expect.Equal(ReportOutcome.Done, report.Wait());
                    Expect.Equal(ReportOutcome.Done, report.Outcome);
                    Expect.That(report.Error == null, "nothing went wrong");
                    var printed = Encoding.UTF8.GetString(report.Render(new RenderOptions()));
                    Expect.That(printed.Contains("Kassenschnitt"), "it is printed");
                    Expect.That(report.ToJson().Contains("end_of_day"), "it says what it is");
                }
                using (var report = till.RunDiagnosis()) Expect.Equal(ReportOutcome.Done, report.Wait());
                Expect.That(till.ToJson().Contains("\"payments\":0"), "none waits");
            }
        }
    }
}
