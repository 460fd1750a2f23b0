/* A test's smallest tools: CHECK looks, TEST counts, and the program ends with what was counted. */
#ifndef CHECK_H
#define CHECK_H

#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <time.h>

static int checks_failed, tests_passed, tests_failed;

#define CHECK(condition) \
    ((condition) ? (void)0 \
                 : (void)(checks_failed++, fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition)))

/* Runs one test, which has passed if all that it CHECKs is so. */
#define TEST(call)                                                 \
    do {                                                           \
        int failed_before = checks_failed;                         \
        call;                                                      \
        *(checks_failed == failed_before ? &tests_passed : &tests_failed) += 1; \
    } while (0)

static int threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    while (tasks != NULL && readdir(tasks) != NULL)
        count++;
    closedir(tasks);
    return count - 2; /* . and .. */
}

/* The last thing that main() does. Freeing waits for nothing, but once all is freed the library's threads end by
 * themselves; valgrind then sees a process in which whatever is left is a leak. */
static void all_threads_end(void)
{
    const struct timespec pause = {0, 10 * 1000 * 1000};
    for (int i = 0; i < 2000 && threads() > 1; i++)
        nanosleep(&pause, NULL);
    CHECK(threads() == 1);
}

static int tested(void)
{
    TEST(all_threads_end());
    printf("%d passed, %d failed\n", tests_passed, tests_failed);
    return checks_failed != 0 || tests_failed != 0;
}

#endif
