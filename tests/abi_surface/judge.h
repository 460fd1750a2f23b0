/* What the programs share whose calls are written from the header: good arguments, and the judgement of what comes back.
 * Each thread has its own. */
#ifndef JUDGE_H
#define JUDGE_H

#include <secupos.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAD_UTF8 "K\xe4se"

static _Thread_local int calls, wrong;
static _Thread_local secupos_error *error;
static _Thread_local int32_t out_i32;
static _Thread_local int64_t out_i64;

/* One good handle of each kind, and a place for one. */
#define HANDLE(noun) static _Thread_local secupos_##noun *good_##noun, *out_##noun;
#include "handles.inc"
#undef HANDLE

/* A callback that only reads. */
static void SECUPOS_CALL good_line(secupos_log_level level, const char *line, void *userdata)
{
    if (level < SECUPOS_LOG_ERROR || level > SECUPOS_LOG_DEBUG || strlen(line) == 0 || userdata != NULL)
        abort();
}

/* One that hears that something is done. */
static void SECUPOS_CALL good_done(void *userdata)
{
    if (userdata != NULL)
        abort();
}

static void clear(void)
{
    out_i32 = 4711;
    out_i64 = 4711;
#define HANDLE(noun) out_##noun = (secupos_##noun *)&calls;
#include "handles.inc"
#undef HANDLE
    error = (secupos_error *)&calls;
}

static void complain(const char *function, const char *argument, const char *value, const char *fault)
{
    wrong++;
    printf("%s with %s = %s: %s\n", function, argument, value, fault);
}

/* Whether a message begins with an argument's name, or with most of it: in C++ no argument may be called operator. */
static int names(const char *message, const char *argument)
{
    size_t word = strcspn(message, " ");
    return word > 1 && (strncmp(message, argument, word) == 0 || strstr(message, argument) != NULL);
}

/* A call that must be refused: with this status, an error that says so and names the argument, and no output. */
static void refused(const char *function, const char *argument, const char *value, secupos_status status,
                    secupos_status expected, int outputs_are_clear)
{
    calls++;
    if (status != expected) {
        char fault[100];
        snprintf(fault, sizeof fault, "status %d instead of %d", (int)status, (int)expected);
        complain(function, argument, value, fault);
    }
    if (!outputs_are_clear)
        complain(function, argument, value, "an output is not cleared");
    if (secupos_error_status(error) != status)
        complain(function, argument, value, "the error has another status");
    else if (status != SECUPOS_OK && !names(secupos_error_message(error), argument))
        complain(function, argument, value, secupos_error_message(error));
    secupos_error_free(error);
}

static void tidy(void)
{
#define HANDLE(noun)                                  \
    if (out_##noun != (secupos_##noun *)&calls)       \
        secupos_##noun##_free(out_##noun);            \
    out_##noun = (secupos_##noun *)&calls;
#include "handles.inc"
#undef HANDLE
}

/* A call that may be taken or refused, but only as the header says. */
static void documented(const char *function, const char *argument, const char *value, secupos_status status,
                       const secupos_status *allowed)
{
    calls++;
    while (*allowed != status && *allowed != SECUPOS_OK)
        allowed++;
    if (*allowed != status) {
        char fault[100];
        snprintf(fault, sizeof fault, "status %d, which its comment does not tell", (int)status);
        complain(function, argument, value, fault);
    }
    if ((status == SECUPOS_OK) != (error == NULL))
        complain(function, argument, value, "status and error do not agree");
    secupos_error_free(error);
    tidy();
}

/* A call without a status: it need only come back, with nothing where it says so. */
static void harmless(const char *function, const char *argument, const char *value, int is_nothing)
{
    calls++;
    if (!is_nothing)
        complain(function, argument, value, "gives something");
}

static void must(secupos_status status)
{
    if (status == SECUPOS_OK)
        return;
    printf("no good arguments: status %d: %s\n", (int)status, secupos_error_message(error));
    exit(2);
}

/* What one thread may use at a time. */
static void make_exclusive(const char *state_file)
{
    must(secupos_config_new(&good_config, &error));
    must(secupos_config_set_base_url(good_config, "http://127.0.0.1:1", &error));
    must(secupos_config_set_client_credentials(good_config, "id", "secret", &error));
    must(secupos_config_set_state_file(good_config, state_file, SECUPOS_STATE_CREATE, &error));
    must(secupos_sale_new("r1", 1, "EUR", &good_sale, &error));
    must(secupos_render_options_new(&good_render_options, &error));
}

static void make_shared(void)
{
    static const char receipt[] = "[{\"type\":\"textline\",\"value\":{\"text\":\"x\",\"decoration\":[]}}]";
    must(secupos_till_open(good_config, &good_till, &error));
    must(secupos_till_register(good_till, "/vendor/unknown/cashier/1", &good_registration, &error));
    must(secupos_till_pay(good_till, good_sale, &good_payment, &error));
    must(secupos_till_find_payments(good_till, 0, INT64_MAX, 0, &good_payment_list, &error));
    must(secupos_till_run_diagnosis(good_till, 0, &good_report, &error));
    must(secupos_report_wait(good_report, -1, &out_i32, &error));
    must(secupos_receipt_parse(receipt, strlen(receipt), SECUPOS_COPY_MERCHANT, &good_receipt, &error));
    must(secupos_receipt_render(good_receipt, NULL, &good_bytes, &error));
    /* The one handle that a refusal makes. */
    if (secupos_sale_new("", 1, "EUR", &out_sale, &good_error) == SECUPOS_OK)
        exit(2);
}

#endif
