// The log of a till through Microsoft.Extensions.Logging.

using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Microsoft.Extensions.Logging;
using Secupos.Extensions.Logging;

namespace Secupos.Tests
{
    public static class LoggingAdapterTests
    {
        [Test]
        public static void Each_line_comes_with_its_level()
        {
            var heard = new Heard();
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config().LogTo(heard)))
            {
                till.Pay(new Sale("r1", 1, "EUR")).Dispose();
                heard.Until("Information payment 1 attempt 1 ends: approved");
                Expect.That(heard.Lines.Any(line => line.StartsWith("Debug payment 1 attempt 1 request")), "the requests");
            }
        }

        [Test]
        public static void Nothing_in_place_of_a_logger_is_refused()
        {
            Expect.Equal("logger", Expect.Throws<ArgumentNullException>(() => new Config().LogTo(null)).ParamName);
            Expect.Equal(
                "config", Expect.Throws<ArgumentNullException>(() => ((Config)null).LogTo(new Heard())).ParamName);
        }

        private sealed class Heard : ILogger
        {
            internal ConcurrentQueue<string> Lines { get; } = new ConcurrentQueue<string>();

            public void Write(LogLevel level, string message) => Lines.Enqueue($"{level} {message}");

            internal void Until(string expected)
            {
                var watch = Stopwatch.StartNew();
                while (!Lines.Contains(expected))
                {
                    Expect.That(watch.Elapsed < TimeSpan.FromSeconds(20), $"the line {expected}");
                    Thread.Sleep(10);
                }
            }
        }
    }
}
