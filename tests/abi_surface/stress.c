/* Threads that use the same handles at the same time: every function of the header that takes a shared handle, from each
 * of them, in an order of its own. What comes back must be what the header documents. stress.rs writes the calls.
 *
 *     stress STATE_FILE ROUNDS
 */
#include "count.h"
#include "judge.h"
#include <pthread.h>

#define THREADS 3

static const char *state_file;
static int rounds;

/* What the first thread has made, and lends to the others. */
#define SHARED(noun) static secupos_##noun *lent_##noun;
#include "shared.inc"
#undef SHARED

struct tally {
    size_t first;
    int calls, wrong;
};

static void call(size_t which)
{
    switch (which) {
#include "calls.inc"
    }
}

static void *use(void *argument)
{
    struct tally *tally = argument;
    make_exclusive(state_file);
#define SHARED(noun) good_##noun = lent_##noun;
#include "shared.inc"
#undef SHARED
    for (int round = 0; round < rounds; round++)
        for (size_t i = 0; i < CALLS; i++)
            call((i + tally->first) % CALLS);
    secupos_config_free(good_config);
    secupos_sale_free(good_sale);
    secupos_render_options_free(good_render_options);
    tally->calls = calls;
    tally->wrong = wrong;
    return NULL;
}

int main(int count, char **arguments)
{
    pthread_t threads[THREADS];
    struct tally tallies[THREADS], sum = {0, 0, 0};
    if (count != 3)
        return 2;
    state_file = arguments[1];
    rounds = atoi(arguments[2]);
    make_exclusive(state_file);
    make_shared();
#define SHARED(noun) lent_##noun = good_##noun;
#include "shared.inc"
#undef SHARED
    for (size_t i = 0; i < THREADS; i++) {
        tallies[i].first = i * CALLS / THREADS;
        if (pthread_create(&threads[i], NULL, use, &tallies[i]) != 0)
            return 2;
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        sum.calls += tallies[i].calls;
        sum.wrong += tallies[i].wrong;
    }
#define HANDLE(noun) secupos_##noun##_free(good_##noun);
#include "handles.inc"
#undef HANDLE
    printf("threads=%d calls=%d wrong=%d\n", THREADS, sum.calls, sum.wrong);
    return sum.wrong != 0;
}
