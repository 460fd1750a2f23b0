/* A server that resets connections, and a C program that has never heard of SIGPIPE: its default would end the process.
 *
 *     broken_pipe BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "control.h"
#include <pthread.h>
#include <secupos.h>
#include <signal.h>

static int charged;

static secupos_till *open_till(char **given)
{
    secupos_config *config = NULL;
    secupos_till *till = NULL;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, given[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, given[2], given[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_device_code(config, given[4], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file(config, state_file("till"), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_timeout_ms(config, SECUPOS_TIMEOUT_RESOLVE, 5000, NULL) == SECUPOS_OK);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    secupos_config_free(config);
    return till;
}

/* Who is reset while logging in has begun nothing; otherwise the service says what became of the payment. */
static void no_reset_ends_the_process(char **given, const char *endpoint, const char *when, int64_t amount,
                                      secupos_outcome expected)
{
    char fault[200], reference[100];
    secupos_till *till = open_till(given);
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    snprintf(fault, sizeof fault, "{\"endpoint\": \"%s\", \"when\": \"%s\", \"what\": \"reset\"}", endpoint, when);
    snprintf(reference, sizeof reference, "%s %s", endpoint, when);
    control(given[1], "fault", fault);
    CHECK(secupos_sale_new(reference, amount, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_outcome(payment) == expected);
    charged += expected == SECUPOS_OUTCOME_APPROVED;
    CHECK(count(given[1], "ledger", "\"change\"") == charged);
    secupos_payment_free(payment);
    secupos_sale_free(sale);
    secupos_till_free(till);
}

struct errand {
    char **given;
    secupos_till *till;
    secupos_payment *payment;
};

static void *begin(void *argument)
{
    struct errand *errand = argument;
    secupos_sale *sale = NULL;
    errand->till = open_till(errand->given);
    CHECK(secupos_sale_new("a thread's", 1, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_start_payment(errand->till, sale, &errand->payment, NULL) == SECUPOS_OK);
    secupos_sale_free(sale);
    return NULL;
}

/* The thread that opened the till and began the payment is gone when its outcome comes. */
static void a_payment_outlives_the_thread_that_began_it(char **given)
{
    struct errand errand = {given, NULL, NULL};
    pthread_t thread;
    secupos_outcome outcome = SECUPOS_OUTCOME_UNKNOWN;
    CHECK(pthread_create(&thread, NULL, begin, &errand) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(secupos_payment_wait(errand.payment, -1, &outcome, NULL) == SECUPOS_OK);
    CHECK(outcome == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(errand.payment);
    secupos_till_free(errand.till);
}

int main(int argc, char **argv)
{
    struct sigaction now;
    if (argc != 5)
        return 2;
    /* Whoever started this program may have ignored it. */
    signal(SIGPIPE, SIG_DFL);
    TEST(no_reset_ends_the_process(argv, "token", "before", 11, SECUPOS_OUTCOME_NOT_STARTED));
    TEST(no_reset_ends_the_process(argv, "start", "during", 13, SECUPOS_OUTCOME_APPROVED));
    TEST(no_reset_ends_the_process(argv, "start", "after", 15, SECUPOS_OUTCOME_APPROVED));
    TEST(no_reset_ends_the_process(argv, "read", "before", 17, SECUPOS_OUTCOME_APPROVED));
    TEST(a_payment_outlives_the_thread_that_began_it(argv));
    CHECK(sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL);
    return tested();
}
