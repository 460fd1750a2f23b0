// What can take too long, as secupos_config_set_timeout_ms names it.

namespace Secupos.Native
{
    internal enum TimeoutKind
    {
        Connect = 1,
        Request = 2,
        Payment = 3,
        Resolve = 4,
        Report = 6,
    }
}
