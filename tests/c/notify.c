/* Being told that something is done: once, whenever that is, and never after the handle is freed. Whatever becomes of a
 * notice, its userdata is freed once.
 *
 *     notify BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "check.h"
#include <pthread.h>
#include <secupos.h>

static char **given;

/* What a notice is given. */
typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int begun, told, freed;
    pthread_t thread;
    /* What the callback does. */
    secupos_payment *pays, *frees;
    secupos_outcome outcome;
    int ends_callbacks;
    int pause_ms;
} receiver;

static void prepare(receiver *own)
{
    memset(own, 0, sizeof *own);
    pthread_mutex_init(&own->lock, NULL);
    pthread_cond_init(&own->changed, NULL);
    own->outcome = -1;
}

static void count_up(receiver *own, int *what)
{
    pthread_mutex_lock(&own->lock);
    ++*what;
    pthread_cond_broadcast(&own->changed);
    pthread_mutex_unlock(&own->lock);
}

static int now(receiver *own, const int *what)
{
    int count;
    pthread_mutex_lock(&own->lock);
    count = *what;
    pthread_mutex_unlock(&own->lock);
    return count;
}

/* Waits until it has been counted so often; a minute is for ever. */
static void wait_for(receiver *own, const int *what, int times)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 60;
    pthread_mutex_lock(&own->lock);
    while (*what < times && pthread_cond_timedwait(&own->changed, &own->lock, &end) == 0)
        ;
    CHECK(*what == times);
    pthread_mutex_unlock(&own->lock);
}

static void pause_for(int ms)
{
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&pause, NULL);
}

static void SECUPOS_CALL done(void *userdata)
{
    receiver *own = userdata;
    own->thread = pthread_self();
    count_up(own, &own->begun);
    CHECK(own->freed == 0);
    if (own->pays != NULL)
        CHECK(secupos_payment_wait(own->pays, -1, &own->outcome, NULL) == SECUPOS_OK);
    pause_for(own->pause_ms);
    if (own->ends_callbacks)
        secupos_end_callbacks();
    secupos_payment_free(own->frees);
    count_up(own, &own->told);
}

static void SECUPOS_CALL let_go(void *userdata)
{
    receiver *own = userdata;
    count_up(own, &own->freed);
}

static secupos_till *open_till(const char *name, const char *device_code)
{
    secupos_till *till = NULL;
    secupos_config *config = NULL;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, given[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, given[2], given[3], NULL) == SECUPOS_OK);
    if (device_code != NULL)
        CHECK(secupos_config_set_device_code(config, device_code, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file(config, state_file(name), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    secupos_config_free(config);
    return till;
}

static secupos_payment *begin(const secupos_till *till, const char *reference)
{
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    CHECK(secupos_sale_new(reference, 102, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_start_payment(till, sale, &payment, NULL) == SECUPOS_OK);
    secupos_sale_free(sale);
    return payment;
}

static void ask(const secupos_payment *payment, receiver *own)
{
    CHECK(secupos_payment_notify(payment, done, own, let_go, NULL) == SECUPOS_OK);
}

static void it_is_told_once_when_it_is_done_and_at_once_if_it_is_already(void)
{
    secupos_till *till = open_till("told", given[4]);
    secupos_payment *payment = begin(till, "r1");
    receiver before, after;
    prepare(&before);
    prepare(&after);
    before.pays = after.pays = payment;
    ask(payment, &before);
    wait_for(&before, &before.freed, 1);
    CHECK(before.outcome == SECUPOS_OUTCOME_APPROVED);
    CHECK(!pthread_equal(before.thread, pthread_self()));
    ask(payment, &after);
    wait_for(&after, &after.freed, 1);
    CHECK(after.outcome == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(payment);
    secupos_till_free(till);
    CHECK(before.told == 1 && before.freed == 1 && after.told == 1 && after.freed == 1);
}

static void who_asks_twice_is_told_twice(void)
{
    secupos_till *till = open_till("twice", given[4]);
    secupos_payment *payment = begin(till, "r1");
    receiver first, second;
    prepare(&first);
    prepare(&second);
    ask(payment, &first);
    /* And one whose userdata nobody frees. */
    CHECK(secupos_payment_notify(payment, done, &second, NULL, NULL) == SECUPOS_OK);
    wait_for(&first, &first.freed, 1);
    wait_for(&second, &second.told, 1);
    secupos_payment_free(payment);
    secupos_till_free(till);
    CHECK(first.told == 1 && first.freed == 1 && second.told == 1 && second.freed == 0);
}

static void what_is_freed_before_it_is_done_tells_nobody_and_goes_on(void)
{
    secupos_till *till = open_till("early", given[4]);
    secupos_payment *payment, *other;
    receiver own, others;
    prepare(&own);
    prepare(&others);
    payment = begin(till, "r1");
    /* Another handle for the same payment. */
    other = begin(till, "r1");
    ask(payment, &own);
    ask(other, &others);
    secupos_payment_free(payment);
    CHECK(own.begun == 0 && own.freed == 1);
    wait_for(&others, &others.freed, 1);
    CHECK(secupos_payment_outcome(other) == SECUPOS_OUTCOME_APPROVED && own.begun == 0 && own.freed == 1);
    secupos_payment_free(other);
    secupos_till_free(till);
}

static void to_free_what_is_being_told_waits_for_it(void)
{
    secupos_till *till = open_till("slow", given[4]);
    secupos_payment *payment = begin(till, "r1");
    receiver own;
    prepare(&own);
    own.pause_ms = 300;
    ask(payment, &own);
    wait_for(&own, &own.begun, 1);
    secupos_payment_free(payment);
    CHECK(own.told == 1 && own.freed == 1);
    secupos_till_free(till);
}

/* The payment of the one and that of the other: each frees what the other hears of, and neither waits. */
static void a_callback_may_free_its_own_payment_and_that_of_another_callback(void)
{
    secupos_till *till = open_till("frees", given[4]);
    secupos_payment *payment = begin(till, "r1");
    secupos_payment *same = begin(till, "r1");
    receiver own, others;
    prepare(&own);
    prepare(&others);
    own.frees = same;
    others.frees = payment;
    own.pause_ms = others.pause_ms = 100;
    ask(payment, &own);
    ask(same, &others);
    wait_for(&own, &own.freed, 1);
    wait_for(&others, &others.freed, 1);
    CHECK(own.told == 1 && others.told == 1);

    payment = begin(till, "r1");
    prepare(&own);
    own.frees = payment;
    ask(payment, &own);
    wait_for(&own, &own.freed, 1);
    CHECK(own.told == 1);
    secupos_till_free(till);
}

static void a_payment_of_a_list_is_told_until_the_list_is_freed(void)
{
    secupos_till *till = open_till("list", given[4]);
    secupos_payment *payment = begin(till, "r1");
    secupos_payment_list *list = NULL;
    secupos_outcome outcome;
    receiver own;
    CHECK(secupos_payment_wait(payment, -1, &outcome, NULL) == SECUPOS_OK);
    CHECK(secupos_till_unfinished(till, &list, NULL) == SECUPOS_OK && secupos_payment_list_count(list) == 1);
    prepare(&own);
    own.pause_ms = 100;
    ask(secupos_payment_list_payment(list, 0), &own);
    wait_for(&own, &own.begun, 1);
    secupos_payment_list_free(list);
    CHECK(own.told == 1 && own.freed == 1);
    secupos_payment_free(payment);
    secupos_till_free(till);
}

static void after_the_end_of_all_callbacks_nobody_is_told(void)
{
    secupos_till *till = open_till("end", given[4]);
    secupos_payment *payment = begin(till, "r1");
    secupos_outcome outcome;
    receiver own;
    prepare(&own);
    ask(payment, &own);
    secupos_end_callbacks();
    CHECK(own.begun == 0 && own.freed == 1);
    CHECK(secupos_payment_wait(payment, -1, &outcome, NULL) == SECUPOS_OK && outcome == SECUPOS_OUTCOME_APPROVED);
    CHECK(own.begun == 0 && own.freed == 1);
    /* One that ends them all itself. */
    prepare(&own);
    own.ends_callbacks = 1;
    ask(payment, &own);
    wait_for(&own, &own.freed, 1);
    CHECK(own.told == 1);
    secupos_payment_free(payment);
    secupos_till_free(till);
}

static void an_aborted_payment_and_a_reversal_are_told_of(void)
{
    secupos_till *till = open_till("others", given[4]);
    secupos_payment *payment = begin(till, "r1");
    secupos_abort_result aborted;
    receiver own;
    prepare(&own);
    ask(payment, &own);
    CHECK(secupos_payment_abort(payment, &aborted, NULL) == SECUPOS_OK);
    wait_for(&own, &own.freed, 1);
    CHECK(secupos_payment_outcome(payment) != SECUPOS_OUTCOME_PENDING);
    secupos_payment_free(payment);

    payment = begin(till, "r2");
    CHECK(secupos_payment_wait(payment, -1, &own.outcome, NULL) == SECUPOS_OK);
    CHECK(own.outcome == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(payment);
    prepare(&own);
    CHECK(secupos_till_reverse(till, "r2", 0, &payment, NULL) == SECUPOS_OK);
    ask(payment, &own);
    wait_for(&own, &own.freed, 1);
    CHECK(secupos_payment_reversal(payment) == SECUPOS_REVERSAL_DONE);
    secupos_payment_free(payment);
    secupos_till_free(till);
}

static void a_report_is_told_of(void)
{
    secupos_till *till = open_till("report", given[4]);
    secupos_report *report = NULL;
    secupos_report_outcome outcome = -1;
    receiver own;
    prepare(&own);
    CHECK(secupos_till_run_diagnosis(till, 0, &report, NULL) == SECUPOS_OK);
    CHECK(secupos_report_notify(report, done, &own, let_go, NULL) == SECUPOS_OK);
    wait_for(&own, &own.freed, 1);
    CHECK(secupos_report_wait(report, 0, &outcome, NULL) == SECUPOS_OK && outcome == SECUPOS_REPORT_DONE);
    secupos_report_free(report);
    secupos_till_free(till);
}

static void a_registration_is_told_of_also_if_its_till_is_closed(void)
{
    secupos_till *till = open_till("registration", NULL);
    secupos_registration *registration = NULL;
    secupos_registration_state state = SECUPOS_REGISTRATION_PENDING;
    receiver own;
    prepare(&own);
    CHECK(secupos_till_register(till, "/vendor/unknown/cashier/1", &registration, NULL) == SECUPOS_OK);
    while (state == SECUPOS_REGISTRATION_PENDING && secupos_registration_user_code(registration) == NULL)
        CHECK(secupos_registration_wait(registration, 10, &state, NULL) == SECUPOS_OK);
    CHECK(secupos_registration_notify(registration, done, &own, let_go, NULL) == SECUPOS_OK);
    CHECK(now(&own, &own.begun) == 0);
    secupos_till_free(till);
    wait_for(&own, &own.freed, 1);
    CHECK(secupos_registration_wait(registration, 0, &state, NULL) == SECUPOS_STATUS_INVALID_STATE);
    secupos_registration_free(registration);
}

/* The userdata is the library's even if the call fails. */
static void what_is_refused_is_freed_at_once(void)
{
    secupos_till *till = open_till("refused", given[4]);
    secupos_payment *payment = begin(till, "r1");
    receiver own;
    prepare(&own);
    CHECK(secupos_payment_notify(payment, NULL, &own, let_go, NULL) == SECUPOS_STATUS_NULL_ARGUMENT);
    CHECK(own.freed == 1);
    CHECK(secupos_payment_notify(NULL, done, &own, let_go, NULL) == SECUPOS_STATUS_NULL_ARGUMENT);
    CHECK(own.freed == 2 && own.begun == 0);
    secupos_payment_free(payment);
    CHECK(own.freed == 2);
    secupos_till_free(till);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    given = argv;
    TEST(it_is_told_once_when_it_is_done_and_at_once_if_it_is_already());
    TEST(who_asks_twice_is_told_twice());
    TEST(what_is_freed_before_it_is_done_tells_nobody_and_goes_on());
    TEST(to_free_what_is_being_told_waits_for_it());
    TEST(a_callback_may_free_its_own_payment_and_that_of_another_callback());
    TEST(a_payment_of_a_list_is_told_until_the_list_is_freed());
    TEST(after_the_end_of_all_callbacks_nobody_is_told());
    TEST(an_aborted_payment_and_a_reversal_are_told_of());
    TEST(a_report_is_told_of());
    TEST(a_registration_is_told_of_also_if_its_till_is_closed());
    TEST(what_is_refused_is_freed_at_once());
    return tested();
}
