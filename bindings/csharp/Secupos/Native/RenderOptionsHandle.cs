// How a receipt is to be rendered.

using static Secupos.Native.NativeMethods;

namespace Secupos.Native
{
    internal sealed class RenderOptionsHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            secupos_render_options_free(handle);
            return true;
        }
    }
}
