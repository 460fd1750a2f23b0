/* Bad input: a clear status and message that names the argument, outputs cleared, nothing leaked.
 *
 * Takes the simulator's address like the other tests; at the end the simulator must say that nothing was sent.
 */
#include "control.h"
#include <secupos.h>
#include <sys/wait.h>

/* The status is the expected one, and the message has the words in it. */
static void refused(secupos_status status, secupos_error *error, secupos_status expected, const char *words)
{
    CHECK(status == expected);
    CHECK(secupos_error_status(error) == expected);
    CHECK(error != NULL && strstr(secupos_error_message(error), words) != NULL);
    if (error != NULL && strstr(secupos_error_message(error), words) == NULL)
        fprintf(stderr, "    said: %s\n", secupos_error_message(error));
    CHECK(strlen(secupos_error_cashier_text(error, SECUPOS_LANGUAGE_GERMAN)) > 0);
    secupos_error_free(error);
}

static void refuse_sale(const char *reference, int64_t amount, const char *currency, secupos_status expected,
                        const char *words)
{
    secupos_error *error = NULL;
    secupos_sale *sale = (secupos_sale *)&error;
    secupos_status status = secupos_sale_new(reference, amount, currency, &sale, &error);
    CHECK(sale == NULL);
    refused(status, error, expected, words);
}

static void sales(void)
{
    char too_long[66];
    memset(too_long, 'x', 65);
    too_long[65] = 0;
    refuse_sale("r", 0, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "amount is 0");
    refuse_sale("r", -1, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "amount is -1");
    refuse_sale("r", INT64_MIN, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "amount is ");
    refuse_sale("r", INT64_MAX, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "amount is ");
    refuse_sale("r", 100000000, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "amount is 100000000");
    refuse_sale("r", 1, "EURO", SECUPOS_STATUS_INVALID_ARGUMENT, "currency ");
    refuse_sale("r", 1, "eur", SECUPOS_STATUS_INVALID_ARGUMENT, "currency ");
    refuse_sale("r", 1, "", SECUPOS_STATUS_INVALID_ARGUMENT, "currency ");
    refuse_sale("", 1, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "reference is empty");
    refuse_sale(too_long, 1, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "reference is 65 bytes long");
    refuse_sale("a\nb", 1, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "reference contains U+000A, a control character");
    refuse_sale(" r", 1, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "reference contains U+0020, a blank at an end, as character 1");
    refuse_sale("a\xcc\x88", 1, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "reference contains U+0308, a combining mark, as character 2");
    refuse_sale("a\xe2\x80\x8b", 1, "EUR", SECUPOS_STATUS_INVALID_ARGUMENT, "reference contains U+200B, a format character, as character 2");
    refuse_sale("K\xe4se", 1, "EUR", SECUPOS_STATUS_INVALID_UTF8, "reference is not valid UTF-8 at byte 1; it looks like Windows-1252");
    refuse_sale("a\xed\xa0\xbd", 1, "EUR", SECUPOS_STATUS_INVALID_UTF8, "reference is not valid UTF-8 at byte 1");
    refuse_sale(NULL, 1, "EUR", SECUPOS_STATUS_NULL_ARGUMENT, "reference is NULL");
    refuse_sale("r", 1, NULL, SECUPOS_STATUS_NULL_ARGUMENT, "currency is NULL");
}

static void items(secupos_till *till)
{
    secupos_sale *sale = NULL;
    secupos_error *error = NULL;
    secupos_payment *payment = NULL;
    secupos_status status;
    CHECK(secupos_sale_new("items", 100, "EUR", &sale, NULL) == SECUPOS_OK);
    status = secupos_sale_add_item(sale, "x", 0, 1, 7, NULL, NULL, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "quantity is 0");
    status = secupos_sale_add_item(sale, NULL, 1, 1, 7, NULL, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "description is NULL");
    status = secupos_sale_add_item(sale, "x", 1, 1, 7, NULL, "\xff", &error);
    refused(status, error, SECUPOS_STATUS_INVALID_UTF8, "ean is not valid UTF-8");
    status = secupos_sale_add_item_group(sale, "1", "Bakery", 1, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "sale has no item yet");
    status = secupos_sale_add_coupon(sale, "x", 1, -1, 7, NULL, NULL, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "unit_price is -1");
    status = secupos_sale_set_gratuity(sale, 101, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "gratuity is 101");
    CHECK(secupos_sale_add_item(sale, "x", 3, 30, 7, NULL, NULL, NULL) == SECUPOS_OK);
    status = secupos_till_pay(till, sale, &payment, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "amount does not add up: 3 x 0.30 = 0.90, the sale says 1.00");
    CHECK(payment == NULL);
    CHECK(secupos_sale_add_item_group(sale, "1", "Bakery", 1, NULL) == SECUPOS_OK);
    CHECK(secupos_sale_add_item(sale, "y", 1, 20, 7, NULL, NULL, NULL) == SECUPOS_OK);
    CHECK(secupos_sale_add_coupon(sale, "z", 1, 15, 7, NULL, NULL, NULL) == SECUPOS_OK);
    CHECK(secupos_sale_set_gratuity(sale, 100, NULL) == SECUPOS_OK);
    status = secupos_till_pay(till, sale, &payment, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "3 x 0.30 + 1 x 0.20 - 1 x 0.15 = 0.95");
    status = secupos_sale_set_attempt(sale, 0, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "attempt is 0");
    status = secupos_sale_confirm_not_duplicate(sale, " ", &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "operator is empty");
    status = secupos_sale_confirm_not_duplicate(sale, "M\xfcller", &error);
    refused(status, error, SECUPOS_STATUS_INVALID_UTF8, "operator is not valid UTF-8 at byte 1");
    status = secupos_sale_confirm_not_duplicate(sale, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "operator is NULL");
    status = secupos_sale_confirm_not_duplicate(NULL, "Miller", &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "sale is NULL");
    secupos_sale_free(sale);
}

static void settings(void)
{
    secupos_config *config = NULL;
    secupos_error *error = NULL;
    secupos_till *till = NULL;
    secupos_status status;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    status = secupos_config_set_base_url(config, "ftp://x", &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "base_url must begin with https://");
    status = secupos_config_set_base_url(config, "http://192.168.0.1", &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "base_url is plain http to another machine");
    status = secupos_config_set_environment(config, 3, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "environment is 3");
    status = secupos_config_set_timeout_ms(config, 9, 1000, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "which is 9");
    status = secupos_config_set_timeout_ms(config, SECUPOS_TIMEOUT_PAYMENT, -5, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "ms of the payment timeout is -5");
    status = secupos_config_add_ca_file(config, "/no/such/file", &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "ca_file ");
    status = secupos_config_set_timeout_ms(config, SECUPOS_TIMEOUT_PAYMENT, 600001, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "ms of the payment timeout is 600001; it must be from 100 to 600000");
    status = secupos_config_set_timeout_ms(config, SECUPOS_TIMEOUT_RESOLVE, 3600001, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "ms of the resolve timeout is 3600001; it must be from 0 to 3600000");
    status = secupos_config_set_timeout_ms(config, 5, 1000, &error); /* no number is used twice */
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "which is 5");
    status = secupos_config_set_head_file(config, "", &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "head_file is empty");
    status = secupos_config_set_head_file(config, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "head_file is NULL");
    status = secupos_config_set_state_group(config, "no such group", &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "state_group \"no such group\" is unknown to this machine");
    status = secupos_config_set_state_group(config, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "state_group is NULL");
    status = secupos_config_set_state_file(config, "", 0, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "state_file is empty");
    status = secupos_config_set_state_file(config, NULL, 0, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "state_file is NULL");
    status = secupos_config_set_state_file(config, "\xff.db", 0, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_UTF8, "state_file is not valid UTF-8 at byte 0");
    status = secupos_config_set_state_file(config, "till.db", 2, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "flags is 2");
    status = secupos_config_set_state_file(NULL, "till.db", 0, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "config is NULL");
    status = secupos_config_set_client_credentials(config, "id", NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "client_secret is NULL");
    status = secupos_till_open(config, &till, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "config has no base URL");
    CHECK(till == NULL);
    secupos_config_free(config);
}

static void handles(secupos_till *till)
{
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    secupos_error *error = NULL;
    secupos_outcome outcome = SECUPOS_OUTCOME_APPROVED;
    secupos_status status;
    CHECK(secupos_sale_new("handles", 1, "EUR", &sale, NULL) == SECUPOS_OK);
    status = secupos_till_pay(NULL, sale, &payment, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "till is NULL");
    status = secupos_till_pay((secupos_till *)sale, sale, &payment, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_HANDLE, "till is not a secupos_till");
    status = secupos_till_pay(till, (const secupos_sale *)till, &payment, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_HANDLE, "sale is not a secupos_sale");
    status = secupos_till_pay(till, sale, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "out is NULL");
    status = secupos_payment_wait((const secupos_payment *)sale, 0, &outcome, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_HANDLE, "payment is not a secupos_payment");
    CHECK(outcome == SECUPOS_OUTCOME_UNKNOWN);
    CHECK(secupos_till_pay(NULL, NULL, NULL, NULL) == SECUPOS_STATUS_NULL_ARGUMENT);

    CHECK(secupos_payment_outcome(NULL) == SECUPOS_OUTCOME_UNKNOWN);
    CHECK(secupos_payment_outcome((const secupos_payment *)sale) == SECUPOS_OUTCOME_UNKNOWN);
    CHECK(secupos_payment_reference(NULL) == NULL && secupos_payment_next_action_count(NULL) == 0);
    CHECK(secupos_bytes_data(NULL) == NULL && secupos_bytes_len(NULL) == 0);
    CHECK(secupos_error_message(NULL) == NULL && secupos_error_status(NULL) == SECUPOS_OK);
    CHECK(secupos_receipt_line_count(NULL) == 0 && secupos_receipt_line_text(NULL, 0) == NULL);

    secupos_payment_free((secupos_payment *)sale); /* not a payment: left alone */
    CHECK(secupos_sale_set_attempt(sale, 1, NULL) == SECUPOS_OK);
    secupos_sale_free(sale);
    secupos_config_free(NULL);
    secupos_till_free(NULL);
    secupos_sale_free(NULL);
    secupos_payment_free(NULL);
    secupos_payment_list_free(NULL);
    secupos_payment_list_free((secupos_payment_list *)till); /* not a list: left alone */
    secupos_receipt_free(NULL);
    secupos_render_options_free(NULL);
    secupos_bytes_free(NULL);
    secupos_error_free(NULL);
}

/* Threads do not survive a fork, so neither does a till. The child tells through a pipe: valgrind has its own word in
 * how a child ends that holds all of its parent's memory. */
static void forks(secupos_till *till)
{
    enum { CALLS = 7 };
    int tell[2];
    secupos_status told[CALLS] = {0};
    pid_t child;
    CHECK(pipe(tell) == 0);
    child = fork();
    if (child == 0) {
        secupos_sale *sale = NULL;
        secupos_payment *payment = NULL;
        secupos_payment_list *list = NULL;
        secupos_sale_new("fork", 1, "EUR", &sale, NULL);
        told[0] = secupos_till_pay(till, sale, &payment, NULL);
        told[1] = secupos_till_recover(till, "fork", 0, &payment, NULL);
        told[2] = secupos_till_unfinished(till, &list, NULL);
        told[3] = secupos_till_acknowledge(till, "fork", 0, NULL);
        told[4] = secupos_till_decide(till, "fork", 0, SECUPOS_DECISION_PAID, "x", "y", 0, &payment, NULL);
        told[5] = secupos_till_accept_journal_loss(till, "x", NULL);
        told[6] = secupos_till_recover_all(till, 0, &list, NULL);
        secupos_till_free(till); /* the parent's own is untouched */
        _exit(write(tell[1], told, sizeof told) != sizeof told);
    }
    CHECK(child > 0 && read(tell[0], told, sizeof told) == sizeof told);
    for (int i = 0; i < CALLS; i++)
        CHECK(told[i] == SECUPOS_STATUS_FORKED);
    CHECK(waitpid(child, NULL, 0) == child);
    CHECK(secupos_till_accept_journal_loss(till, "x", NULL) == SECUPOS_OK);
    close(tell[0]);
    close(tell[1]);
}

static void refuse_receipt(const char *json, size_t length, secupos_copy copy, secupos_status expected,
                           const char *words)
{
    secupos_error *error = NULL;
    secupos_receipt *receipt = (secupos_receipt *)&error;
    secupos_status status = secupos_receipt_parse(json, length, copy, &receipt, &error);
    CHECK(receipt == NULL);
    refused(status, error, expected, words);
}

static void receipts(void)
{
    static const char lines[] = "[{\"type\":\"textline\",\"value\":{\"text\":\"a\\u001bb\\u0000c\"}},{\"type\":\"x\"}]";
    enum { DEEP = 10000, MANY = 100000, HUGE_BODY = 50 * 1024 * 1024 };
    char *text = malloc(HUGE_BODY);
    size_t length = 0;
    secupos_receipt *receipt = NULL;
    secupos_render_options *options = NULL;
    secupos_bytes *rendered = NULL;
    secupos_error *error = NULL;
    secupos_status status;
    CHECK(text != NULL);
    refuse_receipt(NULL, 0, SECUPOS_COPY_CUSTOMER, SECUPOS_STATUS_NULL_ARGUMENT, "json is NULL");
    refuse_receipt("[]", SIZE_MAX, SECUPOS_COPY_CUSTOMER, SECUPOS_STATUS_INVALID_ARGUMENT, "len is ");
    refuse_receipt("[]", 2, 0, SECUPOS_STATUS_INVALID_ARGUMENT, "copy is 0");
    refuse_receipt("", 0, SECUPOS_COPY_CUSTOMER, SECUPOS_STATUS_RECEIPT_MALFORMED, "the receipt is not JSON");
    refuse_receipt("\xff\xfe", 2, SECUPOS_COPY_CUSTOMER, SECUPOS_STATUS_RECEIPT_MALFORMED, "the receipt is not JSON");
    memset(text, '[', DEEP);
    refuse_receipt(text, DEEP, SECUPOS_COPY_CUSTOMER, SECUPOS_STATUS_RECEIPT_MALFORMED, "the receipt is not JSON");
    memset(text, ' ', HUGE_BODY);
    refuse_receipt(text, HUGE_BODY, SECUPOS_COPY_CUSTOMER, SECUPOS_STATUS_RECEIPT_TOO_LARGE, "bytes");
    text[length++] = '[';
    for (int i = 0; i < MANY; i++) {
        memcpy(text + length, i ? ",{}" : " {}", 3);
        length += 3;
    }
    text[length++] = ']';
    refuse_receipt(text, length, SECUPOS_COPY_CUSTOMER, SECUPOS_STATUS_RECEIPT_TOO_LARGE, "100000 lines");
    free(text);

    CHECK(secupos_receipt_parse(lines, sizeof lines - 1, SECUPOS_COPY_CUSTOMER, &receipt, NULL) == SECUPOS_OK);
    CHECK(secupos_receipt_line_count(receipt) == 2);
    CHECK(strcmp(secupos_receipt_line_text(receipt, 0), "abc") == 0);
    CHECK(secupos_receipt_line_type(receipt, 1) == SECUPOS_LINE_UNKNOWN);
    CHECK(secupos_receipt_line_text(receipt, 2) == NULL && secupos_receipt_line_text(receipt, SIZE_MAX) == NULL);
    CHECK(secupos_receipt_field(receipt, "receipt_no") == NULL && secupos_receipt_field(receipt, NULL) == NULL);
    CHECK(secupos_render_options_new(&options, NULL) == SECUPOS_OK);
    status = secupos_render_options_set_columns(options, 15, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "columns is 15");
    status = secupos_render_options_set_columns(options, INT32_MAX, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "columns is 2147483647");
    CHECK(secupos_render_options_set_columns(options, 16, NULL) == SECUPOS_OK);
    CHECK(secupos_receipt_render(receipt, options, &rendered, NULL) == SECUPOS_OK);
    CHECK(strcmp(secupos_bytes_data(rendered), "abc\n\n") == 0);
    secupos_bytes_free(rendered);
    secupos_render_options_free(options);
    secupos_receipt_free(receipt);
}

static secupos_status open_with(char **argv, const char *client, const char *path, secupos_state_flags flags,
                                secupos_error **error)
{
    secupos_config *config = NULL;
    secupos_till *till = (secupos_till *)&config;
    secupos_status status;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, argv[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, client, argv[3], NULL) == SECUPOS_OK);
    if (path != NULL)
        CHECK(secupos_config_set_state_file(config, path, flags, NULL) == SECUPOS_OK);
    status = secupos_till_open(config, &till, error);
    CHECK(till == NULL);
    secupos_config_free(config);
    return status;
}

static void state_files(char **argv)
{
    secupos_error *error = NULL;
    FILE *file;
    secupos_status status = open_with(argv, argv[2], NULL, 0, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "config has no state file");
    status = open_with(argv, argv[2], state_file("missing"), 0, &error);
    refused(status, error, SECUPOS_STATUS_STATE_FILE_MISSING, "missing.db");
    status = open_with(argv, argv[2], "/no/such/folder/till.db", SECUPOS_STATE_CREATE, &error);
    refused(status, error, SECUPOS_STATUS_STATE_FILE_MISSING, "/no/such/folder");
    status = open_with(argv, argv[2], state_file("till"), 0, &error);
    refused(status, error, SECUPOS_STATUS_STATE_FILE_LOCKED, "till.db");
    file = fopen(state_file("other"), "w");
    CHECK(file != NULL && fputs("somebody's own file, long enough to be mistaken for something else", file) >= 0);
    fclose(file);
    status = open_with(argv, argv[2], state_file("other"), SECUPOS_STATE_CREATE, &error);
    refused(status, error, SECUPOS_STATUS_STATE_FILE_MISMATCH, "other.db is no state file");
}

static void refuse_recover(const secupos_till *till, const char *reference, secupos_status expected, const char *words)
{
    secupos_error *error = NULL;
    secupos_payment *payment = (secupos_payment *)&error;
    secupos_status status = secupos_till_recover(till, reference, 0, &payment, &error);
    CHECK(payment == NULL);
    refused(status, error, expected, words);
    status = secupos_till_acknowledge(till, reference, 0, &error);
    refused(status, error, expected, words);
    payment = (secupos_payment *)&error;
    status = secupos_till_decide(till, reference, 0, SECUPOS_DECISION_PAID, "x", "y", 0, &payment, &error);
    CHECK(payment == NULL);
    refused(status, error, expected, words);
}

static void references(secupos_till *till)
{
    secupos_status status;
    secupos_error *error = NULL;
    secupos_payment *payment = NULL;
    char very_long[5000];
    memset(very_long, 'x', sizeof very_long - 1);
    very_long[sizeof very_long - 1] = 0;
    refuse_recover(till, "nobody's", SECUPOS_STATUS_NOT_FOUND, "nobody's");
    refuse_recover(till, "", SECUPOS_STATUS_NOT_FOUND, "reference \"\"");
    refuse_recover(till, very_long, SECUPOS_STATUS_NOT_FOUND, "there is no payment");
    refuse_recover(till, NULL, SECUPOS_STATUS_NULL_ARGUMENT, "reference is NULL");
    refuse_recover(till, "K\xe4se", SECUPOS_STATUS_INVALID_UTF8, "reference is not valid UTF-8 at byte 1");
    refuse_recover(NULL, "r", SECUPOS_STATUS_NULL_ARGUMENT, "till is NULL");
    status = secupos_till_recover(till, "r", -1, &payment, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "attempt is -1");
    status = secupos_till_acknowledge(till, "r", INT32_MIN, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "attempt is -2147483648");
    status = secupos_till_recover(till, "r", 0, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "out is NULL");
}

static void refuse_decision(const secupos_till *till, secupos_decision decision, const char *operator_name,
                            const char *reason, int64_t slip_number, secupos_status expected, const char *words)
{
    secupos_error *error = NULL;
    secupos_payment *payment = (secupos_payment *)&error;
    secupos_status status =
        secupos_till_decide(till, "r", 0, decision, operator_name, reason, slip_number, &payment, &error);
    CHECK(payment == NULL);
    refused(status, error, expected, words);
}

static void refuse_reversal_decision(const secupos_till *till, secupos_reversal_decision decision,
                                     const char *operator_name, secupos_status expected, const char *words)
{
    secupos_error *error = NULL;
    secupos_payment *payment = (secupos_payment *)&error;
    secupos_status status =
        secupos_till_decide_reversal(till, "r", 0, decision, operator_name, "y", &payment, &error);
    CHECK(payment == NULL);
    refused(status, error, expected, words);
}

static void decisions(secupos_till *till)
{
    secupos_status status;
    secupos_error *error = NULL;
    refuse_decision(till, 0, "x", "y", 0, SECUPOS_STATUS_INVALID_ARGUMENT, "decision is 0");
    refuse_decision(till, 3, "x", "y", 0, SECUPOS_STATUS_INVALID_ARGUMENT, "decision is 3");
    refuse_decision(till, INT32_MIN, "x", "y", 0, SECUPOS_STATUS_INVALID_ARGUMENT, "decision is -2147483648");
    refuse_decision(till, SECUPOS_DECISION_PAID, "", "y", 0, SECUPOS_STATUS_INVALID_ARGUMENT, "operator is empty");
    refuse_decision(till, SECUPOS_DECISION_PAID, NULL, "y", 0, SECUPOS_STATUS_NULL_ARGUMENT, "operator is NULL");
    refuse_decision(till, SECUPOS_DECISION_PAID, "x\ny", "y", 0, SECUPOS_STATUS_INVALID_ARGUMENT, "operator contains");
    refuse_decision(till, SECUPOS_DECISION_PAID, "x", NULL, 0, SECUPOS_STATUS_NULL_ARGUMENT, "reason is NULL");
    refuse_decision(till, SECUPOS_DECISION_PAID, "x", "\xfc", 0, SECUPOS_STATUS_INVALID_UTF8, "reason is not valid");
    refuse_decision(till, SECUPOS_DECISION_PAID, "x", "y", -1, SECUPOS_STATUS_INVALID_ARGUMENT, "slip_number ");
    refuse_decision(till, SECUPOS_DECISION_NOT_PAID, "x", "y", INT64_MIN, SECUPOS_STATUS_INVALID_ARGUMENT, "slip_number ");
    refuse_reversal_decision(till, 0, "x", SECUPOS_STATUS_INVALID_ARGUMENT, "decision is 0");
    refuse_reversal_decision(till, 3, "x", SECUPOS_STATUS_INVALID_ARGUMENT, "decision is 3");
    refuse_reversal_decision(till, SECUPOS_REVERSAL_DECISION_REVERSED, "", SECUPOS_STATUS_INVALID_ARGUMENT,
                             "operator is empty");
    refuse_reversal_decision(till, SECUPOS_REVERSAL_DECISION_REVERSED, "x", SECUPOS_STATUS_NOT_FOUND, "reference \"r\"");
    status = secupos_till_decide(till, "r", 0, SECUPOS_DECISION_PAID, "x", "y", 0, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "out is NULL");
    status = secupos_till_accept_journal_loss(till, "", &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT,
            "operator is empty");
    status = secupos_till_accept_journal_loss(till, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT,
            "operator is NULL");
    status = secupos_till_accept_journal_loss(NULL, "x", &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "till is NULL");
    CHECK(secupos_till_accept_journal_loss(till, "x", NULL) == SECUPOS_OK); /* nothing was lost */
}

static void lists(secupos_till *till)
{
    secupos_status status;
    secupos_error *error = NULL;
    secupos_payment_list *list = (secupos_payment_list *)&error;
    status = secupos_till_unfinished(NULL, &list, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "till is NULL");
    CHECK(list == NULL);
    status = secupos_till_unfinished(till, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "out is NULL");
    status = secupos_till_find_payments(till, 0, 0, 0, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "out is NULL");
    status = secupos_till_recover_all(till, -1, &list, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "timeout_ms is -1");
    status = secupos_till_recover_all(till, 3600001, &list, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_ARGUMENT, "timeout_ms is 3600001");
    CHECK(secupos_till_recover_all(till, 0, &list, NULL) == SECUPOS_OK);
    CHECK(list != NULL && secupos_payment_list_count(list) == 0);
    secupos_payment_list_free(list);
    CHECK(secupos_till_unfinished(till, &list, NULL) == SECUPOS_OK);
    CHECK(list != NULL && secupos_payment_list_count(list) == 0);
    CHECK(secupos_payment_list_payment(list, 0) == NULL && secupos_payment_list_payment(list, SIZE_MAX) == NULL);
    CHECK(secupos_payment_list_count(NULL) == 0 && secupos_payment_list_payment(NULL, 0) == NULL);
    CHECK(secupos_payment_list_count((secupos_payment_list *)till) == 0);
    CHECK(secupos_payment_list_payment((secupos_payment_list *)till, 0) == NULL);
    secupos_payment_list_free(list);
    CHECK(secupos_till_find_payments(till, INT64_MIN, INT64_MAX, 0, &list, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_list_count(list) == 0);
    secupos_payment_list_free(list);
    CHECK(secupos_till_find_payments(till, INT64_MAX, INT64_MIN, INT64_MIN, &list, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_list_count(list) == 0);
    secupos_payment_list_free(list);
}

static void running_payments(secupos_till *till)
{
    secupos_status status;
    secupos_error *error = NULL;
    secupos_abort_result result = SECUPOS_ABORT_ABANDONED;
    status = secupos_payment_abort(NULL, &result, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "payment is NULL");
    CHECK(result == 0);
    status = secupos_payment_abort((secupos_payment *)till, &result, &error);
    refused(status, error, SECUPOS_STATUS_INVALID_HANDLE,
            "payment is not a secupos_payment");
    status = secupos_payment_abort(NULL, NULL, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "out is NULL");
    status = secupos_payment_acknowledge(NULL, till, &error);
    refused(status, error, SECUPOS_STATUS_NULL_ARGUMENT, "payment is NULL");
    CHECK(secupos_payment_amount_due(NULL) == 0);
    CHECK(secupos_payment_phase(NULL) == SECUPOS_PHASE_NONE && secupos_report_phase(NULL) == SECUPOS_PHASE_NONE);
    CHECK(secupos_report_outcome_now(NULL) == SECUPOS_REPORT_MAY_HAVE_RUN && secupos_report_created_at(NULL) == 0);
    CHECK(secupos_report_cashier_text(NULL, SECUPOS_LANGUAGE_ENGLISH) == NULL);
    CHECK(secupos_payment_decided_by(NULL) == SECUPOS_DECIDED_BY_SERVER);
    CHECK(secupos_payment_replayed(NULL) == 0 && secupos_payment_conflict(NULL) == 0);
}

static void nothing_was_sent(const char *base_url)
{
    CHECK(count(base_url, "requests", "path") == 0);
}

static void status_names(void)
{
    CHECK(strcmp(secupos_status_name(SECUPOS_STATUS_BUSY), "BUSY") == 0);
    CHECK(strcmp(secupos_status_name(SECUPOS_OK), "OK") == 0);
    CHECK(strcmp(secupos_status_name(-1), "?") == 0);
    CHECK(strcmp(secupos_outcome_name(SECUPOS_OUTCOME_NOT_STARTED), "not_started") == 0);
    CHECK(strcmp(secupos_reason_name(SECUPOS_REASON_WRONG_PAYMENT_REVERSED), "wrong_payment_reversed") == 0);
    CHECK(strcmp(secupos_action_name(SECUPOS_ACTION_PRINT_MERCHANT), "print_merchant") == 0);
    CHECK(strcmp(secupos_reversal_name(SECUPOS_REVERSAL_DONE), "done") == 0);
    CHECK(strcmp(secupos_phase_name(SECUPOS_PHASE_FINDING_OUT), "finding_out") == 0);
    CHECK(strcmp(secupos_reason_name(SECUPOS_REASON_NONE), "none") == 0 && strcmp(secupos_action_name(0), "none") == 0);
    CHECK(strcmp(secupos_outcome_name(77), "unknown") == 0 && strcmp(secupos_reversal_name(-1), "unknown") == 0);
}

int main(int argc, char **argv)
{
    secupos_config *config = NULL;
    secupos_till *till = NULL;
    if (argc != 5)
        return 2;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, argv[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, argv[2], argv[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file(config, state_file("till"), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    secupos_config_free(config);
    TEST(status_names());
    TEST(sales());
    TEST(items(till));
    TEST(settings());
    TEST(handles(till));
    TEST(receipts());
    TEST(state_files(argv));
    TEST(references(till));
    TEST(decisions(till));
    TEST(lists(till));
    TEST(running_payments(till));
    TEST(forks(till));
    TEST(nothing_was_sent(argv[1]));
    secupos_till_free(till);
    return tested();
}
