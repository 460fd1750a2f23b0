// Where a till stands with the service.

namespace Secupos
{
    /// <summary>
    /// Where a till stands with the service. A number that this assembly does not know reads as <see
    /// cref="Unregistered"/>.
    /// </summary>
    public enum RegistrationState
    {
        /// <summary>It has no device code: it logs in as the vendor's client.</summary>
        Unregistered = 0,

        /// <summary>It is a device of the service.</summary>
        Registered = 1,

        /// <summary>A person must confirm it.</summary>
        Pending = 2,

        /// <summary>The person has refused.</summary>
        Denied = 3,

        /// <summary>Nobody has confirmed it in time: register again.</summary>
        Expired = 4,
    }
}
