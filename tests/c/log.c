/* The log in C: who receives it may do what he likes, no payment hears of it, and the userdata is freed once.
 *
 *     log BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "check.h"
#include <pthread.h>
#include <secupos.h>

/* What a callback is given; the fields are read once it has been freed, or under the lock. */
typedef struct {
    pthread_mutex_t lock;
    int lines, requests, ended, freed, secrets;
    char **argv;
    /* What the callback does at the end of the first payment. */
    secupos_till *till;
    secupos_outcome inner;
    int ends_logs;
    int is_slow;
    int running;
} receiver;

static int contains(const char *line, const char *words) { return strstr(line, words) != NULL; }

static void SECUPOS_CALL receive(secupos_log_level level, const char *line, void *userdata)
{
    receiver *own = userdata;
    secupos_till *till = NULL;
    const struct timespec pause = {0, 300 * 1000 * 1000};
    pthread_mutex_lock(&own->lock);
    own->running = 1;
    CHECK(own->freed == 0);
    CHECK(level >= SECUPOS_LOG_ERROR && level <= SECUPOS_LOG_DEBUG);
    own->lines++;
    own->requests += contains(line, " request ");
    own->secrets += contains(line, "canary") || contains(line, own->argv[3]) || contains(line, own->argv[4]);
    if (contains(line, "payment 1 attempt 1 ends: approved")) {
        own->ended++;
        till = own->till;
        own->till = NULL;
    }
    pthread_mutex_unlock(&own->lock);
    if (till != NULL) {
        secupos_sale *sale = NULL;
        secupos_payment *payment = NULL;
        CHECK(secupos_sale_new("inside", 102, "EUR", &sale, NULL) == SECUPOS_OK);
        CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
        own->inner = secupos_payment_outcome(payment);
        secupos_payment_free(payment);
        secupos_sale_free(sale);
        secupos_till_free(till);
        if (own->ends_logs)
            secupos_end_callbacks();
    }
    if (own->is_slow)
        nanosleep(&pause, NULL);
    pthread_mutex_lock(&own->lock);
    own->running = 0;
    pthread_mutex_unlock(&own->lock);
}

static void SECUPOS_CALL let_go(void *userdata)
{
    receiver *own = userdata;
    pthread_mutex_lock(&own->lock);
    own->freed++;
    pthread_mutex_unlock(&own->lock);
}

static int freed(receiver *own)
{
    int count;
    pthread_mutex_lock(&own->lock);
    count = own->freed;
    pthread_mutex_unlock(&own->lock);
    return count;
}

/* Waits for the last line; the log's thread ends by itself. */
static void wait_until_freed(receiver *own)
{
    const struct timespec pause = {0, 10 * 1000 * 1000};
    for (int i = 0; i < 2000 && freed(own) == 0; i++)
        nanosleep(&pause, NULL);
    CHECK(freed(own) == 1);
}

static void prepare(receiver *own, char **argv)
{
    memset(own, 0, sizeof *own);
    pthread_mutex_init(&own->lock, NULL);
    own->argv = argv;
}

static secupos_config *settings(char **argv, const char *name, receiver *own)
{
    secupos_config *config = NULL;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, argv[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, argv[2], argv[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_device_code(config, argv[4], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file(config, state_file(name), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_log(config, SECUPOS_LOG_DEBUG, receive, own, let_go, NULL) == SECUPOS_OK);
    return config;
}

static secupos_till *opened(const secupos_config *config)
{
    secupos_till *till = NULL;
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    return till;
}

static secupos_payment *begin(secupos_till *till)
{
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    CHECK(secupos_sale_new("r1", 102, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_start_payment(till, sale, &payment, NULL) == SECUPOS_OK);
    secupos_sale_free(sale);
    return payment;
}

/* Settings, till and payment, let go of in each order while the payment runs: each line comes, then the one freeing. */
static void the_userdata_is_freed_once_whatever_the_order(char **argv)
{
    static const char *const orders[] = {"ctp", "cpt", "tcp", "tpc", "pct", "ptc"};
    for (int i = 0; i < 6; i++) {
        receiver own;
        secupos_config *config;
        secupos_till *till;
        secupos_payment *payment;
        char name[20];
        prepare(&own, argv);
        snprintf(name, sizeof name, "order-%d", i);
        config = settings(argv, name, &own);
        till = opened(config);
        payment = begin(till);
        for (const char *next = orders[i]; *next != 0; next++) {
            CHECK(freed(&own) == 0);
            if (*next == 'c')
                secupos_config_free(config);
            else if (*next == 't')
                secupos_till_free(till);
            else
                secupos_payment_free(payment);
        }
        wait_until_freed(&own);
        CHECK(own.ended == 1 && own.requests >= 3 && own.secrets == 0);
    }
}

/* The callback pays at the till whose payment it hears of, and frees it. */
static void a_callback_may_use_and_free_its_till(char **argv, int ends_logs)
{
    receiver own;
    secupos_config *config;
    secupos_payment *payment;
    secupos_outcome outcome;
    prepare(&own, argv);
    config = settings(argv, ends_logs ? "inside-ended" : "inside", &own);
    own.ends_logs = ends_logs;
    own.till = opened(config);
    secupos_config_free(config);
    payment = begin(own.till);
    CHECK(secupos_payment_wait(payment, -1, &outcome, NULL) == SECUPOS_OK && outcome == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free(payment);
    wait_until_freed(&own);
    CHECK(own.inner == SECUPOS_OUTCOME_APPROVED && own.ended == 1);
}

static void after_the_end_no_line_comes(char **argv)
{
    receiver own;
    secupos_config *config;
    secupos_till *till;
    secupos_payment *payment;
    secupos_outcome outcome;
    int lines;
    prepare(&own, argv);
    config = settings(argv, "ended", &own);
    till = opened(config);
    payment = begin(till);
    secupos_end_callbacks();
    CHECK(freed(&own) == 1);
    lines = own.lines;
    CHECK(secupos_payment_wait(payment, -1, &outcome, NULL) == SECUPOS_OK && outcome == SECUPOS_OUTCOME_APPROVED);
    CHECK(own.lines == lines && freed(&own) == 1);
    secupos_end_callbacks();
    secupos_payment_free(payment);
    secupos_till_free(till);
    secupos_config_free(config);
    CHECK(freed(&own) == 1);
}

/* Waits for the end; by then the callback is not running, and the userdata is freed. */
static void *end_logs(void *userdata)
{
    receiver *own = userdata;
    int running;
    secupos_end_callbacks();
    pthread_mutex_lock(&own->lock);
    running = own->running;
    pthread_mutex_unlock(&own->lock);
    CHECK(running == 0 && freed(own) == 1);
    return NULL;
}

static void each_thread_that_ends_the_logs_waits_for_the_callback(char **argv)
{
    const struct timespec pause = {0, 10 * 1000 * 1000};
    receiver own;
    secupos_config *config;
    secupos_till *till;
    pthread_t threads[3];
    int running = 0;
    prepare(&own, argv);
    own.is_slow = 1;
    config = settings(argv, "threads", &own);
    till = opened(config); /* which says so */
    for (int i = 0; i < 2000 && !running; i++) {
        nanosleep(&pause, NULL);
        pthread_mutex_lock(&own.lock);
        running = own.running;
        pthread_mutex_unlock(&own.lock);
    }
    CHECK(running == 1);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, end_logs, &own) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    secupos_till_free(till);
    secupos_config_free(config);
}

/* The userdata is the library's even if the call fails. */
static void what_is_refused_or_off_is_freed_at_once(char **argv)
{
    secupos_config *config = NULL;
    receiver own;
    prepare(&own, argv);
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_log(config, SECUPOS_LOG_INFO, NULL, &own, let_go, NULL) == SECUPOS_STATUS_NULL_ARGUMENT);
    CHECK(own.freed == 1);
    CHECK(secupos_config_set_log(config, 5, receive, &own, let_go, NULL) == SECUPOS_STATUS_INVALID_ARGUMENT);
    CHECK(own.freed == 2);
    CHECK(secupos_config_set_log(NULL, SECUPOS_LOG_INFO, receive, &own, let_go, NULL) == SECUPOS_STATUS_NULL_ARGUMENT);
    CHECK(own.freed == 3);
    CHECK(secupos_config_set_log(config, SECUPOS_LOG_OFF, NULL, &own, let_go, NULL) == SECUPOS_OK);
    CHECK(own.freed == 4 && own.lines == 0);
    /* One that is replaced has no line left to say. */
    prepare(&own, argv);
    CHECK(secupos_config_set_log(config, SECUPOS_LOG_INFO, receive, &own, let_go, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_log(config, SECUPOS_LOG_OFF, NULL, NULL, NULL, NULL) == SECUPOS_OK);
    wait_until_freed(&own);
    secupos_config_free(config);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    TEST(the_userdata_is_freed_once_whatever_the_order(argv));
    TEST(a_callback_may_use_and_free_its_till(argv, 0));
    TEST(a_callback_may_use_and_free_its_till(argv, 1));
    TEST(after_the_end_no_line_comes(argv));
    TEST(each_thread_that_ends_the_logs_waits_for_the_callback(argv));
    TEST(what_is_refused_or_off_is_freed_at_once(argv));
    return tested();
}
