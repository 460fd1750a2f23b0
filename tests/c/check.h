/* A test's smallest tools: CHECK counts, and the program ends with what was counted. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

static int checks_passed, checks_failed;

#define CHECK(condition) \
    ((condition) ? (void)checks_passed++ \
                 : (void)(checks_failed++, fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition)))

/* The last thing that main() does. */
static int checked(void)
{
    printf("%d passed, %d failed\n", checks_passed, checks_failed);
    return checks_failed != 0 || checks_passed == 0;
}

#endif
