// Starts the simulator of the secuconnect API and a terminal, and drives it.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading;

namespace Secupos.Tests
{
    /// <summary>A simulator in a process of its own. Its customer takes this long to pay.</summary>
    public sealed class Simulator : IDisposable
    {
        private static readonly string[] Names = { "base_url", "client_id", "client_secret", "device_code" };
        private readonly Dictionary<string, string> told = new Dictionary<string, string>();
        private readonly Process process;

        public Simulator(int thinkMilliseconds = 0)
        {
            var program = Repository.Find("target/debug/secupos", "build it with: make cli");
            process = Process.Start(new ProcessStartInfo(program, $"simulate --think-ms {thinkMilliseconds}")
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            });
            while (told.Count < Names.Length)
            {
                var line = process.StandardOutput.ReadLine();
                if (line == null) throw new Exception("the simulator ended before it said where it is");
                var parts = line.Split(new[] { '=' }, 2);
                if (Array.IndexOf(Names, parts[0]) >= 0) told[parts[0]] = parts[1];
            }
        }

        public string ClientSecret => told["client_secret"];

        public string DeviceCode => told["device_code"];

        /// <summary>What a till needs to reach it, with a state file of its own.</summary>
        public Config Config(string deviceCode = null) => new Config
        {
            BaseUrl = told["base_url"],
            ClientId = told["client_id"],
            ClientSecret = ClientSecret,
            DeviceCode = deviceCode,
            StateFile = StateFiles.Fresh(),
            CreateStateFile = true,
        };

        /// <summary>Asks /_control/….</summary>
        public string Ask(string path)
        {
            using (var client = new Once()) return client.DownloadString(Control(path));
        }

        /// <summary>Tells /_control/… something.</summary>
        public void Tell(string path, string json)
        {
            using (var client = new Once())
            {
                client.Headers[HttpRequestHeader.ContentType] = "application/json";
                client.UploadString(Control(path), json);
            }
        }

        /// <summary>The next request to this endpoint goes wrong.</summary>
        public void BreakNext(string endpoint, string when, string what) =>
            Tell("fault", $"{{\"endpoint\":\"{endpoint}\",\"when\":\"{when}\",\"what\":{what}}}");

        /// <summary>How many payments the terminal has taken.</summary>
        public int Charges() => Regex.Matches(Ask("ledger"), "\"transaction\"").Count;

        /// <summary>Returns once the terminal has taken so many payments.</summary>
        public void AwaitCharges(int count) => Await(() => Charges() >= count, "the customer has not paid");

        /// <summary>Returns once a transaction is to be created.</summary>
        public void AwaitCreate() => Await(() => Ask("requests").Contains("/Transactions\""), "none was created");

        /// <summary>Returns once the terminal has been asked to take a payment.</summary>
        public void AwaitStart() => Await(() => Ask("requests").Contains("/start/"), "no payment was started");

        /// <summary>Each request on a connection of its own: mono may take one again that is just being closed.</summary>
        private sealed class Once : WebClient
        {
            protected override WebRequest GetWebRequest(Uri address)
            {
                var request = (HttpWebRequest)base.GetWebRequest(address);
                request.KeepAlive = false;
                request.Proxy = null;
                return request;
            }
        }

        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        private static void Await(Func<bool> happened, string otherwise)
        {
            var watch = Stopwatch.StartNew();
            while (!happened())
            {
                if (watch.Elapsed > TimeSpan.FromSeconds(20)) throw new TimeoutException(otherwise);
                Thread.Sleep(10);
            }
        }

        private string Control(string path) => $"{told["base_url"]}/_control/{path}";
    }
}
