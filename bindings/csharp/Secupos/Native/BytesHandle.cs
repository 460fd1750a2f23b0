// A rendered receipt, or JSON: UTF-8 text of a known length.

using static Secupos.Native.NativeMethods;

namespace Secupos.Native
{
    internal sealed class BytesHandle : NativeHandle
    {
        internal string ToText() =>
            Lent.Read(this, bytes => Utf8.Decode(secupos_bytes_data(bytes), (int)secupos_bytes_len(bytes)));

        protected override bool ReleaseHandle()
        {
            secupos_bytes_free(handle);
            return true;
        }
    }
}
