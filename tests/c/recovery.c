/* A till in C that is killed, that does not know, that changes its mind: no payment is lost, none is charged twice.
 *
 *     recovery BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "control.h"
#include <secupos.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

static char **given;

static void rest(void)
{
    const struct timespec pause = {0, 10 * 1000 * 1000};
    nanosleep(&pause, NULL);
}

/* Waits until the word has come so many times more. */
static void wait_for(const char *path, const char *word, int before)
{
    for (int i = 0; i < 6000 && count(given[1], path, word) <= before; i++)
        rest();
    CHECK(count(given[1], path, word) > before);
}

static int starts(void) { return count(given[1], "requests", "/start/cashless"); }
static int charges(void) { return count(given[1], "ledger", "\"change\""); }

static secupos_config *settings(const char *name, secupos_state_flags flags, int64_t resolve_ms)
{
    secupos_config *config = NULL;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, given[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, given[2], given[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_device_code(config, given[4], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file(config, state_file(name), flags, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_timeout_ms(config, SECUPOS_TIMEOUT_RESOLVE, resolve_ms, NULL) == SECUPOS_OK);
    return config;
}

static secupos_status try_open(const char *name, secupos_state_flags flags, int64_t resolve_ms, secupos_till **till)
{
    secupos_config *config = settings(name, flags, resolve_ms);
    secupos_status status;
    status = secupos_till_open(config, till, NULL);
    secupos_config_free(config);
    return status;
}

/* Also right after one that has just been freed: it has let its state file go. */
static secupos_till *open_till(const char *name, secupos_state_flags flags, int64_t resolve_ms)
{
    secupos_till *till = NULL;
    CHECK(try_open(name, flags, resolve_ms, &till) == SECUPOS_OK);
    return till;
}

static secupos_sale *sale_of(const char *reference, int64_t amount)
{
    secupos_sale *sale = NULL;
    CHECK(secupos_sale_new(reference, amount, "EUR", &sale, NULL) == SECUPOS_OK);
    return sale;
}

static secupos_payment *start(const secupos_till *till, const char *reference, int64_t amount)
{
    secupos_sale *sale = sale_of(reference, amount);
    secupos_payment *payment = NULL;
    CHECK(secupos_till_start_payment(till, sale, &payment, NULL) == SECUPOS_OK);
    secupos_sale_free(sale);
    return payment;
}

static secupos_outcome outcome_of(const secupos_payment *payment)
{
    secupos_outcome outcome = SECUPOS_OUTCOME_PENDING;
    CHECK(secupos_payment_wait(payment, -1, &outcome, NULL) == SECUPOS_OK);
    CHECK(outcome == secupos_payment_outcome(payment));
    return outcome;
}

/* The status with which paying is refused. */
static secupos_status refusal(const secupos_till *till, const char *reference, int64_t amount)
{
    secupos_sale *sale = sale_of(reference, amount);
    secupos_payment *payment = NULL;
    secupos_error *error = NULL;
    secupos_status status = secupos_till_pay(till, sale, &payment, &error);
    CHECK(payment == NULL);
    CHECK(secupos_error_status(error) == status);
    secupos_error_free(error);
    secupos_sale_free(sale);
    return status;
}

static secupos_payment_list *unfinished(const secupos_till *till, size_t expected)
{
    secupos_payment_list *list = NULL;
    CHECK(secupos_till_unfinished(till, &list, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_list_count(list) == expected);
    CHECK(secupos_payment_list_payment(list, expected) == NULL);
    return list;
}

static secupos_payment *recover(const secupos_till *till, const char *reference)
{
    secupos_payment *payment = NULL;
    CHECK(secupos_till_recover(till, reference, 0, &payment, NULL) == SECUPOS_OK);
    return payment;
}

static secupos_payment_list *recover_all(const secupos_till *till, size_t expected)
{
    secupos_payment_list *list = NULL;
    CHECK(secupos_till_recover_all(till, 20000, &list, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_list_count(list) == expected);
    return list;
}

static int has_action(const secupos_payment *payment, secupos_action action)
{
    for (size_t i = 0; i < secupos_payment_next_action_count(payment); i++)
        if (secupos_payment_next_action(payment, i) == action)
            return 1;
    return 0;
}

/* A process of its own begins a payment and is killed while the customer stands at the terminal. */
static void a_killed_tills_payment_is_found_out_about(void)
{
    secupos_till *till;
    secupos_payment_list *list, *all;
    const secupos_payment *left, *found;
    secupos_payment *payment;
    secupos_bytes *slip = NULL;
    int status = 0, started = starts(), charged = charges();
    pid_t child;
    state_file("killed"); /* the folder is the parent's */
    control(given[1], "next", "{\"think_ms\": 4000}");
    child = fork();
    if (child == 0) {
        till = open_till("killed", SECUPOS_STATE_CREATE, 10000);
        payment = start(till, "killed", 1);
        outcome_of(payment);
        _exit(9);
    }
    wait_for("requests", "/start/cashless", started);
    CHECK(try_open("killed", 0, 10000, &till) == SECUPOS_STATUS_STATE_FILE_LOCKED && till == NULL);
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && charges() == charged);

    /* While the till asks in the background, it can already tell what it knows. */
    control(given[1], "fault", "{\"endpoint\": \"read\", \"when\": \"before\", \"what\": {\"delay\": 1000}}");
    till = open_till("killed", 0, 10000);
    list = unfinished(till, 1);
    left = secupos_payment_list_payment(list, 0);
    CHECK(strcmp(secupos_payment_reference(left), "killed") == 0);
    CHECK(secupos_payment_outcome(left) == SECUPOS_OUTCOME_UNKNOWN);
    CHECK(secupos_payment_reason(left) == SECUPOS_REASON_INTERRUPTED && secupos_payment_replayed(left) == 1);
    CHECK(secupos_till_acknowledge(till, "killed", 0, NULL) == SECUPOS_STATUS_INVALID_STATE);
    CHECK(secupos_payment_acknowledge(left, till, NULL) == SECUPOS_STATUS_INVALID_STATE);
    all = recover_all(till, 1);
    found = secupos_payment_list_payment(all, 0);
    CHECK(secupos_payment_outcome(found) == SECUPOS_OUTCOME_APPROVED && secupos_payment_replayed(found) == 1);
    CHECK(secupos_payment_outcome(left) == SECUPOS_OUTCOME_UNKNOWN); /* a payment changes once */
    CHECK(secupos_payment_next_action(found, 0) == SECUPOS_ACTION_PRINT_MERCHANT);
    CHECK(secupos_payment_render_receipt(found, SECUPOS_COPY_MERCHANT, NULL, &slip, NULL) == SECUPOS_OK);
    CHECK(strstr(secupos_bytes_data(slip), "Unterschrift umseitig") != NULL);
    secupos_bytes_free(slip);
    secupos_payment_list_free(list);
    CHECK(starts() == started + 1 && charges() == charged + 1);

    list = unfinished(till, 1); /* approved, and not taken over yet */
    CHECK(secupos_payment_outcome(secupos_payment_list_payment(list, 0)) == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_list_free(list);
    CHECK(secupos_payment_acknowledge(found, till, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_acknowledge(found, till, NULL) == SECUPOS_OK);
    secupos_payment_list_free(all);
    secupos_payment_list_free(unfinished(till, 0));
    secupos_payment_list_free(recover_all(till, 0));
    CHECK(refusal(till, "killed", 1) == SECUPOS_STATUS_REFERENCE_CLOSED);
    payment = recover(till, "killed");
    CHECK(outcome_of(payment) == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(payment);
    CHECK(starts() == started + 1 && charges() == charged + 1);
    secupos_till_free(till);
}

static void paying_again_joins_or_tells_again(secupos_till *till)
{
    secupos_payment *first = start(till, "again", 102), *second = start(till, "again", 102), *third;
    secupos_payment *decided = NULL;
    int charged = charges();
    CHECK(refusal(till, "another", 102) == SECUPOS_STATUS_BUSY);
    CHECK(secupos_till_decide(till, "again", 0, SECUPOS_DECISION_PAID, "M\xc3\xbcller", "slip", 3, &decided, NULL)
          == SECUPOS_STATUS_INVALID_STATE);
    CHECK(secupos_till_acknowledge(till, "again", 0, NULL) == SECUPOS_STATUS_INVALID_STATE);
    CHECK(outcome_of(second) == SECUPOS_OUTCOME_APPROVED && outcome_of(first) == SECUPOS_OUTCOME_APPROVED);
    CHECK(secupos_payment_replayed(first) == 0 && secupos_payment_replayed(second) == 0);
    third = start(till, "again", 102);
    CHECK(secupos_payment_outcome(third) == SECUPOS_OUTCOME_APPROVED && secupos_payment_replayed(third) == 1);
    CHECK(strcmp(secupos_payment_transaction_id(first), secupos_payment_transaction_id(third)) == 0);
    CHECK(secupos_payment_completed_at(first) == secupos_payment_completed_at(third));
    CHECK(secupos_payment_receipt_number(third) > 0);
    CHECK(refusal(till, "again", 103) == SECUPOS_STATUS_REFERENCE_CONFLICT);
    CHECK(charges() == charged + 1);
    secupos_payment_free(first);
    secupos_payment_free(second);
    secupos_payment_free(third);
    CHECK(secupos_till_acknowledge(till, "again", 0, NULL) == SECUPOS_OK);
}

/* A person says that it was not paid, and is wrong. */
static void a_person_decides_and_the_service_contradicts(void)
{
    secupos_till *till = open_till("decided", SECUPOS_STATE_CREATE, 300);
    secupos_sale *sale = sale_of("the same?", 1202);
    secupos_payment *payment, *next = NULL, *decided = NULL;
    secupos_payment_list *list;
    const secupos_payment *listed;
    int charged = charges();
    control(given[1], "next", "{\"think_ms\": 3000}");
    control(given[1], "fault", "{\"endpoint\": \"start\", \"when\": \"during\", \"what\": \"reset\"}");
    payment = start(till, "in doubt", 1202);
    CHECK(outcome_of(payment) == SECUPOS_OUTCOME_UNKNOWN);
    CHECK(secupos_payment_reason(payment) != SECUPOS_REASON_NONE && secupos_payment_error(payment) != NULL);
    CHECK(secupos_payment_next_action(payment, 0) == SECUPOS_ACTION_LOOK_AT_TERMINAL);
    CHECK(strstr(secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_GERMAN), "NICHT noch einmal") != NULL);

    next = start(till, "next customer", 1302);
    CHECK(outcome_of(next) == SECUPOS_OUTCOME_NOT_STARTED);
    CHECK(secupos_payment_reason(next) == SECUPOS_REASON_TERMINAL_BUSY);
    secupos_payment_free(next);
    CHECK(refusal(till, "the same?", 1202) == SECUPOS_STATUS_POSSIBLE_DUPLICATE);
    CHECK(secupos_till_decide(till, "next customer", 0, SECUPOS_DECISION_PAID, "M\xc3\xbcller", "slip", 7, &decided, NULL)
          == SECUPOS_STATUS_INVALID_STATE);
    CHECK(secupos_till_decide(till, "in doubt", 0, SECUPOS_DECISION_NOT_PAID, "M\xc3\xbcller", "no slip", 0, &decided, NULL)
          == SECUPOS_OK);
    CHECK(secupos_payment_outcome(decided) == SECUPOS_OUTCOME_NOT_STARTED);
    CHECK(secupos_payment_decided_by(decided) == SECUPOS_DECIDED_BY_OPERATOR && secupos_payment_conflict(decided) == 0);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_UNKNOWN); /* a payment changes once */
    CHECK(secupos_payment_decided_by(payment) == SECUPOS_DECIDED_BY_SERVER);
    secupos_payment_free(decided);
    secupos_payment_free(payment);
    secupos_payment_list_free(unfinished(till, 0));
    CHECK(refusal(till, "the same?", 1202) == SECUPOS_STATUS_POSSIBLE_DUPLICATE);

    wait_for("ledger", "\"change\"", charged);
    CHECK(secupos_sale_confirm_not_duplicate(sale, "M\xc3\xbcller", NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &next, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_outcome(next) == SECUPOS_OUTCOME_APPROVED && charges() == charged + 2);
    CHECK(has_action(next, SECUPOS_ACTION_CHECK_UNFINISHED));
    secupos_sale_free(sale);
    CHECK(secupos_payment_acknowledge(next, till, NULL) == SECUPOS_OK);
    secupos_payment_free(next);

    /* A list tells no conflict, so none is taken over with what it lists. */
    list = unfinished(till, 1);
    CHECK(secupos_payment_acknowledge(secupos_payment_list_payment(list, 0), till, NULL) == SECUPOS_OK);
    secupos_payment_list_free(list);
    list = recover_all(till, 1);
    listed = secupos_payment_list_payment(list, 0);
    CHECK(strcmp(secupos_payment_reference(listed), "in doubt") == 0);
    CHECK(secupos_payment_outcome(listed) == SECUPOS_OUTCOME_APPROVED && secupos_payment_conflict(listed) == 1);
    CHECK(secupos_payment_decided_by(listed) == SECUPOS_DECIDED_BY_SERVER);
    /* The sale was charged once. Whether the customer has paid in another way, the cashier knows. */
    CHECK(secupos_payment_next_action(listed, 0) == SECUPOS_ACTION_ASK_CASHIER);
    CHECK(!has_action(listed, SECUPOS_ACTION_REFUND) && !has_action(listed, SECUPOS_ACTION_CHECK_UNFINISHED));
    CHECK(secupos_payment_acknowledge(listed, till, NULL) == SECUPOS_OK);
    secupos_payment_list_free(list);
    secupos_payment_list_free(unfinished(till, 0));
    secupos_till_free(till);
}

static secupos_payment *pay_attempt(const secupos_till *till, const char *reference, int64_t amount, int32_t attempt)
{
    secupos_sale *sale = sale_of(reference, amount);
    secupos_payment *payment = NULL;
    CHECK(secupos_sale_set_attempt(sale, attempt, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
    secupos_sale_free(sale);
    return payment;
}

/* Attempt 1 has failed, attempt 2 is paid, and then the first one is paid after all. */
static void what_was_paid_twice_is_to_be_refunded_once(void)
{
    secupos_till *till = open_till("twice", SECUPOS_STATE_CREATE, 1000);
    secupos_payment *first, *second, *told = NULL;
    secupos_payment_list *list;
    secupos_error *error = NULL;
    int charged = charges();
    control(given[1], "next", "{\"scenario\": \"declined\", \"paid_after_ms\": 3000}");
    first = pay_attempt(till, "twice", 1402, 1);
    CHECK(secupos_payment_outcome(first) == SECUPOS_OUTCOME_FAILED);
    secupos_payment_free(first);
    second = pay_attempt(till, "twice", 1402, 2);
    CHECK(secupos_payment_outcome(second) == SECUPOS_OUTCOME_APPROVED);
    wait_for("ledger", "\"change\"", charged + 1);

    CHECK(secupos_till_recover(till, "twice", 1, &told, NULL) == SECUPOS_OK);
    CHECK(outcome_of(told) == SECUPOS_OUTCOME_APPROVED && secupos_payment_conflict(told) == 1);
    CHECK(secupos_payment_attempt(told) == 1);
    CHECK(secupos_payment_next_action(told, 0) == SECUPOS_ACTION_REFUND);
    secupos_payment_free(told); /* nobody has acknowledged it */

    CHECK(secupos_till_recover(till, "twice", 0, &told, &error) == SECUPOS_STATUS_INVALID_STATE && told == NULL);
    CHECK(strstr(secupos_error_message(error), "attempts 1 and 2") != NULL);
    secupos_error_free(error);
    CHECK(secupos_till_acknowledge(till, "twice", 0, NULL) == SECUPOS_STATUS_INVALID_STATE);
    CHECK(secupos_till_recover(till, "twice", 3, &told, NULL) == SECUPOS_STATUS_NOT_FOUND);
    CHECK(secupos_payment_acknowledge(second, till, NULL) == SECUPOS_OK);
    secupos_payment_free(second);

    /* Also after a restart it is not asked for again. */
    secupos_till_free(till);
    till = open_till("twice", 0, 1000);
    list = recover_all(till, 1);
    CHECK(secupos_payment_attempt(secupos_payment_list_payment(list, 0)) == 1);
    CHECK(secupos_payment_next_action(secupos_payment_list_payment(list, 0), 0) == SECUPOS_ACTION_ASK_CASHIER);
    CHECK(!has_action(secupos_payment_list_payment(list, 0), SECUPOS_ACTION_REFUND));
    CHECK(strstr(secupos_payment_cashier_text(secupos_payment_list_payment(list, 0), SECUPOS_LANGUAGE_ENGLISH),
                 "was asked for before")
          != NULL);
    CHECK(secupos_payment_acknowledge(secupos_payment_list_payment(list, 0), till, NULL) == SECUPOS_OK);
    secupos_payment_list_free(list);
    secupos_payment_list_free(unfinished(till, 0));
    CHECK(charges() == charged + 2);
    secupos_till_free(till);
}

/* It is done, its answer is lost, and the service goes on saying ok. */
static void a_person_decides_about_a_reversal(void)
{
    secupos_till *till = open_till("reversal", SECUPOS_STATE_CREATE, 300);
    secupos_payment *payment = pay_attempt(till, "reversal", 1502, 1), *reversed = NULL;
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    CHECK(secupos_payment_acknowledge(payment, till, NULL) == SECUPOS_OK);
    secupos_payment_free(payment);
    CHECK(secupos_till_decide_reversal(till, "reversal", 0, SECUPOS_REVERSAL_DECISION_REVERSED, "M\xc3\xbcller", "slip",
                                       &reversed, NULL)
          == SECUPOS_STATUS_INVALID_STATE);
    control(given[1], "settings", "{\"reversal_lag_ms\": null}");
    control(given[1], "fault", "{\"endpoint\": \"cancel\", \"when\": \"after\", \"what\": \"reset\"}");
    CHECK(secupos_till_reverse(till, "reversal", 1, &reversed, NULL) == SECUPOS_OK);
    CHECK(outcome_of(reversed) == SECUPOS_OUTCOME_APPROVED);
    CHECK(secupos_payment_reversal(reversed) == SECUPOS_REVERSAL_UNKNOWN);
    CHECK(has_action(reversed, SECUPOS_ACTION_ASK_CASHIER) && !has_action(reversed, SECUPOS_ACTION_REFUND));
    secupos_payment_free(reversed);
    payment = start(till, "next customer", 1602);
    CHECK(outcome_of(payment) == SECUPOS_OUTCOME_NOT_STARTED);
    CHECK(secupos_payment_reason(payment) == SECUPOS_REASON_TERMINAL_BUSY);
    secupos_payment_free(payment);

    CHECK(secupos_till_decide_reversal(till, "reversal", 0, SECUPOS_REVERSAL_DECISION_REVERSED, "M\xc3\xbcller", "slip",
                                       &reversed, NULL)
          == SECUPOS_OK);
    CHECK(secupos_payment_outcome(reversed) == SECUPOS_OUTCOME_REVERSED);
    CHECK(secupos_payment_reversal(reversed) == SECUPOS_REVERSAL_DONE);
    CHECK(secupos_payment_decided_by(reversed) == SECUPOS_DECIDED_BY_OPERATOR);
    CHECK(secupos_payment_acknowledge(reversed, till, NULL) == SECUPOS_OK);
    secupos_payment_free(reversed);
    secupos_payment_list_free(unfinished(till, 0));
    payment = pay_attempt(till, "next customer", 1602, 2);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(payment);
    control(given[1], "settings", "{\"reversal_lag_ms\": 0}");
    secupos_till_free(till);
}

struct aborting {
    const secupos_till *till;
    int started;
    secupos_abort_result result;
    secupos_payment_list *seen;
};

/* The other thread: while the first one is in secupos_till_pay, it gets the running payment and asks to abort it. */
static void *abort_at_terminal(void *context)
{
    struct aborting *aborting = context;
    secupos_payment *payment;
    wait_for("requests", "/start/cashless", aborting->started);
    payment = recover(aborting->till, "aborted");
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_PENDING);
    CHECK(secupos_payment_abort(payment, &aborting->result, NULL) == SECUPOS_OK);
    aborting->seen = unfinished(aborting->till, 1);
    CHECK(secupos_payment_outcome(secupos_payment_list_payment(aborting->seen, 0)) == SECUPOS_OUTCOME_PENDING);
    secupos_payment_free(payment);
    return NULL;
}

static void an_abort_from_another_thread_is_a_request(secupos_till *till)
{
    struct aborting aborting = {NULL, 0, 0, NULL};
    pthread_t thread;
    secupos_sale *sale = sale_of("aborted", 302);
    secupos_payment *payment = NULL;
    secupos_abort_result result = 0;
    int charged = charges();
    aborting.till = till;
    aborting.started = starts();
    CHECK(pthread_create(&thread, NULL, abort_at_terminal, &aborting) == 0);
    CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(aborting.result == SECUPOS_ABORT_AT_TERMINAL);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED); /* the payment wins */
    CHECK(secupos_payment_abort(payment, &result, NULL) == SECUPOS_OK && result == SECUPOS_ABORT_TOO_LATE);
    /* What was listed while it was running has its outcome too: it is the same payment. */
    CHECK(secupos_payment_outcome(secupos_payment_list_payment(aborting.seen, 0)) == SECUPOS_OUTCOME_APPROVED);
    CHECK(charges() == charged + 1);
    secupos_payment_list_free(aborting.seen);
    secupos_payment_free(payment);
    secupos_sale_free(sale);
    CHECK(secupos_till_acknowledge(till, "aborted", 0, NULL) == SECUPOS_OK);
}

static void what_is_abandoned_in_time_is_never_started(secupos_till *till)
{
    secupos_payment *payment;
    secupos_abort_result result = 0;
    int started = starts();
    control(given[1], "fault", "{\"endpoint\": \"create\", \"when\": \"before\", \"what\": {\"delay\": 300}}");
    payment = start(till, "abandoned", 302);
    CHECK(secupos_payment_abort(payment, &result, NULL) == SECUPOS_OK && result == SECUPOS_ABORT_ABANDONED);
    CHECK(outcome_of(payment) == SECUPOS_OUTCOME_NOT_STARTED);
    CHECK(secupos_payment_reason(payment) == SECUPOS_REASON_ABANDONED);
    CHECK(starts() == started);
    secupos_payment_free(payment);
}

/* In each order: the till, the list, and a payment that was recovered. What was lent lives until its own list is freed. */
static void till_list_and_payment_are_freed_in_any_order(void)
{
    static const char *const orders[] = {"tlp", "tpl", "ltp", "lpt", "ptl", "plt"};
    secupos_till *till = open_till("order", SECUPOS_STATE_CREATE, 10000);
    secupos_payment *payment = start(till, "order", 102);
    CHECK(outcome_of(payment) == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(payment);
    secupos_till_free(till);
    for (int i = 0; i < 6; i++) {
        secupos_payment_list *list;
        const secupos_payment *lent;
        secupos_receipt *receipt = NULL;
        till = open_till("order", 0, 10000);
        list = unfinished(till, 1);
        lent = secupos_payment_list_payment(list, 0);
        payment = recover(till, "order");
        CHECK(secupos_payment_receipt(lent, SECUPOS_COPY_CUSTOMER, &receipt, NULL) == SECUPOS_OK);
        for (int at = 0; at < 3; at++) {
            switch (orders[i][at]) {
            case 't': secupos_till_free(till); till = NULL; break;
            case 'l': secupos_payment_list_free(list); list = NULL; lent = NULL; break;
            default: secupos_payment_free(payment); payment = NULL; break;
            }
            CHECK(lent == NULL || strcmp(secupos_payment_reference(lent), "order") == 0);
            CHECK(payment == NULL || secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
        }
        CHECK(secupos_receipt_line_count(receipt) > 10);
        secupos_receipt_free(receipt);
    }
}

static void payments_are_found_by_time_and_receipt_number(secupos_till *till)
{
    secupos_payment_list *list = NULL;
    secupos_payment *payment = recover(till, "again");
    int64_t number = secupos_payment_receipt_number(payment), at = secupos_payment_created_at(payment);
    CHECK(number > 0);
    CHECK(secupos_till_find_payments(till, at, at + 1, number, &list, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_list_count(list) == 1);
    CHECK(strcmp(secupos_payment_reference(secupos_payment_list_payment(list, 0)), "again") == 0);
    secupos_payment_list_free(list);
    CHECK(secupos_till_find_payments(till, at + 1, at, 0, &list, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_list_count(list) == 0);
    secupos_payment_list_free(list);
    CHECK(secupos_till_find_payments(till, 0, INT64_MAX, 0, &list, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_list_count(list) == 3); /* again, aborted, abandoned */
    secupos_payment_list_free(list);
    secupos_payment_free(payment);
}

static void a_lost_state_file_stops_payments_until_a_person_accepts_it(void)
{
    secupos_payment *payment;
    secupos_till *till = open_till("lost", SECUPOS_STATE_CREATE, 10000);
    secupos_till_free(till);
    CHECK(unlink(state_file("lost")) == 0);
    till = open_till("lost", 0, 10000);
    CHECK(refusal(till, "after the loss", 102) == SECUPOS_STATUS_STATE_FILE_DAMAGED);
    secupos_payment_list_free(unfinished(till, 0));
    CHECK(secupos_till_accept_journal_loss(till, "M\xc3\xbcller", NULL) == SECUPOS_OK);
    payment = start(till, "after the loss", 102);
    CHECK(outcome_of(payment) == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(payment);
    secupos_till_free(till);
}

/* The same service under another name. */
static void a_till_moves_only_where_a_person_says_so(void)
{
    char moved[100];
    secupos_config *config = settings("moved", SECUPOS_STATE_CREATE, 10000);
    secupos_till *till = NULL;
    secupos_payment *payment, *reversed = NULL;
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    payment = pay_attempt(till, "before", 1702, 1);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(payment);
    snprintf(moved, sizeof moved, "http://localhost%s", strrchr(given[1], ':'));
    CHECK(secupos_config_set_base_url(config, moved, NULL) == SECUPOS_OK);
    CHECK(secupos_till_rebind(config, "M\xc3\xbcller", "renamed", NULL) == SECUPOS_STATUS_STATE_FILE_LOCKED);
    secupos_till_free(till);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_STATUS_STATE_FILE_MISMATCH);
    CHECK(secupos_till_rebind(config, "", "renamed", NULL) == SECUPOS_STATUS_INVALID_ARGUMENT);
    CHECK(secupos_till_rebind(config, "M\xc3\xbcller", "renamed", NULL) == SECUPOS_OK);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    CHECK(secupos_till_reverse(till, "before", 0, &reversed, NULL) == SECUPOS_STATUS_INVALID_STATE);
    payment = pay_attempt(till, "after", 1802, 1);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(payment);
    secupos_till_free(till);
    secupos_config_free(config);
}

static void the_head_may_be_elsewhere(void)
{
    char head[300], beside[320];
    secupos_config *config;
    secupos_till *till = NULL;
    snprintf(head, sizeof head, "%s", state_file("elsewhere"));
    snprintf(beside, sizeof beside, "%s.head", state_file("without its head"));
    config = settings("without its head", SECUPOS_STATE_CREATE, 10000);
    CHECK(secupos_config_set_head_file(config, head, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_head_file(config, "", NULL) == SECUPOS_STATUS_INVALID_ARGUMENT);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    CHECK(access(head, F_OK) == 0 && access(beside, F_OK) != 0);
    secupos_till_free(till);
    secupos_config_free(config);
}

int main(int argc, char **argv)
{
    secupos_till *till;
    if (argc != 5)
        return 2;
    given = argv;
    TEST(a_killed_tills_payment_is_found_out_about());
    till = open_till("till", SECUPOS_STATE_CREATE, 10000);
    TEST(paying_again_joins_or_tells_again(till));
    TEST(an_abort_from_another_thread_is_a_request(till));
    TEST(what_is_abandoned_in_time_is_never_started(till));
    TEST(payments_are_found_by_time_and_receipt_number(till));
    secupos_till_free(till);
    TEST(a_person_decides_and_the_service_contradicts());
    TEST(what_was_paid_twice_is_to_be_refunded_once());
    TEST(a_person_decides_about_a_reversal());
    TEST(a_till_moves_only_where_a_person_says_so());
    TEST(the_head_may_be_elsewhere());
    TEST(till_list_and_payment_are_freed_in_any_order());
    TEST(a_lost_state_file_stops_payments_until_a_person_accepts_it());
    return tested();
}
