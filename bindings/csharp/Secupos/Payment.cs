// A payment: what became of it, and what to do next.

using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// A payment. It changes once, from pending to its result; until then its members give null, 0 or nothing, except
    /// for those that say otherwise. An unknown one stays unknown, too. What becomes known later (from the service, by
    /// <see cref="Till.Decide"/>, by a reversal) is told by the next one that <see cref="Till.Recover"/> gives. May be used
    /// from any thread, concurrently. After <see cref="Dispose"/> every member throws <see
    /// cref="ObjectDisposedException"/>.
    /// </summary>
    public class Payment : IDisposable
    {
        private readonly PaymentHandle/*?*/ native;
        private readonly Completion<PaymentHandle, Outcome>/*?*/ completion;

        /// <summary>For a subclass in a test: what it does not override throws <see cref="NotSupportedException"/>.</summary>
        protected Payment()
        {
        }

        internal Payment(PaymentHandle native)
        {
            this.native = native;
            completion = new Completion<PaymentHandle, Outcome>(
                native, Outcome.Pending, OutcomeOf, secupos_payment_notify);
        }

        /// <summary>What became of it; <see cref="Secupos.Outcome.Pending"/> while it is running.</summary>
        public virtual Outcome Outcome => Recognised.OrZero<Outcome>(secupos_payment_outcome(Handle));

        /// <summary>
        /// Why it has this outcome; of an approved one, why its reversal was not done, or what is odd about it.
        /// </summary>
        public virtual Reason Reason => Recognised.OrZero<Reason>(secupos_payment_reason(Handle));

        /// <summary>
        /// How far it has come, or its reversal, while that is running; None as soon as there is a result.
        /// </summary>
        public virtual Phase Phase => Recognised.OrZero<Phase>(secupos_payment_phase(Handle));

        /// <summary>
        /// What became of its reversal so far; <see cref="Error"/> tells why it was refused or is in doubt.
        /// </summary>
        public virtual Reversal Reversal => Recognised.OrZero<Reversal>(secupos_payment_reversal(Handle));

        /// <summary>
        /// Who says so: the service, or a person with <see cref="Till.Decide"/> or <see cref="Till.DecideReversal"/>.
        /// </summary>
        public virtual DecidedBy DecidedBy => Recognised.OrZero<DecidedBy>(secupos_payment_decided_by(Handle));

        /// <summary>
        /// Whether it was begun earlier, by another call or before a restart, and this tells what became of it. Known
        /// at once.
        /// </summary>
        public virtual bool Replayed => secupos_payment_replayed(Handle) != 0;

        /// <summary>
        /// Whether the service has contradicted what was believed before (a person's decision, or its own earlier
        /// word). The outcome is the truth as far as it is known; what is to be done about it comes first in <see
        /// cref="NextActions"/>.
        /// </summary>
        public virtual bool Conflict => secupos_payment_conflict(Handle) != 0;

        /// <summary>What to do next, in this order. A till that does these, and nothing else, does right.</summary>
        /// <remarks>
        /// Money is asked for once: <see cref="NextAction.Refund"/>, <see cref="NextAction.Collect"/> and <see
        /// cref="NextAction.CollectRest"/> are stored as told before this tells them. Told again, after a crash too, they
        /// are <see cref="NextAction.AskCashier"/>, and <see cref="CashierText"/> says when they were asked for. A payment
        /// of a list (<see cref="Till.Unfinished"/>, <see cref="Till.FindPayments"/>) tells none of them: it says <see
        /// cref="NextAction.RecoverLater"/>.
        /// </remarks>
        public virtual IReadOnlyList<NextAction> NextActions
        {
            get
            {
                var actions = new NextAction[(int)secupos_payment_next_action_count(Handle)];
                for (var i = 0; i < actions.Length; i++)
                {
                    actions[i] = Recognised.OrZero<NextAction>(secupos_payment_next_action(Handle, (UIntPtr)i));
                }
                return actions;
            }
        }

        /// <summary>The till's own number for the sale. Known at once.</summary>
        public virtual string Reference => Lent.Text(Handle, secupos_payment_reference)/*!*/;

        /// <summary>Which try this is, from 1. Known at once.</summary>
        public virtual int Attempt => secupos_payment_attempt(Handle);

        /// <summary>The server's id for it; null if it has none.</summary>
        public virtual string/*?*/ TransactionId => Lent.Text(Handle, secupos_payment_transaction_id);

        /// <summary>
        /// The server's own word for where it stands, such as "ok" or "failed"; null if there is none. For logs: only
        /// the outcome counts.
        /// </summary>
        public virtual string/*?*/ StatusText => Lent.Text(Handle, secupos_payment_status_text);

        /// <summary>What the till asked for, in minor units (cents). Known at once.</summary>
        public virtual long Amount => secupos_payment_amount(Handle);

        /// <summary>
        /// What was charged, in minor units (cents): 0 unless approved, and not always what was asked for (a tip, a
        /// part).
        /// </summary>
        public virtual long AmountCharged => secupos_payment_amount_charged(Handle);

        /// <summary>
        /// What is missing of what was asked for, in minor units (cents): 0 unless a part was charged. Collect it in
        /// another way, or as a sale under a new reference (<see cref="NextAction.CollectRest"/>).
        /// </summary>
        public virtual long AmountDue => secupos_payment_amount_due(Handle);

        /// <summary>The currency (ISO 4217). Known at once.</summary>
        public virtual string Currency => Lent.Text(Handle, secupos_payment_currency)/*!*/;

        /// <summary>
        /// The terminal's number for it as a number (3), which a reversal needs; null if there is none. As printed
        /// ("0003") it is the receipt's field "receipt_no".
        /// </summary>
        public virtual long? ReceiptNumber => OrNull(secupos_payment_receipt_number(Handle));

        /// <summary>When it was begun (UTC). Known at once.</summary>
        public virtual DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds(secupos_payment_created_at(Handle));

        /// <summary>
        /// When it got its outcome (UTC); null while it is running. Of an unknown one: when that was said.
        /// </summary>
        public virtual DateTimeOffset? CompletedAt
        {
            get
            {
                var at = OrNull(secupos_payment_completed_at(Handle));
                return at.HasValue ? DateTimeOffset.FromUnixTimeMilliseconds(at.Value) : default(DateTimeOffset?);
            }
        }

        /// <summary>Whether the customer must sign the merchant's copy. Unknown means: look at the copy.</summary>
        public virtual Signature Signature => Recognised.OrZero<Signature>(secupos_payment_signature(Handle));

        /// <summary>Whether the server asks for the merchant's copy to be printed now.</summary>
        public virtual bool MerchantReceiptDue => secupos_payment_merchant_receipt_due(Handle) != 0;

        /// <summary>
        /// Whether <see cref="Till.PruneArchive"/> has removed its receipts: then they are empty, although there were
        /// some.
        /// </summary>
        public virtual bool ReceiptsPruned => secupos_payment_receipts_pruned(Handle) != 0;

        /// <summary>
        /// What went wrong, where something did: why it was not started or is unknown; otherwise null.
        /// </summary>
        public virtual SecuposException/*?*/ Error => Lent.Read(Handle, held => From(secupos_payment_error(held)));

        /// <summary>
        /// What the cashier reads: what happened, whether money moved, what to do now. There is a text for each
        /// <see cref="Phase"/> while it is running, too. That of a <see cref="Replayed"/> one says that it is an earlier result, with its time.
        /// </summary>
        /// <param name="language">Anything but English reads as German.</param>
        public virtual string CashierText(CashierLanguage language) =>
            Lent.Text(Handle, held => secupos_payment_cashier_text(held, (int)language))/*!*/;

        /// <summary>Waits until it has an outcome, however long that takes.</summary>
        /// <returns>The outcome.</returns>
        public virtual Outcome Wait() => Wait(Timeout.InfiniteTimeSpan);

        /// <summary>
        /// Waits until it has an outcome, but no longer than this. Leaving the wait stops nothing; wait again whenever
        /// you like.
        /// </summary>
        /// <param name="limit">
        /// Zero only asks; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever. Counted in whole milliseconds,
        /// rounded up.
        /// </param>
        /// <returns>The outcome, or <see cref="Secupos.Outcome.Pending"/> if the time is over.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
        public virtual Outcome Wait(TimeSpan limit) => Completion.Wait(limit);

        /// <summary>Waits until it has an outcome, without blocking: no thread waits meanwhile.</summary>
        /// <param name="cancellation">Ends the wait. It stops nothing: <see cref="Abort"/> asks for that.</param>
        /// <returns>The outcome.</returns>
        /// <exception cref="OperationCanceledException">The task's: the token has ended the wait.</exception>
        public virtual Task<Outcome> WaitAsync(CancellationToken cancellation = default(CancellationToken)) =>
            WaitAsync(Timeout.InfiniteTimeSpan, cancellation);

        /// <summary>
        /// Waits until it has an outcome, but no longer than this, without blocking: no thread waits meanwhile. From a
        /// window's thread it goes on there.
        /// </summary>
        /// <param name="limit">Zero only asks; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
        /// <param name="cancellation">Ends the wait. It stops nothing: <see cref="Abort"/> asks for that.</param>
        /// <returns>The outcome, or <see cref="Secupos.Outcome.Pending"/> if the time is over.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The task's: the limit is negative.</exception>
        /// <exception cref="OperationCanceledException">The task's: the token has ended the wait.</exception>
        public virtual Task<Outcome> WaitAsync(TimeSpan limit, CancellationToken cancellation = default(CancellationToken)) =>
            Completion.WaitAsync(limit, cancellation);

        /// <summary>
        /// Asks that it be not taken. Waits for nothing and may be called from any thread, also while another one
        /// waits. It is a request, and the payment wins: whatever this says, wait for the outcome; one that was
        /// approved is told as approved.
        /// </summary>
        public virtual AbortResult Abort()
        {
            Check(secupos_payment_abort(Handle, out var result, out var error), error);
            return Recognised.OrZero<AbortResult>(result);
        }

        /// <summary>
        /// One copy of the receipt. There is always one once the payment has an outcome; without lines if the server
        /// sent none. It outlives the payment.
        /// </summary>
        /// <param name="copy">Whose copy.</param>
        /// <exception cref="SecuposException">InvalidState: the payment is still running.</exception>
        public virtual Receipt Receipt(ReceiptCopy copy)
        {
            Check(secupos_payment_receipt(Handle, (int)copy, out var receipt, out var error), error);
            return new Receipt(receipt);
        }

        /// <summary>
        /// One copy of the receipt as text for the printer, in one call; empty if the server sent none.
        /// </summary>
        /// <param name="copy">Whose copy.</param>
        /// <param name="columns">
        /// The width of the paper in characters, 16 to 96: 32 for 58 mm, 42 or 48 for 80 mm.
        /// </param>
        /// <exception cref="SecuposException">InvalidState: the payment is still running.</exception>
        public virtual string ReceiptText(ReceiptCopy copy, int columns = 42)
        {
            using (var options = new RenderOptions { Columns = columns }.ToHandle())
            {
                Check(secupos_payment_render_receipt(Handle, (int)copy, options, out var bytes, out var error), error);
                using (bytes) return bytes.ToText();
            }
        }

        /// <summary>
        /// One copy of the receipt in one call, as text, printer bytes, HTML, PDF or JSON; that of a reversed payment is
        /// marked as such. Empty if the server sent none, but in JSON.
        /// </summary>
        /// <param name="copy">Whose copy.</param>
        /// <param name="options">For which paper, printer or program.</param>
        /// <exception cref="SecuposException">InvalidState: the payment is still running.</exception>
        public virtual byte[] RenderReceipt(ReceiptCopy copy, RenderOptions/*?*/ options)
        {
            using (var native = (options ?? new RenderOptions()).ToHandle())
            {
                var status = secupos_payment_render_receipt(Handle, (int)copy, native, out var bytes, out var error);
                Check(status, error, nameof(options));
                using (bytes) return bytes.ToArray();
            }
        }

        /// <summary>
        /// The payment as one JSON object, the same in every binding, at any time. It holds the receipts: keep it as
        /// you keep those, and do not log it. Only here: "asked_before_at", when money was asked for before (Unix
        /// milliseconds, or null).
        /// </summary>
        public virtual string ToJson()
        {
            Check(secupos_payment_to_json(Handle, out var bytes, out var error), error);
            using (bytes) return bytes.ToText();
        }

        /// <summary>Which payment it is and where it stands. Shows no receipt; may be logged.</summary>
        public override string ToString() =>
            Handle.IsClosed ? "Payment (disposed)" : $"Payment {Reference}, attempt {Attempt}: {Outcome}";

        /// <summary>Frees the payment. Never waits and never stops it: one that is running goes on.</summary>
        public virtual void Dispose() => native?.Dispose();

        /// <summary>What the library knows it by.</summary>
        internal PaymentHandle Handle => native ?? throw Fake.NotOverridden(nameof(Payment));

        private Completion<PaymentHandle, Outcome> Completion =>
            completion ?? throw Fake.NotOverridden(nameof(Payment));

        private static Outcome OutcomeOf(PaymentHandle payment)
        {
            Check(secupos_payment_wait(payment, 0, out var outcome, out var error), error);
            return Recognised.OrZero<Outcome>(outcome);
        }

        private static long? OrNull(long number) => number == 0 ? default(long?) : number;
    }
}
