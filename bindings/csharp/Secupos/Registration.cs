// A till that becomes a device of the service.

using System;
using System.Threading;
using System.Threading.Tasks;
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
    public class Registration : IDisposable
    {
        private readonly RegistrationHandle/*?*/ native;
        private readonly Completion<RegistrationHandle, RegistrationState>/*?*/ completion;

        /// <summary>For a subclass in a test: what it does not override throws <see cref="NotSupportedException"/>.</summary>
        protected Registration()
        {
        }

        internal Registration(RegistrationHandle native)
        {
            this.native = native;
            completion = new Completion<RegistrationHandle, RegistrationState>(
                native, RegistrationState.Pending, StateOf, secupos_registration_notify);
        }

        /// <summary>
        /// What the person enters who confirms the till; null until the service has said it, a moment later.
        /// </summary>
        public virtual string/*?*/ UserCode => Lent.Text(Handle, secupos_registration_user_code);

        /// <summary>Where that is entered; null until the service has said it.</summary>
        public virtual string/*?*/ VerificationUrl => Lent.Text(Handle, secupos_registration_verification_url);

        /// <summary>Until when (UTC), by this machine's clock; null until the service has said it.</summary>
        public virtual DateTimeOffset? ExpiresAt
        {
            get
            {
                var at = secupos_registration_expires_at(Handle);
                return at == 0 ? default(DateTimeOffset?) : DateTimeOffset.FromUnixTimeMilliseconds(at);
            }
        }

        /// <summary>Waits until it is confirmed, refused or too late.</summary>
        /// <exception cref="SecuposException">As for <see cref="Wait(TimeSpan)"/>.</exception>
        public virtual RegistrationState Wait() => Wait(Timeout.InfiniteTimeSpan);

        /// <summary>
        /// Waits until it is confirmed, refused or too late, but no longer than this. Leaving the wait stops nothing.
        /// </summary>
        /// <param name="limit">Zero only asks; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
        /// <returns>How it has ended, or <see cref="RegistrationState.Pending"/> if the time is over.</returns>
        /// <exception cref="SecuposException">
        /// What keeps the service from registering it at all: InvalidCredentials (the vendor's client is not known),
        /// Refused, Failed, Protocol, or the network; InvalidState: the till was closed.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
        public virtual RegistrationState Wait(TimeSpan limit) => Completion.Wait(limit);

        /// <summary>Waits until it is confirmed, refused or too late, without blocking: no thread waits meanwhile.</summary>
        /// <param name="cancellation">Ends the wait, and stops nothing.</param>
        /// <exception cref="SecuposException">The task's, as for <see cref="Wait(TimeSpan)"/>.</exception>
        /// <exception cref="OperationCanceledException">The task's: the token has ended the wait.</exception>
        public virtual Task<RegistrationState> WaitAsync(CancellationToken cancellation = default(CancellationToken)) =>
            WaitAsync(Timeout.InfiniteTimeSpan, cancellation);

        /// <summary>
        /// Waits until it is confirmed, refused or too late, but no longer than this, without blocking: no thread waits
        /// meanwhile.
        /// </summary>
        /// <param name="limit">Zero only asks; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
        /// <param name="cancellation">Ends the wait, and stops nothing.</param>
        /// <returns>How it has ended, or <see cref="RegistrationState.Pending"/> if the time is over.</returns>
        /// <exception cref="SecuposException">The task's, as for <see cref="Wait(TimeSpan)"/>.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The task's: the limit is negative.</exception>
        /// <exception cref="OperationCanceledException">The task's: the token has ended the wait.</exception>
        public virtual Task<RegistrationState> WaitAsync(
            TimeSpan limit, CancellationToken cancellation = default(CancellationToken)) =>
            Completion.WaitAsync(limit, cancellation);

        /// <summary>Frees the registration. One that is going on goes on.</summary>
        public virtual void Dispose() => native?.Dispose();

        /// <summary>Where it is to be confirmed. Shows no code; may be logged.</summary>
        public override string ToString() =>
            Handle.IsClosed ? "Registration (disposed)" : $"Registration at {VerificationUrl ?? "an address to come"}";

        private RegistrationHandle Handle => native ?? throw Fake.NotOverridden(nameof(Registration));

        private Completion<RegistrationHandle, RegistrationState> Completion =>
            completion ?? throw Fake.NotOverridden(nameof(Registration));

        private static RegistrationState StateOf(RegistrationHandle registration)
        {
            Check(secupos_registration_wait(registration, 0, out var state, out var error), error);
            return Recognised.OrZero<RegistrationState>(state);
        }
    }
}
