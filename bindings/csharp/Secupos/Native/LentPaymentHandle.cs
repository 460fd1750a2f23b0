// A payment that belongs to a list: never freed here, but the list is held until this is let go of.

namespace Secupos.Native
{
    internal sealed class LentPaymentHandle : PaymentHandle
    {
        private PaymentListHandle/*?*/ list;

        internal LentPaymentHandle Holding(PaymentListHandle owner)
        {
            var held = false;
            owner.DangerousAddRef(ref held);
            list = owner;
            return this;
        }

        protected override bool ReleaseHandle()
        {
            list?.DangerousRelease();
            return true;
        }
    }
}
