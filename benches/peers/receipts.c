/* Both receipts of an answer, read and drawn as text, again and again: receipts FILE ROUNDS. It prints nanoseconds for one round,
 * the median of a hundred parts.
 */
#include <secupos.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static size_t draw(const char *json, size_t length, int copy)
{
    secupos_receipt *receipt = NULL;
    secupos_bytes *text = NULL;
    size_t drawn;
    if (secupos_receipt_parse(json, length, copy, &receipt, NULL) != SECUPOS_OK
        || secupos_receipt_render(receipt, NULL, &text, NULL) != SECUPOS_OK)
        exit(1);
    drawn = secupos_bytes_len(text);
    secupos_bytes_free(text);
    secupos_receipt_free(receipt);
    return drawn;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static int by_size(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;
    return difference < 0 ? -1 : difference > 0;
}

int main(int argc, char **argv)
{
    static char json[1 << 20];
    double took[100];
    FILE *file = fopen(argv[1], "rb");
    size_t length = fread(json, 1, sizeof json, file), drawn = 0;
    int rounds = atoi(argv[2]) / 100, part, round;
    (void)argc;
    fclose(file);
    for (part = 0; part < 100; part++) {
        double since = now();
        for (round = 0; round < rounds; round++)
            drawn += draw(json, length, SECUPOS_COPY_CUSTOMER) + draw(json, length, SECUPOS_COPY_MERCHANT);
        took[part] = (now() - since) / rounds;
    }
    qsort(took, 100, sizeof *took, by_size);
    printf("{\"nanoseconds\": %.0f, \"drawn\": %zu}\n", took[50], drawn);
    return 0;
}
