// The end of the terminal's day, or its diagnosis.

using System;
using System.Threading;
using System.Threading.Tasks;
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
    public class Report : IDisposable
    {
        private readonly ReportHandle/*?*/ native;
        private readonly Completion<ReportHandle, ReportOutcome>/*?*/ completion;

        /// <summary>For a subclass in a test: what it does not override throws <see cref="NotSupportedException"/>.</summary>
        protected Report()
        {
        }

        internal Report(ReportHandle native)
        {
            this.native = native;
            completion = new Completion<ReportHandle, ReportOutcome>(
                native, ReportOutcome.Pending, OutcomeOf, secupos_report_notify);
        }

        /// <summary>What became of it so far.</summary>
        public virtual ReportOutcome Outcome => OutcomeOf(Handle);

        /// <summary>How far it has come while it is running; None as soon as there is a result.</summary>
        public virtual Phase Phase => Recognised.OrZero<Phase>(secupos_report_phase(Handle));

        /// <summary>When it was begun.</summary>
        public virtual DateTimeOffset CreatedAt =>
            DateTimeOffset.FromUnixTimeMilliseconds(secupos_report_created_at(Handle));

        /// <summary>What the cashier reads: what happens or has happened, and what to do now.</summary>
        /// <param name="language">Anything but English reads as German.</param>
        public virtual string CashierText(CashierLanguage language) =>
            Lent.Text(Handle, held => secupos_report_cashier_text(held, (int)language))/*!*/;

        /// <summary>What went wrong, where something did; otherwise null.</summary>
        public virtual SecuposException/*?*/ Error => Lent.Read(Handle, held => From(secupos_report_error(held)));

        /// <summary>Waits until it has a result, however long that takes.</summary>
        /// <returns>The result.</returns>
        public virtual ReportOutcome Wait() => Wait(Timeout.InfiniteTimeSpan);

        /// <summary>Waits until it has a result, but no longer than this. Leaving the wait stops nothing.</summary>
        /// <param name="limit">
        /// Zero only asks; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever. Counted in whole milliseconds,
        /// rounded up.
        /// </param>
        /// <returns>The result, or <see cref="ReportOutcome.Pending"/> if the time is over.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
        public virtual ReportOutcome Wait(TimeSpan limit) => Completion.Wait(limit);

        /// <summary>Waits until it has a result, without blocking: no thread waits meanwhile.</summary>
        /// <param name="cancellation">Ends the wait, and stops nothing.</param>
        /// <returns>The result.</returns>
        /// <exception cref="OperationCanceledException">The task's: the token has ended the wait.</exception>
        public virtual Task<ReportOutcome> WaitAsync(CancellationToken cancellation = default(CancellationToken)) =>
            WaitAsync(Timeout.InfiniteTimeSpan, cancellation);

        /// <summary>
        /// Waits until it has a result, but no longer than this, without blocking: no thread waits meanwhile.
        /// </summary>
        /// <param name="limit">Zero only asks; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
        /// <param name="cancellation">Ends the wait, and stops nothing.</param>
        /// <returns>The result, or <see cref="ReportOutcome.Pending"/> if the time is over.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The task's: the limit is negative.</exception>
        /// <exception cref="OperationCanceledException">The task's: the token has ended the wait.</exception>
        public virtual Task<ReportOutcome> WaitAsync(
            TimeSpan limit, CancellationToken cancellation = default(CancellationToken)) =>
            Completion.WaitAsync(limit, cancellation);

        /// <summary>What the terminal prints; empty if it prints nothing, and while the report is running.</summary>
        /// <param name="options">For which paper, printer or program.</param>
        /// <exception cref="ArgumentException">An option cannot be used.</exception>
        public virtual byte[] Render(RenderOptions/*?*/ options)
        {
            using (var native = (options ?? new RenderOptions()).ToHandle())
            {
                Check(secupos_report_render(Handle, native, out var bytes, out var error), error, nameof(options));
                using (bytes) return bytes.ToArray();
            }
        }

        /// <summary>The report as one JSON object, the same in every binding.</summary>
        public virtual string ToJson()
        {
            Check(secupos_report_to_json(Handle, out var bytes, out var error), error);
            using (bytes) return bytes.ToText();
        }

        /// <summary>Frees the report. Never waits and never stops it.</summary>
        public virtual void Dispose() => native?.Dispose();

        /// <summary>What became of it; may be logged.</summary>
        public override string ToString() => Handle.IsClosed ? "Report (disposed)" : $"Report: {Outcome}";

        private ReportHandle Handle => native ?? throw Fake.NotOverridden(nameof(Report));

        private Completion<ReportHandle, ReportOutcome> Completion =>
            completion ?? throw Fake.NotOverridden(nameof(Report));

        private static ReportOutcome OutcomeOf(ReportHandle report)
        {
            Check(secupos_report_wait(report, 0, out var outcome, out var error), error);
            return Recognised.OrZero<ReportOutcome>(outcome);
        }
    }
}
