// The simulator, with what these tests ask of it besides.

using System;
using System.Diagnostics;
using System.Threading;

namespace Secupos.Tests
{
    /// <summary>A simulator in a process of its own. Its customer takes this long to pay.</summary>
    public sealed class Simulator : IDisposable
    {
        private readonly Testing.Simulator simulator;

        public Simulator(int thinkMilliseconds = 0)
        {
            var name = ThisProgram.IsOnWindows ? "secupos.exe" : "secupos";
            var program = Repository.Find($"target/debug/{name}", "build it with: make cli");
            simulator = new Testing.Simulator(TimeSpan.FromMilliseconds(thinkMilliseconds), program);
        }

        public string ClientSecret => simulator.ClientSecret;

        public string DeviceCode => simulator.DeviceCode;

        /// <summary>What a till needs to reach it, with a state file of its own that outlives it.</summary>
        public Config Config(string deviceCode = null)
        {
            var config = simulator.Config();
            config.DeviceCode = deviceCode;
            config.StateFile = StateFiles.Fresh();
            return config;
        }

        /// <summary>Asks /_control/….</summary>
        public string Ask(string path) => simulator.Control(path);

        /// <summary>Tells /_control/… something.</summary>
        public void Tell(string path, string json) => simulator.Control(path, json);

        /// <summary>The next request to this endpoint goes wrong.</summary>
        public void BreakNext(string endpoint, string when, string what) =>
            Tell("fault", $"{{\"endpoint\":\"{endpoint}\",\"when\":\"{when}\",\"what\":{what}}}");

        /// <summary>How many payments the terminal has taken.</summary>
        public int Charges() => simulator.Ledger().Count;

        /// <summary>Returns once the terminal has taken so many payments.</summary>
        public void AwaitCharges(int count) => Await(() => Charges() >= count, "the customer has not paid");

        /// <summary>Returns once a transaction is to be created.</summary>
        public void AwaitCreate() => Await(() => Ask("requests").Contains("/Transactions\""), "none was created");

        /// <summary>Returns once the terminal has been asked to take a payment.</summary>
        public void AwaitStart() => simulator.WaitForStart();

        public void Dispose() => simulator.Dispose();

        private static void Await(Func<bool> happened, string otherwise)
        {
            var watch = Stopwatch.StartNew();
            while (!happened())
            {
                if (watch.Elapsed > TimeSpan.FromSeconds(20)) throw new TimeoutException(otherwise);
                Thread.Sleep(10);
            }
        }
    }
}
