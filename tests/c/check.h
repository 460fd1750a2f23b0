/* A test's smallest tools: CHECK looks, TEST counts, state files are made in a folder of the test's own, and the program
 * ends with what was counted. */
#ifndef CHECK_H
#define CHECK_H

#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

static char folder[200];

/* Where a till's state file is, or will be. */
static const char *state_file(const char *name)
{
    static char path[300];
    if (folder[0] == 0) {
        const char *temporary = getenv("TMPDIR");
        snprintf(folder, sizeof folder, "%s/secupos-test-XXXXXX", temporary != NULL ? temporary : "/tmp");
        if (mkdtemp(folder) == NULL) {
            perror(folder);
            exit(2);
        }
    }
    snprintf(path, sizeof path, "%s/%s.db", folder, name);
    return path;
}

static void remove_state_files(void)
{
    DIR *files = opendir(folder);
    struct dirent *file;
    while (files != NULL && (file = readdir(files)) != NULL) {
        char path[500];
        snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
        unlink(path);
    }
    if (files != NULL)
        closedir(files);
    CHECK(rmdir(folder) == 0);
}

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
    remove_state_files();
    printf("%d passed, %d failed\n", tests_passed, tests_failed);
    return checks_failed != 0 || tests_failed != 0;
}

#endif
