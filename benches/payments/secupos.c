/* Card payments by secupos: secupos BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE STATE_FILE PAYMENTS. It prints the nanoseconds from the
 * call to the result for each payment. Of 0 payments the till is open until the input ends; of -1 one is taken at once, and its
 * outcome printed.
 */
#include <secupos.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static secupos_error *error;

static void must(secupos_status status)
{
    if (status == SECUPOS_OK)
        return;
    fprintf(stderr, "%s\n", secupos_error_message(error));
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static double pay(const secupos_till *till, int number)
{
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    char reference[64];
    double since, took;
    snprintf(reference, sizeof reference, "bench-%lld-%d", (long long)time(NULL) * 1000 + clock() % 1000, number);
    must(secupos_sale_new(reference, 20000 + number % 10000 * 100 + 2, "EUR", &sale, &error));
    since = now();
    must(secupos_till_pay(till, sale, &payment, &error));
    took = now() - since;
    if (secupos_payment_outcome(payment) != SECUPOS_OUTCOME_APPROVED) {
        fprintf(stderr, "%s\n", secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_ENGLISH));
        exit(1);
    }
    must(secupos_payment_acknowledge(payment, till, &error));
    secupos_payment_free(payment);
    secupos_sale_free(sale);
    return took;
}

int main(int argc, char **argv)
{
    secupos_config *config = NULL;
    secupos_till *till = NULL;
    int payments, number;
    if (argc != 7) {
        fprintf(stderr, "%s BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE STATE_FILE PAYMENTS\n", argv[0]);
        return 2;
    }
    payments = atoi(argv[6]);
    must(secupos_config_new(&config, &error));
    must(secupos_config_set_base_url(config, argv[1], &error));
    must(secupos_config_set_client_credentials(config, argv[2], argv[3], &error));
    must(secupos_config_set_device_code(config, argv[4], &error));
    must(secupos_config_set_state_file(config, argv[5], SECUPOS_STATE_CREATE, &error));
    must(secupos_till_open(config, &till, &error));
    secupos_config_free(config);
    if (payments == 0)
        while (getchar() != EOF)
            continue;
    if (payments < 0)
        printf("approved in %.0f\n", pay(till, 0));
    /* The first one logs in, and compares the journal with the service's list. */
    if (payments > 0)
        pay(till, 0);
    for (number = 1; number <= payments; number++)
        printf("%.0f\n", pay(till, number));
    secupos_till_free(till);
    return 0;
}
