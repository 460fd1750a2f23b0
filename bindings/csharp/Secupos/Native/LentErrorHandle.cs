// An error that belongs to a payment: never freed here, and gone with the payment.

namespace Secupos.Native
{
    internal sealed class LentErrorHandle : ErrorHandle
    {
        public LentErrorHandle() : base(ownsHandle: false) { }
    }
}
