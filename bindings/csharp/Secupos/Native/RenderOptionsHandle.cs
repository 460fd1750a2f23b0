// How a receipt is to be rendered.

using static Secupos.Native.NativeMethods;

namespace Secupos.Native
{
    internal sealed class RenderOptionsHandle : NativeHandle
    {
        internal static RenderOptionsHandle ForColumns(int columns)
        {
            SecuposException.Check(secupos_render_options_new(out var options, out var error), error);
            SecuposException.Check(secupos_render_options_set_columns(options, columns, out error), error);
            return options;
        }

        protected override bool ReleaseHandle()
        {
            secupos_render_options_free(handle);
            return true;
        }
    }
}
