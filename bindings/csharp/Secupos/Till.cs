// A till: it takes payments, one at a time, and forgets none.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// A till: one state file, one terminal, one payment at a time. May be used from any thread, concurrently. Open one
    /// when the program starts and keep it. What can be overridden is there for a test's own till.
    /// </summary>
    /// <example>
    /// A program that starts begins with what the last one has left:
    /// <code>
    /// foreach (var payment in till.RecoverAll(TimeSpan.FromSeconds(60)))
    /// using (payment)
    /// {
    ///     // do what payment.NextActions says, book it
    ///     if (payment.Reversal == Reversal.Unknown) continue; // its reversal is in doubt
    ///     if (payment.Outcome == Outcome.Approved || payment.Outcome == Outcome.Reversed || payment.Conflict)
    ///         till.Acknowledge(payment);
    /// }
    /// </code>
    /// What is in doubt after that stays listed: ask again later, or ask a person (<see cref="Decide"/>, <see
    /// cref="DecideReversal"/>).
    /// </example>
    public class Till : IDisposable
    {
        private static readonly DateTimeOffset Epoch = DateTimeOffset.FromUnixTimeMilliseconds(0);
        private readonly TillHandle/*?*/ native;

        /// <summary>For a subclass in a test: what it does not override throws <see cref="NotSupportedException"/>.</summary>
        protected Till()
        {
        }

        private Till(TillHandle native)
        {
            this.native = native;
        }

        /// <summary>
        /// Opens a till. Waits for no network: wrong credentials show with the first payment. What is in doubt is read in
        /// the background.
        /// </summary>
        /// <param name="config">How it is set up.</param>
        /// <exception cref="SecuposException">
        /// Of the state file: Missing (a till is set up
        /// with <see cref="Config.CreateStateFile"/>, once), Locked (another till has it open, here or in another
        /// program; one that was disposed keeps it until its payment has settled, and a moment longer), Mismatch (it
        /// belongs to another till: <see cref="Rebind"/>), TooNew (a newer secupos has written it), JournalFailed (it
        /// cannot be read or written).
        /// </exception>
        /// <exception cref="ArgumentException">
        /// A setting is missing or cannot be used; <see cref="ArgumentException.ParamName"/> names it.
        /// </exception>
        /// <exception cref="DllNotFoundException">
        /// The native library is missing or does not fit this assembly.
        /// </exception>
        public static Till Open(Config config)
        {
            SecuposLibrary.Require();
            using (var settings = Config.HandleOf(config))
            {
                Check(secupos_till_open(settings, out var till, out var error), error, nameof(config));
                return new Till(till);
            }
        }

        /// <summary>
        /// Binds the state file to the host, device and client of this config, because a person says that it is the same
        /// till: after the vendor has renamed a host, or the device code or the client has changed. What was begun before
        /// cannot be reversed by its number any more. The till must not be open. Uses no network.
        /// </summary>
        /// <param name="config">How the till is set up from now on.</param>
        /// <param name="operatorName">Who says so, 1 to 200 bytes of UTF-8; it is kept.</param>
        /// <param name="reason">Why, 1 to 200 bytes of UTF-8; it is kept.</param>
        /// <exception cref="SecuposException">
        /// InvalidState: a payment is in doubt and undecided, or may still reach the terminal; Missing; Locked: the till is
        /// open; Mismatch: between the environments; Damaged; TooNew,
        /// JournalFailed.
        /// </exception>
        public static void Rebind(Config config, string operatorName, string reason)
        {
            SecuposLibrary.Require();
            using (var settings = Config.HandleOf(config))
            {
                Check(secupos_till_rebind(
                    settings, Utf8.Encode(operatorName), Utf8.Encode(reason), out var error), error);
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
        /// cref="Payment.Replayed"/>). It never makes another attempt by itself: after <see cref="Outcome.Failed"/>
        /// and <see cref="Outcome.NotStarted"/> the till asks for one with <see cref="Sale.Attempt"/> one higher.
        /// </remarks>
        /// <param name="sale">What is to be paid. Only read.</param>
        /// <exception cref="SecuposException">
        /// As for <see cref="StartPayment"/>: this call has sent nothing, and no money moves because of it.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till is disposed; nothing was sent.</exception>
        public virtual Payment Pay(Sale sale)
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
        /// The task's: the till or the token's source is disposed; nothing was sent.
        /// </exception>
        /// <exception cref="OperationCanceledException">
        /// The task's: the token had asked already; nothing was sent.
        /// </exception>
        public virtual async Task<Payment> PayAsync(
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
        /// This call has sent nothing, and no money moves because of it: the reference and attempt were used for another amount, or another attempt has taken
        /// money (Conflict); <see cref="Acknowledge(Payment)"/> was called (Closed); the attempt is not the next one
        /// (AttemptOutOfOrder); the same amount is in doubt (PossibleDuplicate: see <see
        /// cref="Sale.ConfirmNotDuplicate"/>); something else is running at the terminal, or <see cref="RecoverAll"/> (Busy);
        /// what cannot be remembered is not begun (JournalFailed); payments may have been forgotten (Damaged: <see
        /// cref="AcceptJournalLoss"/>).
        /// </exception>
        /// <exception cref="ArgumentException">
        /// Nothing was sent: something of the sale cannot be used, or the articles do not add up to the amount; <see
        /// cref="ArgumentException.ParamName"/> names the property.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till is disposed; nothing was sent.</exception>
        public virtual Payment StartPayment(Sale sale)
        {
            if (sale == null) throw new ArgumentNullException(nameof(sale));
            using (var wanted = sale.ToHandle())
            {
                Check(secupos_till_start_payment(Handle, wanted, out var payment, out var error), error, nameof(sale));
                return new Payment(payment);
            }
        }

        /// <summary>
        /// Finds out what became of an attempt to take the payment with this reference, and starts nothing. Returns at
        /// once; <see cref="Payment.Wait()"/> tells the outcome, with the same receipts as ever. What is still in doubt
        /// after the resolve timeout is <see cref="Outcome.Unknown"/>: ask again later, or ask a person (<see
        /// cref="Decide"/>). Receipts that were not there yet are asked for again. Money is asked for once: see <see
        /// cref="Payment.NextActions"/>.
        /// </summary>
        /// <param name="reference">The till's own number for the sale.</param>
        /// <param name="attempt">
        /// Which one; null where only one attempt needs something: then that one, or else the one that took money, or the
        /// last.
        /// </param>
        /// <exception cref="SecuposException">
        /// NotFound: it was never begun, so a payment may be; Busy: something else is running, and this would have to be
        /// asked about; InvalidState: no attempt is named, and two need something.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">The attempt is not positive.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual Payment Recover(string reference, int? attempt = null)
        {
            var number = ZeroForAny(attempt);
            Check(secupos_till_recover(Handle, Utf8.Encode(reference), number, out var payment, out var error), error);
            return new Payment(payment);
        }

        /// <summary>
        /// Finds out what became of everything that is unfinished, in turns, and blocks until that is done or the time is
        /// over. Starts nothing. Do what <see cref="Payment.NextActions"/> says of each, then <see
        /// cref="Acknowledge(Payment)"/> it. Each program calls this when it starts, in place of a loop of its own, and when
        /// an action says <see cref="NextAction.CheckUnfinished"/>. Meanwhile <see cref="Pay"/> throws Busy. Money is asked
        /// for once: see <see cref="Payment.NextActions"/>.
        /// </summary>
        /// <remarks>
        /// In a window, <c>await Task.Run(() => till.RecoverAll(…))</c>. mono ends a program only when this has returned.
        /// </remarks>
        /// <param name="timeout">Zero (no network, only what is known) to 1 h.</param>
        /// <returns>
        /// One payment for each attempt, the oldest first; what is still in doubt is <see cref="Outcome.Unknown"/>. To be
        /// disposed one by one, in any order.
        /// </returns>
        /// <exception cref="SecuposException">
        /// Busy: something else runs at the terminal; JournalFailed: the state file cannot be read; Damaged.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual IReadOnlyList<Payment> RecoverAll(TimeSpan timeout)
        {
            var milliseconds = (long)Math.Ceiling(timeout.TotalMilliseconds);
            Check(secupos_till_recover_all(Handle, milliseconds, out var payments, out var error), error);
            using (payments) return payments.ToPayments();
        }

        /// <summary>
        /// Begins to reverse an approved payment at the terminal and returns at once: after <see cref="Payment.Wait()"/>,
        /// <see cref="Payment.Reversal"/> tells what became of it. Only girocard and direct debit payments can be
        /// reversed, until the end of the terminal's day.
        /// </summary>
        /// <remarks>
        /// <see cref="Reversal.Refused"/> is only what the service itself refuses at once, the first time, and what it still
        /// calls paid 12 seconds later: so long this takes. Anything else that is not done is <see
        /// cref="Reversal.Unknown"/> until the service says cancelled, or a person decides (<see
        /// cref="DecideReversal"/>). To call it again is safe: it joins one that is running, and tells again of one that is
        /// done. Of one in doubt a second request is sent only when the first one cannot reach the terminal any more
        /// and the service says that the payment stands; <see cref="Recover"/> only asks.
        /// </remarks>
        /// <param name="reference">The till's own number for the sale.</param>
        /// <param name="attempt">Which one; null where only one attempt needs something.</param>
        /// <param name="operatorName">
        /// Who has compared the receipt number with the customer's slip, and knows that the money has not been given back
        /// in another way, 1 to 200 bytes of UTF-8; needed for a payment that is older than 24 hours, or of which <see
        /// cref="NextAction.Refund"/> was told.
        /// </param>
        /// <exception cref="SecuposException">
        /// Nothing was sent. NotFound; InvalidState: it is not approved, the terminal has counted its receipts anew since
        /// or is another one, its day was closed or may have been, the till was bound anew (<see cref="Rebind"/>), or no
        /// attempt is named and two need something; ConfirmationRequired; Busy: something else runs at the terminal;
        /// JournalFailed, Damaged.
        /// </exception>
        /// <exception cref="ArgumentException">What cannot be used; <see cref="ArgumentException.ParamName"/> names it.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The attempt is not positive.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual Payment Reverse(string reference, int? attempt = null, string/*?*/ operatorName = null)
        {
            var (name, number) = (Utf8.Encode(reference), ZeroForAny(attempt));
            PaymentHandle payment;
            ErrorHandle error;
            Check(
                operatorName == null
                    ? secupos_till_reverse(Handle, name, number, out payment, out error)
                    : secupos_till_reverse_confirmed(
                        Handle, name, number, Utf8.Encode(operatorName), out payment, out error),
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
        public virtual Report RunEndOfDay(bool force = false)
        {
            Check(secupos_till_run_end_of_day(Handle, Flags(force), out var report, out var error), error);
            return new Report(report);
        }

        /// <summary>
        /// Begins a diagnosis of the terminal, which calls its host and updates its settings, and returns at once. The
        /// till must offer this to the cashier. While a payment or its reversal may still reach the terminal it is not run,
        /// unless it is forced.
        /// </summary>
        /// <param name="force">Even then.</param>
        /// <exception cref="SecuposException">As for <see cref="RunEndOfDay"/>.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual Report RunDiagnosis(bool force = false)
        {
            Check(secupos_till_run_diagnosis(Handle, Flags(force), out var report, out var error), error);
            return new Report(report);
        }

        /// <summary>
        /// How the till stands: what waits for the end of the terminal's day, whether somebody else logs in as this device,
        /// and whether a state file of an older day would be noticed. Uses no network.
        /// </summary>
        /// <exception cref="SecuposException">JournalFailed: the state file cannot be read; Damaged.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual TillStatus GetStatus()
        {
            Check(secupos_till_to_json(Handle, out var told, out var error), error);
            using (told) return new TillStatus(Json.Object(told.ToText()));
        }

        /// <summary>
        /// Registers the till as a device of the service, once, when it is set up. Returns at once: show <see
        /// cref="Registration.UserCode"/> to the person who confirms it, and wait. From then on the till is that device,
        /// also after a restart: its code is kept in the state file. Closing the till ends a registration that is going
        /// on.
        /// </summary>
        /// <param name="deviceName">
        /// The device's name as agreed on with the vendor, such as "/vendor/unknown/cashier/1".
        /// </param>
        /// <exception cref="SecuposException">
        /// InvalidState: the till is set up with a <see cref="Config.DeviceCode"/>;
        /// Busy: a payment or another registration is running.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual Registration Register(string deviceName)
        {
            Check(secupos_till_register(Handle, Utf8.Encode(deviceName), out var made, out var error), error);
            return new Registration(made);
        }

        /// <summary>
        /// Whether the till is a device of the service, or how its registration stands. Uses no network.
        /// </summary>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual RegistrationState RegistrationState
        {
            get
            {
                Check(secupos_till_registration_state(Handle, out var state, out var error), error);
                return Recognised.OrZero<RegistrationState>(state);
            }
        }

        /// <summary>
        /// What the till has to do something about: payments in doubt, those approved or reversed that it has not
        /// acknowledged, and conflicts. Oldest first. Uses no network and never waits. It shows, and tells nothing: what
        /// asks for money is <see cref="NextAction.RecoverLater"/> here. <see cref="RecoverAll"/> tells it.
        /// </summary>
        /// <returns>Payments to be disposed one by one, in any order.</returns>
        /// <exception cref="SecuposException">JournalFailed: the state file cannot be read.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual IReadOnlyList<Payment> Unfinished()
        {
            Check(secupos_till_unfinished(Handle, out var payments, out var error), error);
            using (payments) return payments.ToPayments();
        }

        /// <summary>
        /// Says that the till has taken over what this payment told, and no more: it is booked, its receipts are printed.
        /// <see cref="Unfinished"/> leaves it out, and its reference is closed: <see cref="Pay"/> refuses it. A conflict, or
        /// a copy of the receipt, that came later stays listed. A payment of a list (<see cref="Unfinished"/>, <see
        /// cref="FindPayments"/>) has told of no conflict: recover it first. Needed for what was approved or reversed, and
        /// for a conflict. May be repeated. Uses no network.
        /// </summary>
        /// <param name="payment">The payment. Only read.</param>
        /// <exception cref="SecuposException">
        /// NotFound; InvalidState: it is running, or it or its reversal is in doubt and thus has no result.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till or the payment is disposed.</exception>
        public virtual void Acknowledge(Payment payment)
        {
            if (payment == null) throw new ArgumentNullException(nameof(payment));
            // Told here, because mono never lets go of a call's first handle (the payment's) if its second one is closed.
            if (Handle.IsClosed) throw new ObjectDisposedException(nameof(Till));
            Check(secupos_payment_acknowledge(payment.Handle, Handle, out var error), error);
        }

        /// <summary>
        /// The same by reference: takes over what this program was told last of an attempt, best by <see
        /// cref="Acknowledge(Payment)"/>.
        /// </summary>
        /// <param name="reference">The till's own number for the sale.</param>
        /// <param name="attempt">Which one; null where only one attempt needs something.</param>
        /// <exception cref="SecuposException">
        /// NotFound; InvalidState: it is running, or it or its reversal is in doubt and thus has no result, or no attempt is
        /// named and two need something.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">The attempt is not positive.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual void Acknowledge(string reference, int? attempt = null) =>
            Check(secupos_till_acknowledge(
                Handle, Utf8.Encode(reference), ZeroForAny(attempt), out var error), error);

        /// <summary>
        /// Stores what a person says became of a payment in doubt: it is approved or not started from now on, with <see
        /// cref="DecidedBy.Operator"/>. Nothing is overwritten, and no money moves by it. The service is still asked, for 7
        /// days; if it contradicts, <see cref="Payment.Conflict"/> is set, and <see cref="Unfinished"/> lists the payment.
        /// After <see cref="Decision.NotPaid"/> a payment over the same amount under another reference needs <see
        /// cref="Sale.ConfirmNotDuplicate"/> for 15 minutes. What has been at the terminal for a minute may be decided while
        /// it is running. Uses no network.
        /// </summary>
        /// <param name="reference">The till's own number for the sale.</param>
        /// <param name="decision">Whether the customer has paid.</param>
        /// <param name="operatorName">Who has looked at the terminal, 1 to 200 bytes of UTF-8.</param>
        /// <param name="reason">What was found there, 1 to 200 bytes of UTF-8.</param>
        /// <param name="slipNumber">The receipt number on the slip; null if there is none.</param>
        /// <param name="attempt">Which one; null where only one attempt needs something.</param>
        /// <exception cref="SecuposException">
        /// InvalidState: it is running or not in doubt (any more: recover it), or no attempt is named and two need
        /// something; NotFound.
        /// </exception>
        /// <exception cref="ArgumentException">What cannot be used; <see cref="ArgumentException.ParamName"/> names it.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The slip number or the attempt is not positive.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual Payment Decide(
            string reference, Decision decision, string operatorName, string reason, long? slipNumber = null,
            int? attempt = null)
        {
            var number = ZeroForNone(slipNumber, nameof(slipNumber));
            Check(secupos_till_decide(
                Handle, Utf8.Encode(reference), ZeroForAny(attempt), (int)decision, Utf8.Encode(operatorName),
                Utf8.Encode(reason), number, out var payment, out var error), error);
            return new Payment(payment);
        }

        /// <summary>
        /// Stores what a person says became of a reversal in doubt: the payment is reversed, or approved with <see
        /// cref="Reversal.Refused"/>, from now on, with <see cref="DecidedBy.Operator"/>. The service is still asked, for 7 days.
        /// That it goes on saying "paid" contradicts nobody's "reversed"; should it say cancelled after a "not reversed",
        /// <see cref="Payment.Conflict"/> is set, and <see cref="Unfinished"/> lists the payment. Uses no network.
        /// </summary>
        /// <param name="reference">The till's own number for the sale.</param>
        /// <param name="decision">Whether the money has gone back.</param>
        /// <param name="operatorName">Who has looked at the terminal, 1 to 200 bytes of UTF-8.</param>
        /// <param name="reason">What was found there, 1 to 200 bytes of UTF-8.</param>
        /// <param name="attempt">Which one; null where only one attempt needs something.</param>
        /// <exception cref="SecuposException">
        /// InvalidState: no reversal of it is in doubt, or it is running, or no attempt is named and two need something;
        /// NotFound.
        /// </exception>
        /// <exception cref="ArgumentException">What cannot be used; <see cref="ArgumentException.ParamName"/> names it.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The attempt is not positive.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual Payment DecideReversal(
            string reference, ReversalDecision decision, string operatorName, string reason, int? attempt = null)
        {
            Check(secupos_till_decide_reversal(
                Handle, Utf8.Encode(reference), ZeroForAny(attempt), (int)decision, Utf8.Encode(operatorName),
                Utf8.Encode(reason), out var payment, out var error), error);
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
        public virtual IReadOnlyList<Payment> FindPayments(
            DateTimeOffset from, DateTimeOffset before, long? receiptNumber = null)
        {
            var number = ZeroForNone(receiptNumber, nameof(receiptNumber));
            Check(secupos_till_find_payments(
                Handle, Milliseconds(from), Milliseconds(before), number, out var payments, out var error), error);
            using (payments) return payments.ToPayments();
        }

        /// <summary>
        /// Says that a person has seen that the state file was damaged, lost or replaced by an older one, and that
        /// payments in it may be forgotten. Until then <see cref="Pay"/> throws Damaged. Compare the terminal's list of
        /// payments with the till's first. Does nothing where nothing was lost.
        /// </summary>
        /// <param name="operatorName">Who says so, 1 to 200 bytes of UTF-8.</param>
        /// <exception cref="SecuposException">JournalFailed.</exception>
        /// <exception cref="ArgumentException">What cannot be used; <see cref="ArgumentException.ParamName"/> names it.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual void AcceptJournalLoss(string operatorName) =>
            Check(secupos_till_accept_journal_loss(Handle, Utf8.Encode(operatorName), out var error), error);

        /// <summary>
        /// Goes through the whole state file, and names all that is not as it was written. Takes about a second for 100
        /// MB. Uses no network.
        /// </summary>
        /// <returns>All damage; none if the file is whole.</returns>
        /// <exception cref="SecuposException">Busy: a payment is running; JournalFailed.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual IReadOnlyList<ArchiveDamage> VerifyArchive()
        {
            Check(secupos_till_verify_archive(Handle, out var told, out var error), error);
            using (told)
            {
                var damages = Json.Array(told.ToText()).Cast<IReadOnlyDictionary<string, object/*?*/>>();
                return damages.Select(damage => new ArchiveDamage(damage)).ToList();
            }
        }

        /// <summary>
        /// Exports all payments that were begun on a day, by German legal time, into a folder: as JSON lines with the
        /// service's answers as received, and as text with the receipts as printed. None is ever written over; the same
        /// day exported again changes nothing. The files hold account numbers. Uses no network.
        /// </summary>
        /// <param name="day">The day; its time does not count.</param>
        /// <param name="folder">A folder that exists; one till, one folder.</param>
        /// <returns>Where it is, and how much.</returns>
        /// <exception cref="SecuposException">Damaged, JournalFailed.</exception>
        /// <exception cref="ArgumentException">The folder cannot be written to.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual DayExport ExportDay(DateTime day, string folder)
        {
            var date = Utf8.Encode(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            Check(secupos_till_export_day(Handle, date, Utf8.Encode(folder), out var told, out var error), error);
            using (told) return new DayExport(Json.Object(told.ToText()));
        }

        /// <summary>
        /// Removes the service's answers, and with them the receipts, of payments that were begun more than so many days
        /// ago. This cannot be taken back: export before. All else that is known of a payment stays. Uses no network.
        /// </summary>
        /// <param name="operatorName">Who wants it, 1 to 200 bytes of UTF-8; it is kept.</param>
        /// <param name="retentionDays">From 1 on; null: 4018, the longest that German law asks for.</param>
        /// <returns>How much was removed.</returns>
        /// <exception cref="SecuposException">
        /// Busy: a payment is running; Damaged: the file is not whole; JournalFailed.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">The number of days is not positive.</exception>
        /// <exception cref="ObjectDisposedException">The till is disposed.</exception>
        public virtual ArchivePruning PruneArchive(string operatorName, int? retentionDays = null)
        {
            var days = (int)ZeroForNone(retentionDays, nameof(retentionDays));
            Check(secupos_till_prune_archive(
                Handle, days, Utf8.Encode(operatorName), out var told, out var error), error);
            using (told) return new ArchivePruning(Json.Object(told.ToText()));
        }

        /// <summary>
        /// Closes the till. Never waits and never stops a payment: one that is running goes on, and its <see
        /// cref="Payment"/> tells what became of it.
        /// </summary>
        public virtual void Dispose() => native?.Dispose();

        /// <summary>How its registration stands; may be logged.</summary>
        public override string ToString() => Handle.IsClosed ? "Till (disposed)" : $"Till, {RegistrationState}";

        private TillHandle Handle => native ?? throw Fake.NotOverridden(nameof(Till));

        private static int Flags(bool force) => (int)(force ? ReportFlags.Force : ReportFlags.None);

        private static int ZeroForAny(int? attempt) => (int)ZeroForNone(attempt, nameof(attempt));

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
