// A till: it takes payments, one at a time, and forgets none.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// A till: one state file, one terminal, one payment at a time. May be used from any thread, concurrently. Open one
    /// when the program starts and keep it.
    /// </summary>
    /// <example>
    /// A program that starts begins with what the last one has left:
    /// <code>
    /// foreach (var left in till.Unfinished())
    /// using (left)
    /// using (var payment = till.Recover(left.Reference))
    /// {
    ///     if (payment.Wait() != Outcome.Approved) continue;
    ///     // book it, do what payment.NextActions says
    ///     till.Acknowledge(payment.Reference);
    /// }
    /// </code>
    /// What is still in doubt after that stays listed: ask again later, or ask a person (<see cref="Decide"/>). A
    /// conflict, or a reversal that the till has not heard of, is done with <see cref="Acknowledge"/>, too.
    /// </example>
    public sealed class Till : IDisposable
    {
        private static readonly DateTimeOffset Epoch = DateTimeOffset.FromUnixTimeMilliseconds(0);
        private readonly TillHandle handle;

        /// <summary>
        /// Opens a till. Uses no network: wrong credentials show with the first payment. What is in doubt is read in
        /// the background.
        /// </summary>
        /// <param name="config">How it is set up.</param>
        /// <exception cref="SecuposException">
        /// A setting is missing or cannot be used; the message names it. Of the state file: Missing (a till is set up
        /// with <see cref="Config.CreateStateFile"/>, once), Locked (another till has it open, here or in another
        /// program; one that was disposed keeps it until its payment has settled, and a moment longer), Mismatch (it
        /// belongs to another till), TooNew (a newer secupos has written it), JournalFailed (it cannot be read or
        /// written).
        /// </exception>
        /// <exception cref="ArgumentException">Environment and BaseUrl are both set.</exception>
        /// <exception cref="DllNotFoundException">
        /// The native library is missing or does not fit this assembly.
        /// </exception>
        public Till(Config config)
        {
            SecuposLibrary.Require();
            // Null becomes an empty handle, which the library refuses by name.
            using (var native = config == null ? new ConfigHandle() : ConfigHandle.New())
            {
                config?.CopyTo(native);
                Check(secupos_till_open(native, out handle, out var error), error);
            }
        }

        /// <summary>
        /// Takes a card payment and blocks until it has an outcome, which may take minutes. It returns a payment
        /// whatever became of it: look at its <see cref="Payment.Outcome"/>, do what <see cref="Payment.NextActions"/>
        /// says.
        /// </summary>
        /// <remarks>
        /// Idempotent in the sale's <see cref="Sale.Reference"/> and <see cref="Sale.Attempt"/>: to call it again with
        /// the same sale, after an error, a crash or a power cut, is always safe. It joins the payment if it is
        /// running, goes on with it if it is in doubt, and tells it again if it has an outcome (<see
        /// cref="Payment.Replayed"/>). It never makes another attempt by itself: after <see cref="Outcome.Declined"/>
        /// and <see cref="Outcome.NotStarted"/> the till asks for one with <see cref="Sale.Attempt"/> one higher.
        /// </remarks>
        /// <param name="sale">What is to be paid. Only read.</param>
        /// <exception cref="SecuposException">
        /// As for <see cref="StartPayment"/>: this call has sent nothing, and no money moves because of it.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till or the sale is disposed; nothing was sent.</exception>
        public Payment Pay(Sale sale)
        {
            var payment = StartPayment(sale);
            payment.Wait();
            return payment;
        }

        /// <summary>
        /// Takes a card payment as <see cref="Pay"/> does, without blocking; the task ends with the payment when that
        /// has an outcome.
        /// </summary>
        /// <remarks>
        /// The token asks for an abort (<see cref="Payment.Abort"/>), and the payment wins: the task still ends with
        /// the payment and its true outcome, which may be approved. It ends as cancelled only if the token had asked
        /// before the call: then nothing was begun.
        /// </remarks>
        /// <param name="sale">What is to be paid. Only read, and only until this returns.</param>
        /// <param name="cancellation">Asks for an abort of the payment.</param>
        /// <exception cref="SecuposException">
        /// The task's, as for <see cref="StartPayment"/>: this call has sent nothing.
        /// </exception>
        /// <exception cref="ObjectDisposedException">
        /// The task's: the till, the sale or the token's source is disposed; nothing was sent.
        /// </exception>
        /// <exception cref="OperationCanceledException">
        /// The task's: the token had asked already; nothing was sent.
        /// </exception>
        public async Task<Payment> PayAsync(
            Sale sale, CancellationToken cancellation = default(CancellationToken))
        {
            cancellation.ThrowIfCancellationRequested();
            // Listened to before anything is begun: what could fail here must not fail when a start may be on its way.
            var begun = new TaskCompletionSource<Payment>();
            using (cancellation.Register(() => begun.Task.ContinueWith(
                started => started.Result.Abort(), TaskContinuationOptions.ExecuteSynchronously)))
            {
                var payment = StartPayment(sale);
                begun.SetResult(payment);
                await payment.WaitAsync().ConfigureAwait(false);
                return payment;
            }
        }

        /// <summary>
        /// Begins a card payment and returns at once; <see cref="Payment.Wait()"/> tells what became of it. Otherwise
        /// like <see cref="Pay"/>.
        /// </summary>
        /// <param name="sale">What is to be paid. Only read.</param>
        /// <exception cref="SecuposException">
        /// This call has sent nothing, and no money moves because of it: the articles do not add up to the amount
        /// (InvalidArgument); the reference and attempt were used for another amount, or another attempt has taken
        /// money (Conflict); <see cref="Acknowledge"/> was called (Closed); the attempt is not the next one
        /// (AttemptOutOfOrder); the same amount is in doubt (PossibleDuplicate: see <see
        /// cref="Sale.ConfirmNotDuplicate"/>); another payment of this till is running (Busy); what cannot be
        /// remembered is not begun (JournalFailed); payments may have been forgotten (Damaged: <see
        /// cref="AcceptJournalLoss"/>).
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till or the sale is disposed; nothing was sent.</exception>
        public Payment StartPayment(Sale sale)
        {
            Check(secupos_till_start_payment(handle, Sale.HandleOf(sale), out var payment, out var error), error);
            return new Payment(payment);
        }

        /// <summary>
        /// Finds out what became of the payment with this reference, and starts nothing. Returns at once; <see
        /// cref="Payment.Wait()"/> tells the outcome, with the same receipts as ever. Of several attempts it tells the
        /// one that has taken money or may have, else the last. What is still in doubt after the resolve timeout is
        /// <see cref="Outcome.Unknown"/>: ask again later, or ask a person (<see cref="Decide"/>). Receipts that were not
        /// there yet are asked for again.
        /// </summary>
        /// <param name="reference">The till's own number for the sale.</param>
        /// <exception cref="SecuposException">
        /// NotFound: it was never begun, so a payment may be; Busy: another payment of this till is running.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public Payment Recover(string reference)
        {
            Check(secupos_till_recover(handle, Utf8.Encode(reference), out var payment, out var error), error);
            return new Payment(payment);
        }

        /// <summary>
        /// Begins to reverse an approved payment at the terminal and returns at once: after <see cref="Payment.Wait()"/>,
        /// <see cref="Payment.Reversal"/> tells what became of it. Only girocard and direct debit payments can be
        /// reversed, until the end of the terminal's day. To call it again is safe: it joins one that is running, and
        /// tells again of one that is done. After <see cref="Reversal.Unknown"/> the service is asked first; <see
        /// cref="Recover"/> only asks.
        /// </summary>
        /// <param name="reference">The till's own number for the sale.</param>
        /// <param name="confirmedBy">
        /// Who has compared the receipt number with the customer's slip, 1 to 200 bytes of UTF-8; needed for a payment
        /// that is older than 24 hours.
        /// </param>
        /// <exception cref="SecuposException">
        /// Nothing was sent. NotFound; InvalidState: it is not approved, the terminal has counted its receipts anew since,
        /// or its day was closed or may have been; ConfirmationRequired; Busy: something else runs at the terminal;
        /// InvalidArgument, InvalidUtf8, NullArgument, JournalFailed, Damaged.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public Payment Reverse(string reference, string confirmedBy = null)
        {
            var name = Utf8.Encode(reference);
            PaymentHandle payment;
            ErrorHandle error;
            Check(
                confirmedBy == null
                    ? secupos_till_reverse(handle, name, out payment, out error)
                    : secupos_till_reverse_confirmed(handle, name, Utf8.Encode(confirmedBy), out payment, out error),
                error);
            return new Payment(payment);
        }

        /// <summary>
        /// Begins the end of the terminal's day and returns at once; <see cref="Report.Wait()"/> tells what became of it.
        /// girocard and direct debit payments are cleared by it, and can no longer be reversed. While a payment or its
        /// reversal is in doubt it is not run, unless it is forced.
        /// </summary>
        /// <param name="force">Even then.</param>
        /// <exception cref="SecuposException">
        /// Nothing was sent. Busy: something else runs at the terminal; JournalFailed, Damaged.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public Report RunEndOfDay(bool force = false)
        {
            var flags = (int)(force ? EndOfDayFlags.Force : EndOfDayFlags.None);
            Check(secupos_till_run_end_of_day(handle, flags, out var report, out var error), error);
            return new Report(report);
        }

        /// <summary>
        /// Begins a diagnosis of the terminal, which calls its host and updates its settings, and returns at once. The
        /// till must offer this to the cashier.
        /// </summary>
        /// <exception cref="SecuposException">As for <see cref="RunEndOfDay"/>.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public Report RunDiagnosis()
        {
            Check(secupos_till_run_diagnosis(handle, out var report, out var error), error);
            return new Report(report);
        }

        /// <summary>
        /// How the till stands: {"end_of_day_due": {"payments", "since"}, "last_end_of_day"}. Times are Unix milliseconds
        /// or null. Uses no network.
        /// </summary>
        /// <exception cref="SecuposException">JournalFailed: the state file cannot be read; Damaged.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public string ToJson()
        {
            Check(secupos_till_to_json(handle, out var told, out var error), error);
            using (told) return told.ToText();
        }

        /// <summary>
        /// Registers the till as a device of the service, once, when it is set up. Returns at once: show <see
        /// cref="Registration.UserCode"/> to the person who confirms it, and wait. From then on the till is that device,
        /// also after a restart: its code is kept in the state file. Closing the till ends a registration that is going
        /// on.
        /// </summary>
        /// <param name="deviceUuid">
        /// The device's name as agreed on with the vendor, such as "/vendor/unknown/cashier/1".
        /// </param>
        /// <exception cref="SecuposException">
        /// InvalidArgument: it is no such name; InvalidState: the till is set up with a <see cref="Config.DeviceCode"/>;
        /// Busy: a payment or another registration is running.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public Registration Register(string deviceUuid)
        {
            Check(secupos_till_register(handle, Utf8.Encode(deviceUuid), out var made, out var error), error);
            return new Registration(made);
        }

        /// <summary>
        /// Whether the till is a device of the service, or how its registration stands. Uses no network.
        /// </summary>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public RegistrationState RegistrationState
        {
            get
            {
                Check(secupos_till_registration_state(handle, out var state, out var error), error);
                return Recognised.OrZero<RegistrationState>(state);
            }
        }

        /// <summary>
        /// What the till has to do something about: payments in doubt, those approved or reversed that it has not
        /// acknowledged, and conflicts. Oldest first. Uses no network: <see cref="Recover"/> asks.
        /// </summary>
        /// <returns>Payments to be disposed one by one, in any order.</returns>
        /// <exception cref="SecuposException">JournalFailed: the state file cannot be read.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public IReadOnlyList<Payment> Unfinished()
        {
            Check(secupos_till_unfinished(handle, out var payments, out var error), error);
            using (payments) return payments.ToPayments();
        }

        /// <summary>
        /// Says that the till has taken over the result: it is booked, its receipts are printed. Closes the reference:
        /// <see cref="Unfinished"/> leaves it out, and <see cref="Pay"/> refuses it. May be repeated. Uses no network.
        /// </summary>
        /// <param name="reference">The till's own number for the sale.</param>
        /// <exception cref="SecuposException">
        /// NotFound; InvalidState: it is running or in doubt and thus has no result.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public void Acknowledge(string reference) =>
            Check(secupos_till_acknowledge(handle, Utf8.Encode(reference), out var error), error);

        /// <summary>
        /// Stores what a person says became of a payment in doubt: it is approved or not started from now on, with <see
        /// cref="Basis.Operator"/>. The service is still asked, for 7 days; if it contradicts, <see
        /// cref="Payment.Conflict"/> is set, and <see cref="Unfinished"/> lists the payment. After <see
        /// cref="Decision.NotPaid"/> another payment over the same amount, the next attempt included, needs <see
        /// cref="Sale.ConfirmNotDuplicate"/> for 15 minutes. Uses no network.
        /// </summary>
        /// <param name="reference">The till's own number for the sale.</param>
        /// <param name="decision">Whether the customer has paid.</param>
        /// <param name="operatorName">Who has looked at the terminal, 1 to 200 bytes of UTF-8.</param>
        /// <param name="reason">What was found there, 1 to 200 bytes of UTF-8.</param>
        /// <param name="slipNumber">The receipt number on the slip; null if there is none.</param>
        /// <exception cref="SecuposException">
        /// InvalidState: it is running or not in doubt; NotFound; InvalidArgument, InvalidUtf8, NullArgument.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">The slip number is not positive.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public Payment Decide(
            string reference, Decision decision, string operatorName, string reason, long? slipNumber = null)
        {
            var number = ZeroForNone(slipNumber, nameof(slipNumber));
            Check(secupos_till_decide(
                handle, Utf8.Encode(reference), (int)decision, Utf8.Encode(operatorName), Utf8.Encode(reason), number,
                out var payment, out var error), error);
            return new Payment(payment);
        }

        /// <summary>The payments begun in a span of time, oldest first. Uses no network.</summary>
        /// <param name="from">Their <see cref="Payment.CreatedAt"/> is not earlier than this,</param>
        /// <param name="before">but earlier than this.</param>
        /// <param name="receiptNumber">Only those with this receipt number; null: all.</param>
        /// <returns>Payments to be disposed one by one, in any order.</returns>
        /// <exception cref="SecuposException">JournalFailed: the state file cannot be read.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The receipt number is not positive.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public IReadOnlyList<Payment> FindPayments(
            DateTimeOffset from, DateTimeOffset before, long? receiptNumber = null)
        {
            var number = ZeroForNone(receiptNumber, nameof(receiptNumber));
            Check(secupos_till_find_payments(
                handle, Milliseconds(from), Milliseconds(before), number, out var payments, out var error), error);
            using (payments) return payments.ToPayments();
        }

        /// <summary>
        /// Says that a person has seen that the state file was damaged, lost or replaced by an older one, and that
        /// payments in it may be forgotten. Until then <see cref="Pay"/> throws Damaged. Compare the terminal's list of
        /// payments with the till's first. Does nothing where nothing was lost.
        /// </summary>
        /// <param name="operatorName">Who says so, 1 to 200 bytes of UTF-8.</param>
        /// <exception cref="SecuposException">InvalidArgument, InvalidUtf8, NullArgument; JournalFailed.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public void AcceptJournalLoss(string operatorName) =>
            Check(secupos_till_accept_journal_loss(handle, Utf8.Encode(operatorName), out var error), error);

        /// <summary>
        /// Goes through the whole state file, and names all that is not as it was written. Takes about a second for 100
        /// MB. Uses no network.
        /// </summary>
        /// <returns>
        /// A JSON array, "[]" if the file is whole, of {"event", "reference", "attempt", "fault"}; the first three are
        /// null where the damage is of the whole file.
        /// </returns>
        /// <exception cref="SecuposException">Busy: a payment is running; JournalFailed.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public string VerifyArchive()
        {
            Check(secupos_till_verify_archive(handle, out var told, out var error), error);
            using (told) return told.ToText();
        }

        /// <summary>
        /// Exports all payments that were begun on a day, by German legal time, into a folder: as JSON lines with the
        /// service's answers as received, and as text with the receipts as printed. None is ever written over; the same
        /// day exported again changes nothing. The files hold account numbers. Uses no network.
        /// </summary>
        /// <param name="day">The day; its time does not count.</param>
        /// <param name="folder">A folder that exists; one till, one folder.</param>
        /// <returns>
        /// A JSON object: {"payments_file", "receipts_file", "payments", "damaged", "was_there"}.
        /// </returns>
        /// <exception cref="SecuposException">InvalidArgument: the folder cannot be written to; NullArgument; Damaged,
        /// JournalFailed.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public string ExportDay(DateTime day, string folder)
        {
            var date = Utf8.Encode(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            Check(secupos_till_export_day(handle, date, Utf8.Encode(folder), out var told, out var error), error);
            using (told) return told.ToText();
        }

        /// <summary>
        /// Removes the service's answers, and with them the receipts, of payments that were begun more than so many days
        /// ago. This cannot be taken back: export before. All else that is known of a payment stays. Uses no network.
        /// </summary>
        /// <param name="operatorName">Who wants it, 1 to 200 bytes of UTF-8; it is kept.</param>
        /// <param name="retentionDays">From 1 on; null: 4018, the longest that German law asks for.</param>
        /// <returns>A JSON object: {"before", "responses", "bytes", "kept", "shrunk"}.</returns>
        /// <exception cref="SecuposException">
        /// Busy: a payment is running; Damaged: the file is not whole; InvalidArgument, NullArgument, JournalFailed.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">The number of days is not positive.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public string PruneArchive(string operatorName, int? retentionDays = null)
        {
            var days = (int)ZeroForNone(retentionDays, nameof(retentionDays));
            Check(secupos_till_prune_archive(
                handle, days, Utf8.Encode(operatorName), out var told, out var error), error);
            using (told) return told.ToText();
        }

        /// <summary>
        /// Closes the till. Never waits and never stops a payment: one that is running goes on, and its <see
        /// cref="Payment"/> tells what became of it.
        /// </summary>
        public void Dispose() => handle.Dispose();

        private static long ZeroForNone(long? number, string argument)
        {
            if (number < 1) throw new ArgumentOutOfRangeException(argument, number, "It must be positive.");
            return number ?? 0;
        }

        /// <summary>The first whole millisecond that is not earlier.</summary>
        private static long Milliseconds(DateTimeOffset time) =>
            (long)Math.Ceiling((decimal)(time - Epoch).Ticks / TimeSpan.TicksPerMillisecond);
    }
}
