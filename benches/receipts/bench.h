/* What all programs in C here do alike: PROGRAM ANSWER prints both receipts of an answer; PROGRAM ANSWER PARTS ROUNDS reads and draws
 * them so often, and prints the nanoseconds of one round for each part.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One copy as text, to be freed: "receipt" or "receipt_merchant". */
static char *drawn(const char *json, size_t length, const char *copy);

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static size_t draw(const char *json, size_t length, const char *copy, FILE *out)
{
    char *text = drawn(json, length, copy);
    size_t size = strlen(text);
    if (out != NULL)
        fputs(text, out);
    free(text);
    return size;
}

int main(int argc, char **argv)
{
    static char json[1 << 20];
    FILE *file = argc == 2 || argc == 4 ? fopen(argv[1], "rb") : NULL;
    size_t length, size = 0;
    int part, round, parts, rounds;
    if (file == NULL) {
        fprintf(stderr, "%s ANSWER [PARTS ROUNDS]\n", argv[0]);
        return 2;
    }
    length = fread(json, 1, sizeof json - 1, file);
    fclose(file);
    if (argc == 2) {
        draw(json, length, "receipt", stdout);
        draw(json, length, "receipt_merchant", stdout);
        return 0;
    }
    parts = atoi(argv[2]);
    rounds = atoi(argv[3]);
    for (part = 0; part < parts; part++) {
        double since = now();
        for (round = 0; round < rounds; round++)
            size += draw(json, length, "receipt", NULL) + draw(json, length, "receipt_merchant", NULL);
        printf("%.0f\n", (now() - since) / rounds);
    }
    return size == 0;
}
