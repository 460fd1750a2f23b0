/* A till's day on the simulator, in C99: it registers, takes payments, reverses one, and closes the day.
 *
 *     day BASE_URL CLIENT_ID CLIENT_SECRET STATE_FILE
 *
 * On the simulator the amount says how the payment goes (secupos simulate --help).
 */
#include <secupos.h>
#include <stdio.h>
#include <stdlib.h>

/* A newer library may say what this program has not heard of: that reads as the first word, the safe one. */
static const char *word(const char *const *words, size_t count, int32_t number)
{
    return words[number >= 0 && (size_t)number < count ? number : 0];
}
#define WORD(words, number) word(words, sizeof words / sizeof words[0], number)

static const char *const signatures[] = {"unknown", "required", "not_required"};
static const char *const reports[] = {"may_have_run", "done", "refused", "not_run", "pending"};
static const char *const registrations[] = {"unregistered", "registered", "pending", "denied", "expired"};

static secupos_error *error;

/* Whatever comes back as an error has sent nothing. A day with one is over here; a real till shows it and goes on. */
static void must(secupos_status status)
{
    if (status == SECUPOS_OK)
        return;
    fprintf(stderr, "%s\n%s\n", secupos_error_message(error),
            secupos_error_cashier_text(error, SECUPOS_LANGUAGE_ENGLISH));
    exit(1);
}

static secupos_till *open_till(char **argv)
{
    secupos_till *till = NULL;
    secupos_config *config = NULL;
    must(secupos_config_new(&config, &error));
    must(secupos_config_set_base_url(config, argv[1], &error));
    must(secupos_config_set_client_credentials(config, argv[2], argv[3], &error));
    /* Once, when the till is set up. */
    must(secupos_config_set_state_file(config, argv[4], SECUPOS_STATE_CREATE, &error));
    must(secupos_till_open(config, &till, &error));
    secupos_config_free(config);
    return till;
}

/* Once, too: from then on the state file says which device the till is. */
static void become_a_device(const secupos_till *till)
{
    secupos_registration *registration = NULL;
    secupos_registration_state state = SECUPOS_REGISTRATION_PENDING;
    printf("== The till registers\n");
    must(secupos_till_register(till, "/vendor/unknown/cashier/1", &registration, &error));
    while (secupos_registration_user_code(registration) == NULL && state == SECUPOS_REGISTRATION_PENDING)
        must(secupos_registration_wait(registration, 20, &state, &error));
    /* Which code and where differs each time: stderr. */
    fprintf(stderr, "Enter %s at %s\n", secupos_registration_user_code(registration),
            secupos_registration_verification_url(registration));
    must(secupos_registration_wait(registration, -1, &state, &error));
    printf("%s\n", WORD(registrations, state));
    secupos_registration_free(registration);
}

static void show(const secupos_payment *payment)
{
    size_t count = secupos_payment_next_action_count(payment);
    printf("%s, attempt %d: %s\n", secupos_payment_reference(payment), (int)secupos_payment_attempt(payment),
           secupos_outcome_name(secupos_payment_outcome(payment)));
    printf("%s\n", secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_ENGLISH));
    for (size_t i = 0; i < count; i++)
        printf("%s%s", i ? ", " : "next: ", secupos_action_name(secupos_payment_next_action(payment, i)));
    printf("\nsignature: %s, receipt number: %lld\n", WORD(signatures, secupos_payment_signature(payment)),
           (long long)secupos_payment_receipt_number(payment));
}

/* Takes one payment and takes over its result. examples/c/pay.c prints and books, too. */
static secupos_outcome sell(const secupos_till *till, const char *reference, int attempt, int64_t amount)
{
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    secupos_outcome outcome;
    must(secupos_sale_new(reference, amount, "EUR", &sale, &error));
    must(secupos_sale_set_attempt(sale, attempt, &error));
    must(secupos_till_pay(till, sale, &payment, &error));
    show(payment);
    outcome = secupos_payment_outcome(payment);
    if (outcome == SECUPOS_OUTCOME_APPROVED)
        must(secupos_payment_acknowledge(payment, till, &error)); /* a real till does first what next says */
    secupos_payment_free(payment);
    secupos_sale_free(sale);
    return outcome;
}

static void reverse(const secupos_till *till, const char *reference)
{
    secupos_payment *payment = NULL;
    secupos_outcome outcome;
    printf("== The customer wants the money of %s back\n", reference);
    must(secupos_till_reverse(till, reference, 0, &payment, &error));
    must(secupos_payment_wait(payment, -1, &outcome, &error));
    printf("reversal: %s\n", secupos_reversal_name(secupos_payment_reversal(payment)));
    show(payment);
    if (secupos_payment_reversal(payment) == SECUPOS_REVERSAL_DONE)
        must(secupos_payment_acknowledge(payment, till, &error));
    secupos_payment_free(payment);
}

static void print(secupos_bytes *text)
{
    printf("%s", secupos_bytes_data(text));
    secupos_bytes_free(text);
}

static void finish(secupos_report *report, const char *name)
{
    secupos_report_outcome outcome;
    secupos_bytes *text = NULL;
    must(secupos_report_wait(report, -1, &outcome, &error));
    printf("%s: %s\n", name, WORD(reports, outcome));
    must(secupos_report_render(report, NULL, &text, &error));
    print(text);
    secupos_report_free(report);
}

static void print_again(const secupos_till *till, const char *reference)
{
    secupos_payment *payment = NULL;
    secupos_render_options *options = NULL;
    secupos_bytes *text = NULL;
    secupos_outcome outcome;
    printf("== The customer of %s has lost the receipt\n", reference);
    must(secupos_till_recover(till, reference, 0, &payment, &error)); /* asks the state file alone: it is known */
    must(secupos_payment_wait(payment, -1, &outcome, &error));
    must(secupos_render_options_new(&options, &error));
    must(secupos_render_options_set_duplicate(options, 1, &error));
    must(secupos_payment_render_receipt(payment, SECUPOS_COPY_CUSTOMER, options, &text, &error));
    print(text);
    secupos_render_options_free(options);
    secupos_payment_free(payment);
}

int main(int argc, char **argv)
{
    secupos_till *till;
    secupos_report *report = NULL;
    secupos_payment_list *left = NULL;
    if (argc != 5) {
        fprintf(stderr, "usage: day BASE_URL CLIENT_ID CLIENT_SECRET STATE_FILE\n");
        return 2;
    }
    till = open_till(argv);
    become_a_device(till);

    printf("== Direct debit: the customer signs\n");
    sell(till, "day/1", 1, 1201);
    printf("== girocard\n");
    sell(till, "day/2", 1, 1202);
    printf("== Credit card: the customer signs\n");
    sell(till, "day/3", 1, 1204);
    printf("== The first card is declined, the second is not\n");
    if (sell(till, "day/4", 1, 1210) == SECUPOS_OUTCOME_FAILED)
        sell(till, "day/4", 2, 1210);
    printf("== The connection breaks while the customer pays: the library asks until it knows\n");
    sell(till, "day/5", 1, 1209);

    reverse(till, "day/2");
    printf("== The terminal looks after itself\n");
    must(secupos_till_run_diagnosis(till, 0, &report, &error));
    finish(report, "diagnosis");
    printf("== The day is closed\n");
    must(secupos_till_unfinished(till, &left, &error));
    printf("left open: %d\n", (int)secupos_payment_list_count(left));
    secupos_payment_list_free(left);
    must(secupos_till_run_end_of_day(till, 0, &report, &error));
    finish(report, "end of day");
    print_again(till, "day/1");

    secupos_till_free(till);
    return 0;
}
