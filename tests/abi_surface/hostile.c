/* Hostile callers: every function of the header with one bad argument at a time. hostile.rs writes the calls. */
#include "judge.h"

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    make_exclusive(arguments[1]);
    make_shared();
#include "calls.inc"
#define HANDLE(noun) secupos_##noun##_free(good_##noun);
#include "handles.inc"
#undef HANDLE
    printf("calls=%d wrong=%d\n", calls, wrong);
    return wrong != 0;
}
