// A till that becomes a device of the service.

using System;
using System.Threading;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// A registration; from <see cref="Till.Register"/>. May be used from any thread, concurrently. To dispose of it stops
    /// nothing, but to dispose of the till does. After <see cref="Dispose"/> every member throws <see
    /// cref="ObjectDisposedException"/>.
    /// </summary>
    public sealed class Registration : IDisposable
    {
        private readonly RegistrationHandle handle;

        internal Registration(RegistrationHandle handle)
        {
            this.handle = handle;
        }

        /// <summary>
        /// What the person enters who confirms the till; null until the service has said it, a moment later.
        /// </summary>
        public string UserCode => Lent.Text(handle, secupos_registration_user_code);

        /// <summary>Where that is entered; null until the service has said it.</summary>
        public string VerificationUrl => Lent.Text(handle, secupos_registration_verification_url);

        /// <summary>Until when (UTC), by this machine's clock; null until the service has said it.</summary>
        public DateTimeOffset? ExpiresAt
        {
            get
            {
                var at = secupos_registration_expires_at(handle);
                return at == 0 ? default(DateTimeOffset?) : DateTimeOffset.FromUnixTimeMilliseconds(at);
            }
        }

        /// <summary>Waits until it is confirmed, refused or too late.</summary>
        /// <exception cref="SecuposException">As for <see cref="Wait(TimeSpan)"/>.</exception>
        public RegistrationState Wait() => Wait(Timeout.InfiniteTimeSpan);

        /// <summary>
        /// Waits until it is confirmed, refused or too late, but no longer than this. Leaving the wait stops nothing.
        /// </summary>
        /// <param name="limit">Zero only asks; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
        /// <returns>How it has ended, or <see cref="RegistrationState.Pending"/> if the time is over.</returns>
        /// <exception cref="SecuposException">
        /// What keeps the service from registering it at all: InvalidCredentials (the vendor's client is not known),
        /// Refused, Failed, Protocol, or the network; InvalidState: the till was closed; InvalidArgument: the limit is
        /// negative.
        /// </exception>
        public RegistrationState Wait(TimeSpan limit) => Slices.Wait(
            handle, limit, RegistrationState.Pending, (held, milliseconds) =>
        {
            Check(secupos_registration_wait(held, milliseconds, out var state, out var error), error);
            return Recognised.OrZero<RegistrationState>(state);
        });

        /// <summary>Frees the registration. One that is going on goes on.</summary>
        public void Dispose() => handle.Dispose();
    }
}
