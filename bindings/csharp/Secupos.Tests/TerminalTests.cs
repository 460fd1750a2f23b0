// What the terminal does besides taking payments: a reversal, the end of its day, its diagnosis.

using System;
using System.Text;
using static Secupos.Tests.Doubt;

namespace Secupos.Tests
{
    public static class TerminalTests
    {
        [Test]
        public static void A_payment_is_reversed_and_a_refusal_has_the_services_words()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                using (var paid = till.Pay(new Sale("r1", 2, "EUR"))) Expect.Equal(Reversal.None, paid.Reversal);
                using (var reversed = till.Reverse("r1"))
                {
                    Expect.Equal(Outcome.Reversed, reversed.Wait());
                    Expect.Equal(Reversal.Done, reversed.Reversal);
                    Expect.Equal("Reversed.", reversed.CashierText(CashierLanguage.English));
                }
                till.Pay(new Sale("card", 104, "EUR")).Dispose();
                using (var refused = till.Reverse("card", operatorName: "Erika"))
                {
                    Expect.Equal(Outcome.Approved, refused.Wait());
                    Expect.Equal(Reversal.Refused, refused.Reversal);
                    Expect.Equal("Storno nicht möglich", refused.Error.ServerText);
                    Expect.Equal("Refund", Actions(refused));
                }
                // The first refusal, at once: told once.
                using (var again = till.Recover("card"))
                {
                    again.Wait();
                    Expect.Equal("AskCashier", Actions(again));
                }
            }
        }

        [Test]
        public static void A_person_decides_what_became_of_a_reversal_in_doubt()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(AtOnce(simulator)))
            {
                ReverseInDoubt(simulator, till, "done");
                using (var decided = till.DecideReversal("done", ReversalDecision.Reversed, "Kim", "there is a slip"))
                {
                    Expect.Equal(Outcome.Reversed, decided.Outcome);
                    Expect.Equal(DecidedBy.Operator, decided.DecidedBy);
                    till.Acknowledge(decided);
                }
                ReverseInDoubt(simulator, till, "not done");
                using (var decided = till.DecideReversal(
                    "not done", ReversalDecision.NotReversed, "Kim", "the terminal shows nothing", attempt: 1))
                {
                    Expect.Equal(Outcome.Approved, decided.Outcome);
                    Expect.Equal(Reversal.Refused, decided.Reversal);
                    Expect.Equal(DecidedBy.Operator, decided.DecidedBy);
                }
                Expect.Refused(Status.InvalidState, "no reversal in doubt", () =>
                    till.DecideReversal("not done", ReversalDecision.Reversed, "Kim", "once more"));
                Expect.Equal("not done 1 Approved", Unfinished(till));
            }
        }

        [Test]
        public static void While_a_payment_may_still_reach_the_terminal_a_report_is_forced_or_not_run()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(AtOnce(simulator)))
            {
                PayInDoubt(simulator, till, OnTheWay);
                foreach (var run in new Func<bool, Report>[] { till.RunDiagnosis, till.RunEndOfDay })
                {
                    using (var report = run(false))
                    {
                        Expect.Equal(ReportOutcome.NotRun, report.Wait());
                        Expect.Equal(Status.Busy, report.Error.Status);
                        Expect.Contains(Reference, report.Error.Message);
                    }
                    using (var report = run(true)) Expect.Equal(ReportOutcome.Done, report.Wait());
                }
            }
        }

        [Test]
        public static void The_day_is_closed_and_the_terminal_diagnosed()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                till.Pay(new Sale("r1", 2, "EUR")).Dispose();
                var waiting = till.GetStatus();
                Expect.Equal(1, waiting.PaymentsForEndOfDay);
                Expect.That(waiting.EndOfDayDueSince != null && waiting.LastEndOfDay == null, "since the payment");
                using (var report = till.RunEndOfDay())
                {
                    Expect.Equal(ReportOutcome.Done, report.Wait());
                    Expect.Equal(ReportOutcome.Done, report.Outcome);
                    Expect.Equal("none", report.Phase.Name());
                    Expect.Equal("Done.", report.CashierText(CashierLanguage.English));
                    Expect.That(report.CreatedAt.Year > 2025, "it was begun just now");
                    Expect.That(report.Error == null, "nothing went wrong");
                    var printed = Encoding.UTF8.GetString(report.Render(new RenderOptions()));
                    Expect.That(printed.Contains("Kassenschnitt"), "it is printed");
                    Expect.That(report.ToJson().Contains("end_of_day"), "it says what it is");
                }
                using (var report = till.RunDiagnosis()) Expect.Equal(ReportOutcome.Done, report.WaitAsync().Result);
                var done = till.GetStatus();
                Expect.Equal(0, done.PaymentsForEndOfDay);
                Expect.That(done.EndOfDayDueSince == null && done.LastEndOfDay != null, "none waits");
                Expect.Equal(0, done.LoginsTaken);
                Expect.That(!done.RollbackUnnoticed, "an older state file would be noticed");
            }
        }

        private static void ReverseInDoubt(Simulator simulator, Till till, string reference)
        {
            Pay(till, reference, 2).Dispose();
            simulator.BreakNext("cancel", "before", "\"reset\"");
            using (var payment = till.Reverse(reference))
            {
                Expect.Equal(Outcome.Approved, payment.Wait());
                Expect.Equal(Reversal.Unknown, payment.Reversal);
                Expect.Equal("LookAtTerminal AskCashier RecoverLater", Actions(payment));
                Expect.Refused(Status.InvalidState, "in doubt", () => till.Acknowledge(payment));
            }
        }
    }
}
