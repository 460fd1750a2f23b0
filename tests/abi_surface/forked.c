/* A forked child has none of its parent's threads: every function whose comment names FORKED must say so there, of a till
 * and a payment that the parent has. forked.rs writes the calls.
 *
 *     forked STATE_FILE
 */
#define _POSIX_C_SOURCE 200809L
#include "judge.h"
#include <sys/wait.h>
#include <unistd.h>

static void is_forked(const char *function, secupos_status status, int outputs_are_clear)
{
    refused(function, "", "", status, SECUPOS_STATUS_FORKED, outputs_are_clear);
}

int main(int count, char **arguments)
{
    pid_t child;
    int ended = 0;
    if (count != 2)
        return 2;
    make_exclusive(arguments[1]);
    make_shared();
    child = fork();
    if (child == 0) {
#include "calls.inc"
        /* The parent's own are untouched by this. */
        secupos_payment_free(good_payment);
        secupos_till_free(good_till);
        printf("calls=%d wrong=%d\n", calls, wrong);
        fflush(stdout);
        _exit(wrong != 0);
    }
    if (waitpid(child, &ended, 0) != child || ended != 0)
        return 1;
    must(secupos_till_unfinished(good_till, &out_payment_list, &error));
    secupos_payment_list_free(out_payment_list);
#define HANDLE(noun) secupos_##noun##_free(good_##noun);
#include "handles.inc"
#undef HANDLE
    return 0;
}
