/* The receipts of an answer by secupos, through its C ABI. */
#include "bench.h"
#include <secupos.h>

static char *drawn(const char *json, size_t length, const char *copy)
{
    secupos_receipt *receipt = NULL;
    secupos_bytes *bytes = NULL;
    int32_t which = strcmp(copy, "receipt") == 0 ? SECUPOS_COPY_CUSTOMER : SECUPOS_COPY_MERCHANT;
    char *text;
    if (secupos_receipt_parse(json, length, which, &receipt, NULL) != SECUPOS_OK
        || secupos_receipt_render(receipt, NULL, &bytes, NULL) != SECUPOS_OK)
        exit(1);
    text = malloc(secupos_bytes_len(bytes) + 1);
    strcpy(text, secupos_bytes_data(bytes));
    secupos_bytes_free(bytes);
    secupos_receipt_free(receipt);
    return text;
}
