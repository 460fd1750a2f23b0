/* Sells a bread roll for 0.01 EUR and prints both receipts: the whole of a till, in C99.
 *
 *     pay BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE REFERENCE STATE_FILE
 *
 * Kill it while the customer stands at the terminal and start it again: it tells what became of the payment.
 */
#include <secupos.h>
#include <stdio.h>
#include <string.h>

/* Says what went wrong and forgets it. Nothing was charged. */
static int refuse(secupos_error *error)
{
    fprintf(stderr, "%s\n%s\n", secupos_error_message(error),
            secupos_error_cashier_text(error, SECUPOS_LANGUAGE_ENGLISH));
    secupos_error_free(error);
    return 1;
}

static secupos_till *open_till(char **argv, secupos_error **error)
{
    secupos_till *till = NULL;
    secupos_config *config = NULL;
    if (secupos_config_new(&config, error) == SECUPOS_OK
        && secupos_config_set_base_url(config, argv[1], error) == SECUPOS_OK
        && secupos_config_set_client_credentials(config, argv[2], argv[3], error) == SECUPOS_OK
        && secupos_config_set_device_code(config, argv[4], error) == SECUPOS_OK
        /* A real till makes the file once, when it is set up. Here each run may be the first. */
        && secupos_config_set_state_file(config, argv[6], SECUPOS_STATE_CREATE, error) == SECUPOS_OK)
        secupos_till_open(config, &till, error);
    secupos_config_free(config);
    return till;
}

static secupos_sale *one_bread_roll(const char *reference, secupos_error **error)
{
    secupos_sale *sale = NULL;
    if (secupos_sale_new(reference, 1, "EUR", &sale, error) != SECUPOS_OK)
        return NULL;
    if (secupos_sale_add_item(sale, "Br\xc3\xb6tchen", 1, 1, 7, "70000", NULL, error) != SECUPOS_OK) {
        secupos_sale_free(sale);
        return NULL;
    }
    return sale;
}

static int print_receipt(const secupos_payment *payment, secupos_copy copy)
{
    secupos_bytes *text = NULL;
    secupos_error *error = NULL;
    if (secupos_payment_render_receipt(payment, copy, NULL, &text, &error) != SECUPOS_OK)
        return refuse(error);
    printf("------------------------------------------\n%s", secupos_bytes_data(text));
    secupos_bytes_free(text);
    return 0;
}

/* What the library says is to be done next, in its order: a till needs no decision table of its own. */
static int do_next(const secupos_payment *payment)
{
    int failed = 0;
    for (size_t i = 0; i < secupos_payment_next_action_count(payment); i++) {
        switch (secupos_payment_next_action(payment, i)) {
        case SECUPOS_ACTION_PRINT_MERCHANT: failed |= print_receipt(payment, SECUPOS_COPY_MERCHANT); break;
        case SECUPOS_ACTION_PRINT_CUSTOMER: failed |= print_receipt(payment, SECUPOS_COPY_CUSTOMER); break;
        case SECUPOS_ACTION_TAKE_SIGNATURE: printf(">> The customer signs the merchant's receipt.\n"); break;
        case SECUPOS_ACTION_TRY_AGAIN: printf(">> Another attempt may be offered.\n"); break;
        case SECUPOS_ACTION_RECOVER_LATER: printf(">> Ask again later.\n"); break;
        case SECUPOS_ACTION_LOOK_AT_TERMINAL: printf(">> Look at the terminal.\n"); break;
        case SECUPOS_ACTION_ASK_CASHIER: printf(">> Is there a slip? What is booked?\n"); break;
        /* These three are told once: whoever does them twice pays twice. */
        case SECUPOS_ACTION_REFUND: printf(">> Give the money back.\n"); break;
        case SECUPOS_ACTION_COLLECT: printf(">> Collect the money.\n"); break;
        case SECUPOS_ACTION_COLLECT_REST:
            printf(">> Collect the rest in another way, or under a new reference: %lld cents.\n",
                   (long long)secupos_payment_amount_due(payment));
            break;
        case SECUPOS_ACTION_CALL_SUPPORT: printf(">> Call the support.\n"); break;
        case SECUPOS_ACTION_CHECK_UNFINISHED: break; /* when this payment is done: pay() */
        default: break; /* a newer library's: the cashier's text says it */
        }
    }
    return failed;
}

static int has_action(const secupos_payment *payment, secupos_action action)
{
    for (size_t i = 0; i < secupos_payment_next_action_count(payment); i++)
        if (secupos_payment_next_action(payment, i) == action)
            return 1;
    return 0;
}

static const char *word(secupos_signature signature)
{
    switch (signature) {
    case SECUPOS_SIGNATURE_REQUIRED: return "required";
    case SECUPOS_SIGNATURE_NOT_REQUIRED: return "not_required";
    default: return "unknown";
    }
}

static void print_numbers(const secupos_payment *payment)
{
    secupos_receipt *receipt = NULL;
    if (secupos_payment_receipt(payment, SECUPOS_COPY_MERCHANT, &receipt, NULL) != SECUPOS_OK)
        return;
    const char *printed = secupos_receipt_field(receipt, "receipt_no");
    printf("------------------------------------------\n");
    printf("signature: %s\n", word(secupos_payment_signature(payment)));
    printf("receipt number on the slip: %s\n", printed ? printed : "none");
    printf("receipt number: %lld\n", (long long)secupos_payment_receipt_number(payment));
    secupos_receipt_free(receipt);
}

/* Shows what became of a payment, does what is to be done next, and books it, by reference and attempt: whatever moved money
 * is acknowledged, unless it is on its way back. */
static int finish(const secupos_till *till, const secupos_payment *payment)
{
    secupos_error *error = NULL;
    secupos_outcome outcome = secupos_payment_outcome(payment);
    int failed;
    printf("outcome: %s\n%s\n", secupos_outcome_name(outcome),
           secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_ENGLISH));
    failed = do_next(payment) | (outcome != SECUPOS_OUTCOME_APPROVED);
    print_numbers(payment);
    if (secupos_payment_reversal(payment) != SECUPOS_REVERSAL_UNKNOWN
        && (outcome == SECUPOS_OUTCOME_APPROVED || outcome == SECUPOS_OUTCOME_REVERSED
            || secupos_payment_conflict(payment))
        && secupos_payment_acknowledge(payment, till, &error) != SECUPOS_OK)
        failed |= refuse(error);
    return failed;
}

/* What an earlier run has left open, because it was killed or the power failed. Starts nothing.
 * Whether the sale that is to be paid now was among it and has been paid. */
static int paid_earlier(const secupos_till *till, const char *sale)
{
    secupos_payment_list *left = NULL;
    secupos_error *error = NULL;
    int paid = 0;
    if (secupos_till_recover_all(till, 60000, &left, &error) != SECUPOS_OK) /* within a minute */
        refuse(error);
    for (size_t i = 0; i < secupos_payment_list_count(left); i++) {
        const secupos_payment *payment = secupos_payment_list_payment(left, i);
        const char *reference = secupos_payment_reference(payment);
        printf(">> Left open earlier: %s\n", reference);
        finish(till, payment);
        paid |= secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED && strcmp(reference, sale) == 0;
    }
    secupos_payment_list_free(left);
    return paid;
}

/* Paying a second time with the same reference would be safe, too: nothing is charged twice. */
static int pay(const secupos_till *till, const char *reference)
{
    secupos_error *error = NULL;
    secupos_payment *payment = NULL;
    secupos_sale *sale = one_bread_roll(reference, &error);
    int failed;
    if (sale == NULL || secupos_till_pay(till, sale, &payment, &error) != SECUPOS_OK)
        failed = refuse(error);
    else
        failed = finish(till, payment);
    if (has_action(payment, SECUPOS_ACTION_CHECK_UNFINISHED)) /* something else waits to be told */
        paid_earlier(till, reference);
    secupos_payment_free(payment);
    secupos_sale_free(sale);
    return failed;
}

int main(int argc, char **argv)
{
    secupos_error *error = NULL;
    secupos_till *till;
    int failed;
    if (argc != 7) {
        fprintf(stderr, "usage: pay BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE REFERENCE STATE_FILE\n");
        return 2;
    }
    till = open_till(argv, &error);
    if (till == NULL)
        return refuse(error);
    failed = paid_earlier(till, argv[5]) ? 0 : pay(till, argv[5]);
    secupos_till_free(till);
    return failed;
}
