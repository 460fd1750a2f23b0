/* What was paid is printed, printed again, verified, exported and, in the end, pruned.
 *
 *     archive BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "check.h"
#include <secupos.h>

static char **given;

static secupos_till *open_till(void)
{
    secupos_till *till = NULL;
    secupos_config *config = NULL;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, given[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, given[2], given[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_device_code(config, given[4], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file(config, state_file("archive"), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    secupos_config_free(config);
    return till;
}

/* What a call has given, as a text of its own. */
static char *taken(secupos_bytes *bytes)
{
    char *text = bytes ? strdup(secupos_bytes_data(bytes)) : strdup("");
    secupos_bytes_free(bytes);
    return text;
}

static char *rendered(const secupos_payment *payment, secupos_copy copy, const secupos_render_options *options)
{
    secupos_bytes *bytes = NULL;
    CHECK(secupos_payment_render_receipt(payment, copy, options, &bytes, NULL) == SECUPOS_OK);
    return taken(bytes);
}

/* Whether these bytes, some of which may be 0, are in it. */
static int holds(const secupos_bytes *bytes, const char *part, size_t len)
{
    const char *data = secupos_bytes_data(bytes);
    for (size_t at = 0; at + len <= secupos_bytes_len(bytes); at++)
        if (memcmp(data + at, part, len) == 0)
            return 1;
    return 0;
}

static secupos_render_options *options_of(secupos_format format)
{
    secupos_render_options *options = NULL;
    CHECK(secupos_render_options_new(&options, NULL) == SECUPOS_OK);
    CHECK(secupos_render_options_set_format(options, format, NULL) == SECUPOS_OK);
    return options;
}

static void each_format_comes_out(const secupos_payment *payment)
{
    static const struct {
        secupos_format format;
        const char *begins;
    } formats[] = {
        {SECUPOS_FORMAT_ESCPOS, "\x1b@\x1c."}, {SECUPOS_FORMAT_HTML, "<section "},
        {SECUPOS_FORMAT_PDF, "%PDF-1."},        {SECUPOS_FORMAT_JSON, "{\"amount_matches\":true"},
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        secupos_render_options *options = options_of(formats[i].format);
        char *bytes = rendered(payment, SECUPOS_COPY_MERCHANT, options);
        CHECK(strncmp(bytes, formats[i].begins, strlen(formats[i].begins)) == 0);
        free(bytes);
        secupos_render_options_free(options);
    }
}

static void the_printer_is_as_the_options_say(const secupos_payment *payment)
{
    secupos_render_options *options = options_of(SECUPOS_FORMAT_ESCPOS);
    secupos_error *error = NULL;
    secupos_receipt *receipt = NULL;
    secupos_bytes *job = NULL;
    int32_t replaced = -1;
    CHECK(secupos_render_options_set_columns(options, 32, NULL) == SECUPOS_OK);
    CHECK(secupos_render_options_set_code_page(options, SECUPOS_CODE_PAGE_CP858, 13, NULL) == SECUPOS_OK);
    CHECK(secupos_render_options_set_cut(options, SECUPOS_CUT_FULL, NULL) == SECUPOS_OK);
    CHECK(secupos_render_options_set_feed(options, 2, NULL) == SECUPOS_OK);
    CHECK(secupos_render_options_set_prefix(options, "<logo>", 6, NULL) == SECUPOS_OK);
    CHECK(secupos_render_options_set_suffix(options, "<end>", 5, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_render_receipt(payment, SECUPOS_COPY_MERCHANT, options, &job, NULL) == SECUPOS_OK);
    CHECK(strncmp(secupos_bytes_data(job), "<logo>\x1b@", 8) == 0);
    CHECK(holds(job, "\x1bt\x0d", 3));
    CHECK(holds(job, "H\x84ndlerbeleg", 12));
    CHECK(holds(job, "\x1b" "d\x02", 3));
    CHECK(strcmp(secupos_bytes_data(job) + secupos_bytes_len(job) - 5, "<end>") == 0);
    secupos_bytes_free(job);
    CHECK(secupos_payment_receipt(payment, SECUPOS_COPY_MERCHANT, &receipt, NULL) == SECUPOS_OK);
    CHECK(secupos_receipt_replaced(receipt, options, &replaced, NULL) == SECUPOS_OK && replaced == 0);
    CHECK(secupos_render_options_set_code_page(options, SECUPOS_CODE_PAGE_UTF8, -1, NULL) == SECUPOS_OK);
    CHECK(secupos_receipt_replaced(receipt, options, &replaced, &error) == SECUPOS_STATUS_INVALID_ARGUMENT);
    CHECK(strstr(secupos_error_message(error), "code_page is UTF-8") != NULL);
    secupos_error_free(error);
    secupos_receipt_free(receipt);
    secupos_render_options_free(options);
}

static void bad_options_are_refused_and_named(void)
{
    secupos_render_options *options = options_of(SECUPOS_FORMAT_TEXT);
    secupos_error *error = NULL;
    static char long_logo[65537];
#define REFUSED(call, name)                                              \
    do {                                                                 \
        CHECK((call) == SECUPOS_STATUS_INVALID_ARGUMENT);                \
        CHECK(strncmp(secupos_error_message(error), name " ", sizeof name) == 0); \
        secupos_error_free(error);                                       \
    } while (0)
    REFUSED(secupos_render_options_set_format(options, 0, &error), "format");
    REFUSED(secupos_render_options_set_format(options, 6, &error), "format");
    REFUSED(secupos_render_options_set_columns(options, 65536 + 42, &error), "columns");
    REFUSED(secupos_render_options_set_code_page(options, 5, -1, &error), "page");
    REFUSED(secupos_render_options_set_code_page(options, SECUPOS_CODE_PAGE_CP437, 256, &error), "slot");
    REFUSED(secupos_render_options_set_code_page(options, SECUPOS_CODE_PAGE_UTF8, 0, &error), "slot");
    REFUSED(secupos_render_options_set_cut(options, 0, &error), "cut");
    REFUSED(secupos_render_options_set_feed(options, -1, &error), "lines");
    REFUSED(secupos_render_options_set_duplicate(options, 2, &error), "duplicate");
    REFUSED(secupos_render_options_set_language(options, 3, &error), "language");
    REFUSED(secupos_render_options_set_prefix(options, long_logo, sizeof long_logo, &error), "prefix");
    REFUSED(secupos_render_options_set_suffix(options, long_logo, sizeof long_logo, &error), "suffix");
#undef REFUSED
    secupos_render_options_free(options);
}

static void a_reprint_says_so(const secupos_payment *payment)
{
    secupos_render_options *options = options_of(SECUPOS_FORMAT_TEXT);
    char *first = rendered(payment, SECUPOS_COPY_MERCHANT, options), *again, *english;
    CHECK(secupos_render_options_set_duplicate(options, 1, NULL) == SECUPOS_OK);
    again = rendered(payment, SECUPOS_COPY_MERCHANT, options);
    CHECK(strstr(first, "KOPIE") == NULL);
    CHECK(strstr(again, "*** KOPIE *** ") != NULL && strstr(again, "Nicht noch einmal unterschreiben") != NULL);
    CHECK(secupos_render_options_set_language(options, SECUPOS_LANGUAGE_ENGLISH, NULL) == SECUPOS_OK);
    english = rendered(payment, SECUPOS_COPY_MERCHANT, options);
    CHECK(strstr(english, "*** COPY *** ") != NULL);
    free(first);
    free(again);
    free(english);
    secupos_render_options_free(options);
}

static void the_archive_is_whole_exported_and_pruned(const secupos_till *till)
{
    secupos_bytes *told = NULL;
    secupos_payment *payment = NULL;
    secupos_error *error = NULL;
    char *text, day[11];
    time_t now = time(NULL);
    struct tm broken_down;
    CHECK(secupos_till_verify_archive(till, &told, NULL) == SECUPOS_OK);
    CHECK(strcmp(secupos_bytes_data(told), "[]") == 0);
    secupos_bytes_free(told);

    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    strftime(day, sizeof day, "%Y-%m-%d", localtime_r(&now, &broken_down));
    CHECK(secupos_till_export_day(till, day, folder, &told, NULL) == SECUPOS_OK);
    text = taken(told);
    CHECK(strstr(text, "\"payments\":1") != NULL && strstr(text, "\"damaged\":0") != NULL);
    free(text);
    CHECK(secupos_till_export_day(till, "2026-02-29", folder, &told, &error) == SECUPOS_STATUS_INVALID_ARGUMENT);
    CHECK(told == NULL && strncmp(secupos_error_message(error), "date is ", 8) == 0);
    secupos_error_free(error);

    /* Nothing is old enough, and it stays. */
    CHECK(secupos_till_prune_archive(till, 0, "Erna", &told, NULL) == SECUPOS_OK);
    text = taken(told);
    CHECK(strstr(text, "\"responses\":0") != NULL);
    free(text);
    CHECK(secupos_till_prune_archive(till, -1, "Erna", &told, &error) == SECUPOS_STATUS_INVALID_ARGUMENT);
    secupos_error_free(error);
    CHECK(secupos_till_recover(till, "r1", 0, &payment, NULL) == SECUPOS_OK);
    CHECK(!secupos_payment_receipts_pruned(payment));
    secupos_payment_free(payment);
}

int main(int count, char **arguments)
{
    secupos_till *till;
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    if (count != 5)
        return 2;
    given = arguments;
    till = open_till();
    CHECK(secupos_sale_new("r1", 1, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    TEST(each_format_comes_out(payment));
    TEST(the_printer_is_as_the_options_say(payment));
    TEST(bad_options_are_refused_and_named());
    TEST(a_reprint_says_so(payment));
    TEST(the_archive_is_whole_exported_and_pruned(till));
    secupos_payment_free(payment);
    secupos_sale_free(sale);
    secupos_till_free(till);
    return tested();
}
