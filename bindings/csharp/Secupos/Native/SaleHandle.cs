// What the till wants to be paid for.

namespace Secupos.Native
{
    internal sealed class SaleHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            NativeMethods.secupos_sale_free(handle);
            return true;
        }
    }
}
