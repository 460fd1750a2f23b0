/* A till without a device code becomes a device of the service: confirmed, refused, too late.
 *
 *     registration BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "control.h"
#include <secupos.h>

#define UUID "/vendor/unknown/cashier/1"

static char **given;

/* No device code is given to it, the second time neither. */
static secupos_till *open_till(const char *name)
{
    secupos_till *till = NULL;
    secupos_config *config = NULL;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, given[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, given[2], given[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file(config, state_file(name), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    secupos_config_free(config);
    return till;
}

static secupos_registration_state state_of(const secupos_till *till)
{
    secupos_registration_state state = -1;
    CHECK(secupos_till_registration_state(till, &state, NULL) == SECUPOS_OK);
    return state;
}

static secupos_registration_state ended(const secupos_registration *registration)
{
    secupos_registration_state state = -1;
    CHECK(secupos_registration_wait(registration, 30000, &state, NULL) == SECUPOS_OK);
    return state;
}

/* A registration of which the service has said what the person needs. */
static secupos_registration *begin(const secupos_till *till)
{
    secupos_registration *registration = NULL;
    secupos_registration_state state = SECUPOS_REGISTRATION_PENDING;
    CHECK(secupos_till_register(till, UUID, &registration, NULL) == SECUPOS_OK);
    while (state == SECUPOS_REGISTRATION_PENDING && secupos_registration_user_code(registration) == NULL)
        CHECK(secupos_registration_wait(registration, 10, &state, NULL) == SECUPOS_OK);
    return registration;
}

static void pay_as_the_device(const secupos_till *till, const char *reference)
{
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    secupos_bytes *json = NULL;
    CHECK(secupos_sale_new(reference, 102, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    CHECK(secupos_payment_to_json(payment, &json, NULL) == SECUPOS_OK);
    CHECK(strstr(secupos_bytes_data(json), "\"grant\":\"device\"") != NULL);
    secupos_bytes_free(json);
    secupos_payment_free(payment);
    secupos_sale_free(sale);
}

static void a_confirmed_till_is_that_device_also_after_a_restart(void)
{
    char confirmation[100];
    secupos_till *till = open_till("confirmed");
    secupos_registration *registration;
    CHECK(state_of(till) == SECUPOS_REGISTRATION_UNREGISTERED);
    registration = begin(till);
    CHECK(strcmp(secupos_registration_verification_url(registration), "http://www.secuoffice.com") == 0);
    CHECK(secupos_registration_expires_at(registration) / 1000 > time(NULL) + 1000);
    CHECK(state_of(till) == SECUPOS_REGISTRATION_PENDING);
    snprintf(confirmation, sizeof confirmation, "{\"user_code\": \"%s\"}",
             secupos_registration_user_code(registration));
    control(given[1], "confirm-device", confirmation);
    CHECK(ended(registration) == SECUPOS_REGISTRATION_REGISTERED);
    CHECK(state_of(till) == SECUPOS_REGISTRATION_REGISTERED);
    pay_as_the_device(till, "as the device");
    secupos_till_free(till);
    /* What it was told outlives the till. */
    CHECK(ended(registration) == SECUPOS_REGISTRATION_REGISTERED);
    secupos_registration_free(registration);

    till = open_till("confirmed");
    CHECK(state_of(till) == SECUPOS_REGISTRATION_REGISTERED);
    pay_as_the_device(till, "after a restart");
    secupos_till_free(till);
}

static void who_is_refused_is_told(void)
{
    secupos_till *till = open_till("denied");
    secupos_registration *registration = begin(till);
    control(given[1], "fault",
            "{\"endpoint\": \"token\", \"when\": \"before\","
            " \"what\": {\"answer\": {\"status\": 400, \"body\": \"{\\\"error\\\":\\\"access_denied\\\"}\"}}}");
    CHECK(ended(registration) == SECUPOS_REGISTRATION_DENIED);
    CHECK(state_of(till) == SECUPOS_REGISTRATION_DENIED);
    secupos_registration_free(registration);
    secupos_till_free(till);
}

static void who_is_confirmed_by_nobody_is_told(void)
{
    secupos_till *till = open_till("expired");
    secupos_registration *registration;
    control(given[1], "settings", "{\"registration_lifetime_s\": 1}");
    registration = begin(till);
    CHECK(ended(registration) == SECUPOS_REGISTRATION_EXPIRED);
    CHECK(state_of(till) == SECUPOS_REGISTRATION_EXPIRED);
    secupos_registration_free(registration);
    secupos_till_free(till);
}

static void what_is_no_name_of_a_device_is_refused_and_nothing_sent(void)
{
    static const char *const names[] = {"", "cashier/1", "/vendor/unknown/cashier/1\n"};
    secupos_till *till = open_till("refused");
    int requests = count(given[1], "requests", "\"path\"");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        secupos_registration *registration = (secupos_registration *)&till;
        secupos_error *error = NULL;
        CHECK(secupos_till_register(till, names[i], &registration, &error) == SECUPOS_STATUS_INVALID_ARGUMENT);
        CHECK(registration == NULL && strncmp(secupos_error_message(error), "device_name ", 12) == 0);
        secupos_error_free(error);
    }
    CHECK(state_of(till) == SECUPOS_REGISTRATION_UNREGISTERED);
    CHECK(count(given[1], "requests", "\"path\"") == requests);
    secupos_till_free(till);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    given = argv;
    control(given[1], "settings", "{\"poll_interval_s\": 1}");
    TEST(a_confirmed_till_is_that_device_also_after_a_restart());
    TEST(who_is_refused_is_told());
    TEST(who_is_confirmed_by_nobody_is_told());
    TEST(what_is_no_name_of_a_device_is_refused_and_nothing_sent());
    return tested();
}
