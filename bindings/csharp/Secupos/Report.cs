// The end of the terminal's day, or its diagnosis.

using System;
using System.Threading;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// A report, from <see cref="Till.RunEndOfDay"/> or <see cref="Till.RunDiagnosis"/>. It changes once, from pending to
    /// its result. May be used from any thread, concurrently. After <see cref="Dispose"/> every member throws <see
    /// cref="ObjectDisposedException"/>.
    /// </summary>
    public sealed class Report : IDisposable
    {
        private readonly ReportHandle handle;

        internal Report(ReportHandle handle)
        {
            this.handle = handle;
        }

        /// <summary>What became of it so far.</summary>
        public ReportOutcome Outcome => Wait(TimeSpan.Zero);

        /// <summary>What went wrong, where something did; otherwise null.</summary>
        public SecuposException Error => Lent.Read(handle, held => From(secupos_report_error(held)));

        /// <summary>Waits until it has a result, however long that takes.</summary>
        /// <returns>The result.</returns>
        public ReportOutcome Wait() => Wait(Timeout.InfiniteTimeSpan);

        /// <summary>Waits until it has a result, but no longer than this. Leaving the wait stops nothing.</summary>
        /// <param name="limit">
        /// Zero only asks; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever. Counted in whole milliseconds,
        /// rounded up.
        /// </param>
        /// <returns>The result, or <see cref="ReportOutcome.Pending"/> if the time is over.</returns>
        /// <exception cref="SecuposException">InvalidArgument: the limit is negative.</exception>
        public ReportOutcome Wait(TimeSpan limit) => Slices.Wait(
            handle, limit, ReportOutcome.Pending, (held, milliseconds) =>
        {
            Check(secupos_report_wait(held, milliseconds, out var outcome, out var error), error);
            return Recognised.OrZero<ReportOutcome>(outcome);
        });

        /// <summary>What the terminal prints; empty if it prints nothing, and while the report is running.</summary>
        /// <param name="options">For which paper, printer or program.</param>
        /// <exception cref="SecuposException">InvalidArgument.</exception>
        public byte[] Render(RenderOptions options)
        {
            using (var native = (options ?? new RenderOptions()).ToHandle())
            {
                Check(secupos_report_render(handle, native, out var bytes, out var error), error);
                using (bytes) return bytes.ToArray();
            }
        }

        /// <summary>The report as one JSON object, the same in every binding.</summary>
        public string ToJson()
        {
            Check(secupos_report_to_json(handle, out var bytes, out var error), error);
            using (bytes) return bytes.ToText();
        }

        /// <summary>Frees the report. Never waits and never stops it.</summary>
        public void Dispose() => handle.Dispose();
    }
}
