// The simulator of the secuconnect API and a terminal, for a till's own tests. No money moves.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using Secupos.Native;

namespace Secupos.Testing
{
    /// <summary>
    /// A simulator in a process of its own, which ends with <see cref="Dispose()"/>. It is the program <c>secupos</c> of the
    /// command line. May be used from any thread.
    /// </summary>
    /// <remarks>
    /// The last two digits of an amount in cents say how a payment goes: 00 and 01 a direct debit with signature; 03
    /// contactless; 04 a credit card with signature; 05 declined; 06 aborted; 07 timed out; 08 a SEPA direct debit; 09 paid,
    /// and the answer is lost; 10 declined, and a girocard when the same amount is tried again; 02 and all others a girocard
    /// with PIN.
    /// </remarks>
    /// <example>
    /// <code>
    /// using (var simulator = new Simulator())
    /// using (var till = Till.Open(simulator.Config()))
    /// using (var payment = till.Pay(new Sale("1", 102, "EUR")))
    /// {
    ///     // payment.Outcome is Outcome.Approved
    /// }
    /// </code>
    /// </example>
    public sealed class Simulator : IDisposable
    {
        private static readonly string[] Told = { "base_url", "client_id", "client_secret", "device_code" };
        private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(20);
        private readonly Dictionary<string, string> told = new Dictionary<string, string>();
        private readonly Process process;
        private readonly string folder;
        private int stateFiles;

        /// <summary>Starts a simulator.</summary>
        /// <param name="think">How long the customer takes to pay.</param>
        /// <param name="program">Where the program is; null: <c>secupos</c>, found as the system finds programs.</param>
        /// <exception cref="System.ComponentModel.Win32Exception">The program is missing.</exception>
        /// <exception cref="InvalidOperationException">It ended before it said where it is.</exception>
        public Simulator(TimeSpan think = default(TimeSpan), string/*?*/ program = null)
        {
            folder = Path.Combine(Path.GetTempPath(), "secupos-simulator-" + Guid.NewGuid().ToString("N"));
            process = Process.Start(new ProcessStartInfo(program ?? "secupos", $"simulate --think-ms {Milliseconds(think)}")
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            })/*!*/;
            Directory.CreateDirectory(folder);
            try
            {
                while (told.Count < Told.Length) Hear(process.StandardOutput.ReadLine());
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>The address of the API.</summary>
        public string BaseUrl => told["base_url"];

        /// <summary>The client id that it accepts.</summary>
        public string ClientId => told["client_id"];

        /// <summary>The client secret that it accepts.</summary>
        public string ClientSecret => told["client_secret"];

        /// <summary>The code of a device that is registered already.</summary>
        public string DeviceCode => told["device_code"];

        /// <summary>
        /// The settings of a till at this simulator. Its state file is new each time, and goes with the simulator.
        /// </summary>
        public Config Config() => new Config
        {
            BaseUrl = BaseUrl,
            ClientId = ClientId,
            ClientSecret = ClientSecret,
            DeviceCode = DeviceCode,
            StateFile = Path.Combine(folder, $"{Interlocked.Increment(ref stateFiles)}.state"),
            CreateStateFile = true,
        };

        /// <summary>Says how the next payment goes, whatever its amount.</summary>
        /// <param name="scenario">
        /// "elv", "sepa_elv", "girocard", "contactless", "credit_card", "declined", "aborted", "timed_out" or "answer_lost".
        /// </param>
        /// <param name="think">How long its customer takes; null: as ever.</param>
        public void Next(string scenario, TimeSpan? think = null)
        {
            if (scenario == null) throw new ArgumentNullException(nameof(scenario));
            var thinking = think.HasValue ? $",\"think_ms\":{Milliseconds(think.Value)}" : "";
            Control("next", $"{{\"scenario\":\"{scenario}\"{thinking}}}");
        }

        /// <summary>The money that has moved. A till must have booked the same.</summary>
        public IReadOnlyList<LedgerEntry> Ledger() =>
            Json.Array(Control("ledger")).Cast<IReadOnlyDictionary<string, object/*?*/>>()
                .Select(entry => new LedgerEntry(entry)).ToList();

        /// <summary>
        /// Calls another endpoint under /_control: <c>secupos simulate --help</c> lists them.
        /// </summary>
        /// <param name="path">The endpoint, such as "ledger".</param>
        /// <param name="json">What it is told; null only asks.</param>
        /// <returns>Its answer, as JSON.</returns>
        public string Control(string path, string/*?*/ json = null)
        {
            using (var client = new OneRequest())
            {
                client.Headers[HttpRequestHeader.ContentType] = "application/json";
                var url = $"{BaseUrl}/_control/{path}";
                return json == null ? client.DownloadString(url) : client.UploadString(url, json);
            }
        }

        /// <summary>Waits until the terminal has been asked to take a payment, 20 seconds at most.</summary>
        /// <exception cref="TimeoutException">No payment was started.</exception>
        public void WaitForStart()
        {
            var watch = Stopwatch.StartNew();
            while (!Control("requests").Contains("/start/"))
            {
                if (watch.Elapsed > LongestStart) throw new TimeoutException("No payment was started.");
                Thread.Sleep(10);
            }
        }

        /// <summary>Where it is.</summary>
        public override string ToString() => $"Simulator at {BaseUrl}";

        /// <summary>Ends it. It may be called more than once.</summary>
        public void Dispose()
        {
            if (!Directory.Exists(folder)) return;
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        private void Hear(string/*?*/ line)
        {
            if (line == null) throw new InvalidOperationException("The simulator ended before it said where it is.");
            var parts = line.Split(new[] { '=' }, 2);
            if (Array.IndexOf(Told, parts[0]) >= 0) told[parts[0]] = parts[1];
        }

        private static string Milliseconds(TimeSpan time) =>
            ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

        /// <summary>Each request on a connection of its own: mono may take one again that is just being closed.</summary>
        private sealed class OneRequest : WebClient
        {
            protected override WebRequest GetWebRequest(Uri address)
            {
                var request = (HttpWebRequest)base.GetWebRequest(address);
                request.KeepAlive = false;
                request.Proxy = null;
                return request;
            }
        }
    }
}
