// One copy of a receipt.

namespace Secupos.Native
{
    internal sealed class ReceiptHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            NativeMethods.secupos_receipt_free(handle);
            return true;
        }
    }
}
