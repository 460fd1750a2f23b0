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
    public sealed class Payment : IDisposable
    {
        // Nobody notices so short a delay.
        private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
        private readonly PaymentHandle handle;

        internal Payment(PaymentHandle handle)
        {
            this.handle = handle;
        }

        /// <summary>What became of it; <see cref="Secupos.Outcome.Pending"/> while it is running.</summary>
        public Outcome Outcome => Recognised.OrZero<Outcome>(secupos_payment_outcome(handle));

        /// <summary>
        /// Why it has this outcome; of an approved one, why its reversal was not done, or what is odd about it.
        /// </summary>
        public Reason Reason => Recognised.OrZero<Reason>(secupos_payment_reason(handle));

        /// <summary>
        /// What became of its reversal so far; <see cref="Error"/> tells why it was refused or is in doubt.
        /// </summary>
        public Reversal Reversal => Recognised.OrZero<Reversal>(secupos_payment_reversal(handle));

        /// <summary>
        /// Who says so: the service, or a person with <see cref="Till.Decide"/> or <see cref="Till.DecideReversal"/>.
        /// </summary>
        public DecidedBy DecidedBy => Recognised.OrZero<DecidedBy>(secupos_payment_decided_by(handle));

        /// <summary>
        /// Whether it was begun earlier, by another call or before a restart, and this tells what became of it. Known
        /// at once.
        /// </summary>
        public bool Replayed => secupos_payment_replayed(handle) != 0;

        /// <summary>
        /// Whether the service has contradicted what was believed before (a person's decision, or its own earlier
        /// word). The outcome is the truth as far as it is known; what is to be done about it comes first in <see
        /// cref="NextActions"/>.
        /// </summary>
        public bool Conflict => secupos_payment_conflict(handle) != 0;

        /// <summary>What to do next, in this order. A till that does these, and nothing else, does right.</summary>
        /// <remarks>
        /// Money is asked for once: <see cref="NextAction.Refund"/>, <see cref="NextAction.Collect"/> and <see
        /// cref="NextAction.CollectRest"/> are stored as told before this tells them. Told again, after a crash too, they
        /// are <see cref="NextAction.AskCashier"/>, and <see cref="CashierText"/> says when they were asked for. A payment
        /// of a list (<see cref="Till.Unfinished"/>, <see cref="Till.FindPayments"/>) tells none of them: it says <see
        /// cref="NextAction.RecoverLater"/>.
        /// </remarks>
        public IReadOnlyList<NextAction> NextActions
        {
            get
            {
                var actions = new NextAction[(int)secupos_payment_next_action_count(handle)];
                for (var i = 0; i < actions.Length; i++)
                {
                    actions[i] = Recognised.OrZero<NextAction>(secupos_payment_next_action(handle, (UIntPtr)i));
                }
                return actions;
            }
        }

        /// <summary>The till's own number for the sale. Known at once.</summary>
        public string Reference => Lent.Text(handle, secupos_payment_reference);

        /// <summary>Which try this is, from 1. Known at once.</summary>
        public int Attempt => secupos_payment_attempt(handle);

        /// <summary>The server's id for it; null if it has none.</summary>
        public string TransactionId => Lent.Text(handle, secupos_payment_transaction_id);

        /// <summary>
        /// The server's own word for where it stands, such as "ok" or "failed"; null if there is none. For logs: only
        /// the outcome counts.
        /// </summary>
        public string StatusText => Lent.Text(handle, secupos_payment_status_text);

        /// <summary>What the till asked for, in minor units (cents). Known at once.</summary>
        public long Amount => secupos_payment_amount(handle);

        /// <summary>
        /// What was charged, in minor units (cents): 0 unless approved, and not always what was asked for (a tip, a
        /// part).
        /// </summary>
        public long AmountCharged => secupos_payment_amount_charged(handle);

        /// <summary>
        /// What is missing of what was asked for, in minor units (cents): 0 unless a part was charged. Collect it in
        /// another way, or as a sale under a new reference (<see cref="NextAction.CollectRest"/>).
        /// </summary>
        public long AmountDue => secupos_payment_amount_due(handle);

        /// <summary>The currency (ISO 4217). Known at once.</summary>
        public string Currency => Lent.Text(handle, secupos_payment_currency);

        /// <summary>
        /// The terminal's number for it as a number (3), which a reversal needs; null if there is none. As printed
        /// ("0003") it is the receipt's field "receipt_no".
        /// </summary>
        public long? ReceiptNumber => OrNull(secupos_payment_receipt_number(handle));

        /// <summary>When it was begun (UTC). Known at once.</summary>
        public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds(secupos_payment_created_at(handle));

        /// <summary>
        /// When it got its outcome (UTC); null while it is running. Of an unknown one: when that was said.
        /// </summary>
        public DateTimeOffset? CompletedAt
        {
            get
            {
                var at = OrNull(secupos_payment_completed_at(handle));
                return at.HasValue ? DateTimeOffset.FromUnixTimeMilliseconds(at.Value) : default(DateTimeOffset?);
            }
        }

        /// <summary>Whether the customer must sign the merchant's copy. Unknown means: look at the copy.</summary>
        public Signature Signature => Recognised.OrZero<Signature>(secupos_payment_signature(handle));

        /// <summary>Whether the server asks for the merchant's copy to be printed now.</summary>
        public bool MerchantReceiptDue => secupos_payment_merchant_receipt_due(handle) != 0;

        /// <summary>
        /// Whether <see cref="Till.PruneArchive"/> has removed its receipts: then they are empty, although there were
        /// some.
        /// </summary>
        public bool ReceiptsPruned => secupos_payment_receipts_pruned(handle) != 0;

        /// <summary>
        /// What went wrong, where something did: why it was not started or is unknown; otherwise null.
        /// </summary>
        public SecuposException Error => Lent.Read(handle, held => From(secupos_payment_error(held)));

        /// <summary>
        /// What the cashier reads: what happened, whether money moved, what to do now. There is a text while it is
        /// running, too. That of a <see cref="Replayed"/> one says that it is an earlier result, with its time.
        /// </summary>
        /// <param name="language">Anything but English reads as German.</param>
        public string CashierText(Language language) =>
            Lent.Text(handle, held => secupos_payment_cashier_text(held, (int)language));

        /// <summary>Waits until it has an outcome, however long that takes.</summary>
        /// <returns>The outcome.</returns>
        public Outcome Wait() => Wait(Timeout.InfiniteTimeSpan);

        /// <summary>
        /// Waits until it has an outcome, but no longer than this. Leaving the wait stops nothing; wait again whenever
        /// you like.
        /// </summary>
        /// <param name="limit">
        /// Zero only asks; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever. Counted in whole milliseconds,
        /// rounded up.
        /// </param>
        /// <returns>The outcome, or <see cref="Secupos.Outcome.Pending"/> if the time is over.</returns>
        /// <exception cref="SecuposException">InvalidArgument: the limit is negative.</exception>
        public Outcome Wait(TimeSpan limit) => Slices.Wait(handle, limit, Outcome.Pending, (held, milliseconds) =>
        {
            Check(secupos_payment_wait(held, milliseconds, out var outcome, out var error), error);
            return Recognised.OrZero<Outcome>(outcome);
        });

        /// <summary>
        /// Waits until it has an outcome, without blocking: no thread waits meanwhile. From a window's thread it goes on
        /// there.
        /// </summary>
        /// <returns>The outcome.</returns>
        public async Task<Outcome> WaitAsync()
        {
            while (Outcome == Outcome.Pending) await Task.Delay(Glance).ConfigureAwait(false);
            return Outcome;
        }

        /// <summary>
        /// Asks that it be not taken. Waits for nothing and may be called from any thread, also while another one
        /// waits. It is a request, and the payment wins: whatever this says, wait for the outcome; one that was
        /// approved is told as approved.
        /// </summary>
        public AbortResult Abort()
        {
            Check(secupos_payment_abort(handle, out var result, out var error), error);
            return Recognised.OrZero<AbortResult>(result);
        }

        /// <summary>
        /// One copy of the receipt. There is always one once the payment has an outcome; without lines if the server
        /// sent none. It outlives the payment.
        /// </summary>
        /// <param name="copy">Whose copy.</param>
        /// <exception cref="SecuposException">InvalidState: the payment is still running.</exception>
        public Receipt Receipt(Copy copy)
        {
            Check(secupos_payment_receipt(handle, (int)copy, out var receipt, out var error), error);
            return new Receipt(receipt);
        }

        /// <summary>
        /// One copy of the receipt as text for the printer, in one call; empty if the server sent none.
        /// </summary>
        /// <param name="copy">Whose copy.</param>
        /// <param name="columns">
        /// The width of the paper in characters, 16 to 96: 32 for 58 mm, 42 or 48 for 80 mm.
        /// </param>
        /// <exception cref="SecuposException">InvalidState: the payment is still running; InvalidArgument.</exception>
        public string ReceiptText(Copy copy, int columns = 42)
        {
            using (var options = new RenderOptions { Columns = columns }.ToHandle())
            {
                Check(secupos_payment_render_receipt(handle, (int)copy, options, out var bytes, out var error), error);
                using (bytes) return bytes.ToText();
            }
        }

        /// <summary>
        /// One copy of the receipt in one call, as text, printer bytes, HTML, PDF or JSON; that of a reversed payment is
        /// marked as such. Empty if the server sent none, but in JSON.
        /// </summary>
        /// <param name="copy">Whose copy.</param>
        /// <param name="options">For which paper, printer or program.</param>
        /// <exception cref="SecuposException">InvalidState: the payment is still running; InvalidArgument.</exception>
        public byte[] RenderReceipt(Copy copy, RenderOptions options)
        {
            using (var native = (options ?? new RenderOptions()).ToHandle())
            {
                Check(secupos_payment_render_receipt(handle, (int)copy, native, out var bytes, out var error), error);
                using (bytes) return bytes.ToArray();
            }
        }

        /// <summary>
        /// The payment as one JSON object, the same in every binding, at any time. It holds the receipts: keep it as
        /// you keep those, and do not log it. Only here: "asked_before_at", when money was asked for before (Unix
        /// milliseconds, or null).
        /// </summary>
        public string ToJson()
        {
            Check(secupos_payment_to_json(handle, out var bytes, out var error), error);
            using (bytes) return bytes.ToText();
        }

        /// <summary>Which payment it is and where it stands. Shows no receipt; may be logged.</summary>
        public override string ToString() =>
            handle.IsClosed ? "Payment (disposed)" : $"Payment {Reference}, attempt {Attempt}: {Outcome}";

        /// <summary>Frees the payment. Never waits and never stops it: one that is running goes on.</summary>
        public void Dispose() => handle.Dispose();

        /// <summary>Null becomes an empty handle, which the library refuses by name.</summary>
        internal static PaymentHandle HandleOf(Payment payment) => payment?.handle ?? new PaymentHandle();

        private static long? OrNull(long number) => number == 0 ? default(long?) : number;
    }
}
