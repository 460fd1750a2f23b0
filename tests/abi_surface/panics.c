/* A panic inside every body: against a library that is built such that each one panics. Every call must come back with
 * INTERNAL or with its safe reading, and nothing else. That each has panicked, the library itself says on stderr, behind
 * the name of the call; the step panics of make prove reads it. panics.rs writes the calls.
 */
#include <secupos.h>
#include <stdint.h>
#include <stdio.h>

#define HANDLE(noun) static secupos_##noun *good_##noun, *out_##noun;
#include "handles.inc"
#undef HANDLE

static secupos_error *error;
static int32_t out_i32;
static int64_t out_i64;
static int calls, wrong;

static void SECUPOS_CALL good_line(secupos_log_level level, const char *line, void *userdata)
{
    (void)level, (void)line, (void)userdata;
}

static void SECUPOS_CALL good_done(void *userdata) { (void)userdata; }

static void clear(const char *name)
{
    fprintf(stderr, "call %s\n", name);
    calls++;
    out_i32 = 4711;
    out_i64 = 4711;
#define HANDLE(noun) out_##noun = (secupos_##noun *)&calls;
#include "handles.inc"
#undef HANDLE
    error = (secupos_error *)&calls;
}

static void judge(const char *name, int is_contained)
{
    if (is_contained)
        return;
    wrong++;
    printf("%s: a panic inside gives something else\n", name);
}

int main(void)
{
#include "calls.inc"
#define HANDLE(noun) (void)good_##noun, (void)out_##noun;
#include "handles.inc"
#undef HANDLE
    printf("panics: calls=%d wrong=%d\n", calls, wrong);
    return wrong != 0;
}
