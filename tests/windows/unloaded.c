/* A plug-in's life: the library is loaded at run time, and unloaded while a payment is running. Were its code taken away
 * from under its threads, the process would die. Not linked with the library.
 *
 *     unloaded BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "check.h"
#include <secupos.h>
#include <string.h>

static HMODULE library;

/* A function of the library. The type is that of its declaration. */
#define LOAD(name)                                              \
    __typeof__(&name) name##_loaded;                            \
    do {                                                        \
        FARPROC found = GetProcAddress(library, #name);         \
        CHECK(found != NULL);                                   \
        memcpy(&name##_loaded, &found, sizeof found);           \
    } while (0)

int main(int argc, char **argv)
{
    secupos_config *config = NULL;
    secupos_till *till = NULL;
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    if (argc != 5)
        return 2;
    library = LoadLibraryW(L"libsecupos.dll");
    CHECK(library != NULL);
    LOAD(secupos_config_new);
    LOAD(secupos_config_set_base_url);
    LOAD(secupos_config_set_client_credentials);
    LOAD(secupos_config_set_device_code);
    LOAD(secupos_config_set_state_file_w);
    LOAD(secupos_till_open);
    LOAD(secupos_till_start_payment);
    LOAD(secupos_till_free);
    LOAD(secupos_sale_new);
    LOAD(secupos_payment_outcome);
    LOAD(secupos_payment_free);
    CHECK(secupos_config_new_loaded(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url_loaded(config, argv[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials_loaded(config, argv[2], argv[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_device_code_loaded(config, argv[4], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file_w_loaded(config, in_folder(L"till.db"), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    CHECK(secupos_till_open_loaded(config, &till, NULL) == SECUPOS_OK);
    CHECK(secupos_sale_new_loaded("r1", 102, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_start_payment_loaded(till, sale, &payment, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_outcome_loaded(payment) == SECUPOS_OUTCOME_PENDING);
    secupos_payment_free_loaded(payment);
    secupos_till_free_loaded(till);
    CHECK(FreeLibrary(library));
    /* Longer than the customer takes. */
    Sleep(3000);
    puts("1 passed, 0 failed");
    return 0;
}
