// A till: it takes payments, one at a time.

using System;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// A till: one terminal, one payment at a time. May be used from any thread, concurrently. Open one and keep it for
    /// as long as the program runs.
    /// </summary>
    public sealed class Till : IDisposable
    {
        private readonly TillHandle handle;

        /// <summary>Opens a till. Uses no network: wrong credentials show with the first payment.</summary>
        /// <param name="config">How it is set up.</param>
        /// <exception cref="SecuposException">A setting is missing or cannot be used; the message names it.</exception>
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
        /// whatever became of it: look at its <see cref="Payment.Outcome"/>.
        /// </summary>
        /// <param name="sale">What is to be paid. Only read.</param>
        /// <exception cref="SecuposException">
        /// As for <see cref="StartPayment"/>: nothing was sent and nothing charged.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till or the sale is disposed; nothing was sent.</exception>
        public Payment Pay(Sale sale)
        {
            Check(secupos_till_pay(handle, Sale.HandleOf(sale), out var payment, out var error), error);
            return new Payment(payment);
        }

        /// <summary>
        /// Begins a card payment and returns at once; <see cref="Payment.Wait()"/> tells what became of it.
        /// </summary>
        /// <param name="sale">What is to be paid. Only read.</param>
        /// <exception cref="SecuposException">
        /// Nothing was sent and nothing charged: the articles do not add up to the amount (InvalidArgument), the
        /// reference has been used (Conflict), the attempt is not the next one (AttemptOutOfOrder), or another payment
        /// of this till is running (Busy).
        /// </exception>
        /// <exception cref="ObjectDisposedException">The till or the sale is disposed; nothing was sent.</exception>
        public Payment StartPayment(Sale sale)
        {
            Check(secupos_till_start_payment(handle, Sale.HandleOf(sale), out var payment, out var error), error);
            return new Payment(payment);
        }

        /// <summary>
        /// Closes the till. Never waits and never stops a payment: one that is running goes on, and its <see
        /// cref="Payment"/> tells what became of it.
        /// </summary>
        public void Dispose() => handle.Dispose();
    }
}
