// A payment. Freeing it stops nothing.

namespace Secupos.Native
{
    internal class PaymentHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            NativeMethods.secupos_payment_free(handle);
            return true;
        }
    }
}
