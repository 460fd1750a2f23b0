/* A plug-in's life: the library is loaded at run time, takes a payment, is unloaded while another one is running, and
 * the process ends. Not linked with the library.
 *
 *     loaded BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE LIBRARY
 */
#include "../c/check.h"
#include <dlfcn.h>
#include <secupos.h>

static void *library;

/* A data pointer becomes a function's only through memory, says C. */
#define LOAD(name)                                            \
    __typeof__(&name) name##_loaded;                          \
    do {                                                      \
        void *symbol = dlsym(library, #name);                 \
        CHECK(symbol != NULL);                                \
        memcpy(&name##_loaded, &symbol, sizeof symbol);       \
    } while (0)

static void pays_and_is_unloaded(char **given)
{
    secupos_config *config = NULL;
    secupos_till *till = NULL;
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    library = dlopen(given[5], RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
    LOAD(secupos_abi_version);
    LOAD(secupos_config_new);
    LOAD(secupos_config_set_base_url);
    LOAD(secupos_config_set_client_credentials);
    LOAD(secupos_config_set_device_code);
    LOAD(secupos_config_set_state_file);
    LOAD(secupos_config_free);
    LOAD(secupos_till_open);
    LOAD(secupos_till_pay);
    LOAD(secupos_till_start_payment);
    LOAD(secupos_till_free);
    LOAD(secupos_sale_new);
    LOAD(secupos_sale_free);
    LOAD(secupos_payment_outcome);
    LOAD(secupos_payment_free);
    CHECK(secupos_abi_version_loaded() == SECUPOS_ABI_VERSION);
    CHECK(secupos_config_new_loaded(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url_loaded(config, given[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials_loaded(config, given[2], given[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_device_code_loaded(config, given[4], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file_loaded(config, state_file("till"), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    CHECK(secupos_till_open_loaded(config, &till, NULL) == SECUPOS_OK);
    secupos_config_free_loaded(config);
    CHECK(secupos_sale_new_loaded("r1", 1, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay_loaded(till, sale, &payment, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_outcome_loaded(payment) == SECUPOS_OUTCOME_APPROVED);
    secupos_payment_free_loaded(payment);
    secupos_sale_free_loaded(sale);
    CHECK(secupos_sale_new_loaded("r2", 3, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_start_payment_loaded(till, sale, &payment, NULL) == SECUPOS_OK);
    secupos_payment_free_loaded(payment);
    secupos_sale_free_loaded(sale);
    secupos_till_free_loaded(till);
    /* Its threads are at work. Were their code unmapped, the process would die here. */
    CHECK(threads() > 1);
    CHECK(dlclose(library) == 0);
}

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    TEST(pays_and_is_unloaded(argv));
    return tested();
}
