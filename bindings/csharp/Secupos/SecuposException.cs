// Why something did not work: thrown by a call that failed, or found on a payment as what went wrong with it.

using System;
using Secupos.Native;
using static Secupos.Native.NativeMethods;

namespace Secupos
{
    /// <summary>
    /// Why something did not work. Thrown, it means that the call sent no start: no money moves because of it, and to
    /// call again with the same sale is safe. What cannot be used as an argument is an <see cref="ArgumentException"/>
    /// instead, for which the same holds. Holds no secret and no receipt: it may be logged and shown. Never
    /// changes; may be read from any thread.
    /// </summary>
    public sealed class SecuposException : Exception
    {
        private readonly string german;
        private readonly string english;

        private SecuposException(Status status, ErrorHandle error) : base(MessageOf(status, error))
        {
            Status = status;
            german = Lent.Text(error, held => secupos_error_cashier_text(held, (int)CashierLanguage.German))/*!*/;
            english = Lent.Text(error, held => secupos_error_cashier_text(held, (int)CashierLanguage.English))/*!*/;
            HttpStatus = Lent.Read(error, secupos_error_http_status);
            ServerCode = Lent.Text(error, secupos_error_server_code);
            ServerText = Lent.Text(error, secupos_error_server_text);
            SupportId = Lent.Text(error, secupos_error_support_id);
            RetryAfter = TimeSpan.FromMilliseconds(Lent.Read(error, secupos_error_retry_after_ms));
        }

        /// <summary>What went wrong. A number that this assembly does not know is kept as it is.</summary>
        public Status Status { get; }

        /// <summary>The status's name as in the C header, for logs: "BUSY"; "?" for a number that is none.</summary>
        public string StatusName => NameOf(Status);

        /// <summary>The HTTP status of the server's answer; 0 if there was none.</summary>
        public int HttpStatus { get; }

        /// <summary>
        /// The server's code: a number such as "2003", or an OAuth word such as "invalid_client"; or null.
        /// </summary>
        public string/*?*/ ServerCode { get; }

        /// <summary>The server's text for the user, usually German; or null.</summary>
        public string/*?*/ ServerText { get; }

        /// <summary>What the help desk asks for; or null.</summary>
        public string/*?*/ SupportId { get; }

        /// <summary>How long the server asks to wait; zero if it does not.</summary>
        public TimeSpan RetryAfter { get; }

        /// <summary>
        /// What happened and what to do now, for the person at the till, with the server's own words where it sent
        /// some.
        /// </summary>
        /// <param name="language">Anything but English reads as German.</param>
        public string CashierText(CashierLanguage language) => language == CashierLanguage.English ? english : german;

        /// <summary>
        /// Throws what a call came to, unless it worked; frees the error. `owner` and `property`: see <see
        /// cref="ArgumentFault"/>.
        /// </summary>
        internal static void Check(int status, ErrorHandle error, string/*?*/ owner = null, string/*?*/ property = null)
        {
            using (error)
            {
                if (status == 0) return;
                var fault = new SecuposException((Status)status, error);
                throw ArgumentFault.Of(fault, owner, property) ?? fault;
            }
        }

        /// <summary>The error that a payment lends; null if it lends none.</summary>
        internal static SecuposException/*?*/ From(LentErrorHandle error) =>
            error.IsInvalid ? null : new SecuposException((Status)secupos_error_status(error), error);

        /// <summary>Without an error object (no memory was left for one) the status's name has to do.</summary>
        private static string MessageOf(Status status, ErrorHandle error) =>
            Lent.Text(error, secupos_error_message) ?? NameOf(status);

        private static string NameOf(Status status) => Utf8.Decode(secupos_status_name((int)status))/*!*/;
    }
}
