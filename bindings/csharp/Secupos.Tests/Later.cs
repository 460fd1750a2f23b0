// What a till finds for which the machine has been awake for longer, in a program of its own. The grace is minutes long, and
// nobody can set the clock that counts it.

using System;
using System.Diagnostics;
using System.Linq;

namespace Secupos.Tests
{
    public static class Later
    {
        /// <summary>What Told runs in a process of its own, with what RecoverAndPay takes.</summary>
        public const string Recover = "--recover-and-pay";

        /// <summary>What becomes of the payment in doubt, and then of the next attempt, so many seconds later.</summary>
        public static string Told(int seconds, Config config, string secret)
        {
            var tool = Repository.Find("tools/later", "it is checked in");
            var command = ThisProgram.Command(
                ThisProgram.Assembly, Recover, config.BaseUrl, config.ClientId, secret, config.StateFile);
            var start = ThisProgram.Start(new[] { tool, $"{seconds}" }.Concat(command).ToArray());
            start.RedirectStandardOutput = true;
            using (var process = Process.Start(start))
            {
                var told = process.StandardOutput.ReadToEnd().TrimEnd();
                process.WaitForExit();
                Expect.Equal(0, process.ExitCode);
                return told;
            }
        }

        public static int RecoverAndPay(string baseUrl, string id, string secret, string stateFile)
        {
            var config = new Config { BaseUrl = baseUrl, ClientId = id, ClientSecret = secret, StateFile = stateFile };
            using (var till = StateFiles.OpenAgain(config))
            {
                using (var payment = till.Recover(Doubt.Reference))
                {
                    payment.Wait();
                    Console.Write($"{payment.Outcome} {payment.Reason}, then ");
                }
                using (var payment = Doubt.Pay(till, attempt: 2)) Console.WriteLine(payment.Outcome);
            }
            return 0;
        }
    }
}
