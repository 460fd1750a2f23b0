/* A payment stays in doubt, and the till is started again and again: the next customer waits for the end of its grace, which
 * is measured by a clock that nobody can set, and no longer.
 *
 *     grace BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE [STATE_FILE REFERENCE]
 *
 * With a state file it is one of the later starts: it takes one payment, and ends with its outcome.
 */
#include "control.h"
#include <secupos.h>
#include <sys/wait.h>

static secupos_till *open_till(char **given, const char *path, secupos_state_flags flags, int64_t resolve_ms)
{
    secupos_config *config = NULL;
    secupos_till *till = NULL;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, given[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, given[2], given[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_device_code(config, given[4], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file(config, path, flags, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_timeout_ms(config, SECUPOS_TIMEOUT_RESOLVE, resolve_ms, NULL) == SECUPOS_OK);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    secupos_config_free(config);
    return till;
}

static secupos_payment *pay(const secupos_till *till, const char *reference, int64_t amount)
{
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    CHECK(secupos_sale_new(reference, amount, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
    secupos_sale_free(sale);
    return payment;
}

static int pay_as_a_later_start(char **given)
{
    secupos_till *till = open_till(given, given[5], 0, 300);
    secupos_payment *payment = pay(till, given[6], 202);
    const int outcome = secupos_payment_outcome(payment);
    secupos_payment_free(payment);
    secupos_till_free(till);
    return checks_failed == 0 ? outcome : 99;
}

/* The outcome of a payment that is taken by a process of its own, so many seconds later. */
static int outcome_later(char **given, const char *seconds, const char *reference)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        execl("tools/later", "later", seconds, given[0], given[1], given[2], given[3], given[4], state_file("grace"),
              reference, (char *)NULL);
        _exit(98);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void the_next_customer_waits_for_the_end_of_the_grace(char **given)
{
    secupos_till *till = open_till(given, state_file("grace"), SECUPOS_STATE_CREATE, 300);
    secupos_payment *payment, *found = NULL;
    secupos_outcome outcome = SECUPOS_OUTCOME_UNKNOWN;
    int charged = count(given[1], "ledger", "\"change\"");
    /* It is sent and never arrives, as far as anybody can see. */
    control(given[1], "fault", "{\"endpoint\": \"start\", \"when\": \"before\", \"what\": \"reset\"}");
    payment = pay(till, "in doubt", 102);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_UNKNOWN);
    secupos_payment_free(payment);
    secupos_till_free(till);

    /* 370 s: connecting 10, a request 30, a payment 300, and 30. */
    CHECK(outcome_later(given, "0", "at once") == SECUPOS_OUTCOME_NOT_STARTED);
    CHECK(outcome_later(given, "300", "after 300 s") == SECUPOS_OUTCOME_NOT_STARTED);
    CHECK(outcome_later(given, "380", "after 380 s") == SECUPOS_OUTCOME_APPROVED);
    CHECK(outcome_later(given, "0", "whatever the clocks show then") == SECUPOS_OUTCOME_APPROVED);

    /* It is told never to start, and 12 s later the service says that it was aborted. */
    till = open_till(given, state_file("grace"), 0, 30000);
    CHECK(secupos_till_recover(till, "in doubt", 0, &found, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_wait(found, -1, &outcome, NULL) == SECUPOS_OK);
    CHECK(outcome == SECUPOS_OUTCOME_NOT_STARTED);
    CHECK(secupos_payment_reason(found) == SECUPOS_REASON_NEVER_STARTED);
    secupos_payment_free(found);
    secupos_till_free(till);
    CHECK(count(given[1], "ledger", "\"change\"") == charged + 2);
}

int main(int argc, char **argv)
{
    if (argc == 7)
        return pay_as_a_later_start(argv);
    if (argc != 5)
        return 2;
    TEST(the_next_customer_waits_for_the_end_of_the_grace(argv));
    return tested();
}
