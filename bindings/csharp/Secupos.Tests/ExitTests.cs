// A program may end while a payment runs: it ends at once and without a crash, and the next one finds the payment.

using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace Secupos.Tests
{
    public static class ExitTests
    {
        /// <summary>What the tests below run in a process of its own, with what PayAndLeave takes.</summary>
        public const string Leave = "--pay-and-leave";

        [Test]
        public static void A_program_that_returns_from_Main_leaves_a_payment_that_the_next_one_finds() =>
            Left("return");

        [Test]
        public static void So_does_one_that_exits_while_its_threads_wait() => Left("exit");

        /// <summary>Begins a payment, waits for it in every way, and leaves.</summary>
        public static int PayAndLeave(string how, string baseUrl, string id, string secret, string stateFile)
        {
            var till = Till.Open(new Config
            {
                BaseUrl = baseUrl, ClientId = id, ClientSecret = secret, StateFile = stateFile, CreateStateFile = true,
                Log = (level, line) => Thread.Sleep(1), LogLevel = SecuposLogLevel.Debug,
            });
            var sale = new Sale("r", 1, "EUR");
            var payment = till.StartPayment(sale);
            new Thread(() => payment.Wait()) { IsBackground = true }.Start();
            new Thread(() => till.Pay(sale)) { IsBackground = true }.Start();
            till.PayAsync(sale);
            // The parent says when the terminal has been asked.
            Console.ReadLine();
            if (how == "exit") Environment.Exit(3);
            return 3;
        }

        private static void Left(string how)
        {
            using (var simulator = new Simulator(thinkMilliseconds: 4000))
            {
                var config = simulator.Config();
                var watch = new Stopwatch();
                using (var process = Begin(how, config, simulator.ClientSecret))
                {
                    simulator.AwaitStart();
                    watch.Start();
                    process.StandardInput.WriteLine();
                    Expect.Equal("", process.StandardError.ReadToEnd());
                    process.WaitForExit();
                    Expect.Equal(3, process.ExitCode);
                }
                Expect.That(watch.ElapsedMilliseconds < 3000, $"an end at once, not after {watch.Elapsed}");
                Expect.Equal(0, simulator.Charges());
                using (var till = Till.Open(config))
                using (var left = till.Unfinished().Single())
                using (var payment = till.Recover(left.Reference)) Expect.Equal(Outcome.Approved, payment.Wait());
                Expect.Equal(1, simulator.Charges());
            }
        }

        private static Process Begin(string how, Config config, string secret)
        {
            var start = ThisProgram.Start(ThisProgram.Command(
                ThisProgram.Assembly, Leave, how, config.BaseUrl, config.ClientId, secret, config.StateFile));
            start.RedirectStandardInput = true;
            start.RedirectStandardError = true;
            return Process.Start(start);
        }
    }
}
