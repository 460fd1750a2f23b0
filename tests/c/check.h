/* A test's smallest tools: CHECK counts, and the program ends with what was counted. */
#ifndef CHECK_H
#define CHECK_H

#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <time.h>

static int checks_passed, checks_failed;

#define CHECK(condition) \
    ((condition) ? (void)checks_passed++ \
                 : (void)(checks_failed++, fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition)))

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
static int checked(void)
{
    const struct timespec pause = {0, 10 * 1000 * 1000};
    for (int i = 0; i < 2000 && threads() > 1; i++)
        nanosleep(&pause, NULL);
    CHECK(threads() == 1);
    printf("%d passed, %d failed\n", checks_passed, checks_failed);
    return checks_failed != 0 || checks_passed == 0;
}

#endif
