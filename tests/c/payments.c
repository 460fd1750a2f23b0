/* A till in C: each outcome, receipts, waiting, handles freed in any order.
 *
 *     payments BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "control.h"
#include <secupos.h>
#include <signal.h>
#include <sys/wait.h>

static secupos_till *open_till(char **argv)
{
    secupos_config *config = NULL;
    secupos_till *till = NULL;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, argv[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, argv[2], argv[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_device_code(config, argv[4], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file(config, state_file("till"), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_timeout_ms(config, SECUPOS_TIMEOUT_RESOLVE, 1000, NULL) == SECUPOS_OK);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    secupos_config_free(config);
    return till;
}

static secupos_payment *pay(secupos_till *till, const char *reference, int64_t amount, int32_t attempt)
{
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    CHECK(secupos_sale_new(reference, amount, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_sale_set_attempt(sale, attempt, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
    secupos_sale_free(sale);
    return payment;
}

static int has_action(const secupos_payment *payment, secupos_action action)
{
    for (size_t i = 0; i < secupos_payment_next_action_count(payment); i++)
        if (secupos_payment_next_action(payment, i) == action)
            return 1;
    return 0;
}

/* Whether the receipt's text has this in it. */
static int prints(const secupos_payment *payment, secupos_copy copy, const char *words)
{
    secupos_bytes *text = NULL;
    int found;
    CHECK(secupos_payment_render_receipt(payment, copy, NULL, &text, NULL) == SECUPOS_OK);
    CHECK(secupos_bytes_len(text) == strlen(secupos_bytes_data(text)));
    found = strstr(secupos_bytes_data(text), words) != NULL;
    secupos_bytes_free(text);
    return found;
}

static void an_elv_payment_is_approved_and_must_be_signed(secupos_till *till)
{
    secupos_payment *payment = pay(till, "elv", 1, 1);
    secupos_receipt *receipt = NULL;
    secupos_bytes *json = NULL;
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    CHECK(secupos_payment_reason(payment) == SECUPOS_REASON_NONE);
    CHECK(secupos_payment_decided_by(payment) == SECUPOS_DECIDED_BY_SERVER);
    CHECK(secupos_payment_replayed(payment) == 0 && secupos_payment_conflict(payment) == 0);
    CHECK(secupos_payment_error(payment) == NULL);
    CHECK(strcmp(secupos_payment_reference(payment), "elv") == 0);
    CHECK(strcmp(secupos_payment_status_text(payment), "ok") == 0);
    CHECK(strncmp(secupos_payment_transaction_id(payment), "STX_", 4) == 0);
    CHECK(secupos_payment_amount(payment) == 1 && secupos_payment_amount_charged(payment) == 1);
    CHECK(strcmp(secupos_payment_currency(payment), "EUR") == 0);
    CHECK(secupos_payment_receipt_number(payment) == 3);
    CHECK(secupos_payment_created_at(payment) > 1700000000000);
    CHECK(secupos_payment_completed_at(payment) >= secupos_payment_created_at(payment));
    CHECK(secupos_payment_signature(payment) == SECUPOS_SIGNATURE_REQUIRED);
    CHECK(secupos_payment_merchant_receipt_due(payment) == 1);
    CHECK(secupos_payment_next_action_count(payment) == 3);
    CHECK(secupos_payment_next_action(payment, 0) == SECUPOS_ACTION_PRINT_MERCHANT);
    CHECK(secupos_payment_next_action(payment, 1) == SECUPOS_ACTION_TAKE_SIGNATURE);
    CHECK(secupos_payment_next_action(payment, 2) == SECUPOS_ACTION_PRINT_CUSTOMER);
    CHECK(secupos_payment_next_action(payment, 3) == 0);
    CHECK(prints(payment, SECUPOS_COPY_MERCHANT, "* * H\xc3\xa4ndlerbeleg * *"));
    CHECK(prints(payment, SECUPOS_COPY_MERCHANT, "Unterschrift umseitig"));
    CHECK(prints(payment, SECUPOS_COPY_CUSTOMER, "g\xc3\xbcltig bis ##/##"));
    CHECK(!prints(payment, SECUPOS_COPY_CUSTOMER, "Unterschrift"));
    CHECK(secupos_payment_receipt(payment, SECUPOS_COPY_MERCHANT, &receipt, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_to_json(payment, &json, NULL) == SECUPOS_OK);
    secupos_payment_free(payment);
    /* What was asked of the payment outlives it. */
    CHECK(secupos_receipt_line_count(receipt) == 23);
    CHECK(secupos_receipt_line_type(receipt, 0) == SECUPOS_LINE_SEPARATOR);
    CHECK(strcmp(secupos_receipt_line_text(receipt, 0), "Kartenzahlung") == 0);
    CHECK(secupos_receipt_line_type(receipt, 4) == SECUPOS_LINE_SPACE);
    CHECK(strcmp(secupos_receipt_line_name(receipt, 5), "Datum:") == 0);
    CHECK(strcmp(secupos_receipt_field(receipt, "receipt_no"), "0003") == 0);
    CHECK(strstr(secupos_bytes_data(json), "\"outcome\":\"approved\"") != NULL);
    CHECK(strstr(secupos_bytes_data(json), "\"grant\":\"device\"") != NULL);
    secupos_receipt_free(receipt);
    secupos_bytes_free(json);
}

static void a_declined_payment_can_be_tried_again(secupos_till *till)
{
    secupos_payment *payment = pay(till, "declined", 105, 1);
    secupos_sale *sale = NULL;
    secupos_payment *none = (secupos_payment *)&sale;
    secupos_error *error = NULL;
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_FAILED);
    CHECK(secupos_payment_reason(payment) != SECUPOS_REASON_NONE);
    CHECK(secupos_payment_amount_charged(payment) == 0);
    CHECK(has_action(payment, SECUPOS_ACTION_TRY_AGAIN));
    CHECK(strstr(secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_GERMAN), "Nicht bezahlt") != NULL);
    secupos_payment_free(payment);

    /* The same attempt is told again, and not made again. */
    payment = pay(till, "declined", 105, 1);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_FAILED && secupos_payment_replayed(payment) == 1);
    secupos_payment_free(payment);

    CHECK(secupos_sale_new("declined", 105, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_sale_set_attempt(sale, 3, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &none, &error) == SECUPOS_STATUS_ATTEMPT_OUT_OF_ORDER);
    CHECK(none == NULL);
    CHECK(strstr(secupos_error_message(error), "declined") != NULL);
    secupos_error_free(error);
    secupos_sale_free(sale);

    payment = pay(till, "declined", 102, 2);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    CHECK(secupos_payment_attempt(payment) == 2);
    secupos_payment_free(payment);
}

/* A part is not the whole, and more is a tip. */
static void what_is_missing_of_a_part_is_due(secupos_till *till, const char *base_url)
{
    secupos_payment *payment;
    int charged = count(base_url, "ledger", "\"change\"");
    control(base_url, "next", "{\"charged\": 500}");
    payment = pay(till, "part", 1202, 1);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    CHECK(secupos_payment_reason(payment) == SECUPOS_REASON_AMOUNT_DIFFERS);
    CHECK(secupos_payment_amount_charged(payment) == 500 && secupos_payment_amount_due(payment) == 702);
    CHECK(secupos_payment_next_action(payment, 0) == SECUPOS_ACTION_PRINT_MERCHANT);
    CHECK(has_action(payment, SECUPOS_ACTION_COLLECT_REST));
    CHECK(strstr(secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_ENGLISH), "7.02 EUR are still missing") != NULL);
    secupos_payment_free(payment);
    payment = pay(till, "part", 1202, 1);
    CHECK(secupos_payment_amount_due(payment) == 702);
    CHECK(has_action(payment, SECUPOS_ACTION_ASK_CASHIER) && !has_action(payment, SECUPOS_ACTION_COLLECT_REST));
    secupos_payment_free(payment);

    control(base_url, "next", "{\"charged\": 1300}");
    payment = pay(till, "tip", 1202, 1);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    CHECK(secupos_payment_reason(payment) == SECUPOS_REASON_AMOUNT_DIFFERS);
    CHECK(secupos_payment_amount_charged(payment) == 1300 && secupos_payment_amount_due(payment) == 0);
    CHECK(!has_action(payment, SECUPOS_ACTION_COLLECT_REST));
    secupos_payment_free(payment);
    CHECK(count(base_url, "ledger", "\"change\"") == charged + 2);
}

static void a_payment_goes_on_while_the_till_does_something_else(secupos_till *till)
{
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    secupos_receipt *receipt = NULL;
    secupos_outcome outcome = SECUPOS_OUTCOME_UNKNOWN;
    secupos_phase phase;
    const char *while_running;
    CHECK(secupos_sale_new("waiting", 102, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_start_payment(till, sale, &payment, NULL) == SECUPOS_OK);
    secupos_sale_free(sale);
    CHECK(secupos_payment_wait(payment, 0, &outcome, NULL) == SECUPOS_OK);
    CHECK(outcome == SECUPOS_OUTCOME_PENDING);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_PENDING);
    CHECK(secupos_payment_completed_at(payment) == 0 && secupos_payment_receipt_number(payment) == 0);
    CHECK(secupos_payment_transaction_id(payment) == NULL && secupos_payment_error(payment) == NULL);
    CHECK(secupos_payment_receipt(payment, SECUPOS_COPY_MERCHANT, &receipt, NULL) == SECUPOS_STATUS_INVALID_STATE);
    phase = secupos_payment_phase(payment);
    while_running = secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_ENGLISH);
    CHECK(secupos_payment_wait(payment, -1, &outcome, NULL) == SECUPOS_OK);
    CHECK(outcome == SECUPOS_OUTCOME_APPROVED);
    CHECK(strstr(while_running, "The payment is") != NULL);
    CHECK(phase == SECUPOS_PHASE_LOGGING_IN || phase == SECUPOS_PHASE_WAITING_FOR_TERMINAL);
    CHECK(secupos_payment_phase(payment) == SECUPOS_PHASE_NONE);
    CHECK(secupos_payment_wait(payment, -2, &outcome, NULL) == SECUPOS_STATUS_INVALID_ARGUMENT);
    secupos_payment_free(payment);
}

/* In a forked child nobody would ever settle a payment that its parent began, so waiting for it is refused. */
static void a_forked_child_does_not_wait_for_ever(secupos_till *till)
{
    int tell[2];
    secupos_status told = SECUPOS_OK;
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    pid_t child;
    CHECK(pipe(tell) == 0);
    CHECK(secupos_sale_new("forked", 102, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_start_payment(till, sale, &payment, NULL) == SECUPOS_OK);
    child = fork();
    if (child == 0) {
        secupos_outcome outcome;
        told = secupos_payment_wait(payment, -1, &outcome, NULL);
        _exit(write(tell[1], &told, sizeof told) != sizeof told);
    }
    CHECK(child > 0 && read(tell[0], &told, sizeof told) == sizeof told);
    CHECK(told == SECUPOS_STATUS_FORKED);
    CHECK(waitpid(child, NULL, 0) == child);
    CHECK(secupos_payment_wait(payment, -1, &told, NULL) == SECUPOS_OK);
    CHECK(told == SECUPOS_OUTCOME_APPROVED);
    close(tell[0]);
    close(tell[1]);
    secupos_payment_free(payment);
    secupos_sale_free(sale);
}

/* Every thread of the library's blocks SIGPIPE, and the caller's own mask is as it was. */
static void no_broken_pipe_ends_the_till(void)
{
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    int own = 0, threads_seen = 0;
    CHECK(tasks != NULL);
    while ((task = readdir(tasks)) != NULL) {
        char path[300], line[200];
        FILE *status;
        unsigned long long blocked = 0;
        if (task->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/status", task->d_name);
        status = fopen(path, "r");
        while (status != NULL && fgets(line, sizeof line, status) != NULL)
            sscanf(line, "SigBlk: %llx", &blocked);
        if (status == NULL)
            continue; /* the thread has just ended */
        fclose(status);
        threads_seen++;
        own += (blocked >> (SIGPIPE - 1) & 1) == 0;
    }
    closedir(tasks);
    CHECK(threads_seen > 1);
    CHECK(own == 1);
}

/* The till is freed while its payment is running: freeing waits for nothing and stops nothing. */
static void freeing_the_till_stops_no_payment(secupos_till *till)
{
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    secupos_outcome outcome = SECUPOS_OUTCOME_UNKNOWN;
    CHECK(secupos_sale_new("orphan", 102, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_start_payment(till, sale, &payment, NULL) == SECUPOS_OK);
    secupos_till_free(till);
    secupos_sale_free(sale);
    CHECK(secupos_payment_wait(payment, -1, &outcome, NULL) == SECUPOS_OK);
    CHECK(outcome == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(payment);
}

int main(int argc, char **argv)
{
    secupos_till *till;
    if (argc != 5)
        return 2;
    TEST(CHECK(secupos_abi_version() == SECUPOS_ABI_VERSION));
    TEST(till = open_till(argv));
    TEST(an_elv_payment_is_approved_and_must_be_signed(till));
    TEST(a_declined_payment_can_be_tried_again(till));
    TEST(what_is_missing_of_a_part_is_due(till, argv[1]));
    TEST(no_broken_pipe_ends_the_till());
    TEST(a_forked_child_does_not_wait_for_ever(till));
    TEST(a_payment_goes_on_while_the_till_does_something_else(till));
    TEST(freeing_the_till_stops_no_payment(till));
    return tested();
}
