// How a state file is opened, as secupos_config_set_state_file names it.

using System;

namespace Secupos.Native
{
    [Flags]
    internal enum StateFlags
    {
        None = 0,
        Create = 1,
    }
}
