// A wall clock that somebody has set: LD_PRELOAD=wall-clock.so WALL_CLOCK_SECONDS=-3600 COMMAND…
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static time_t set_by(void)
{
    const char *seconds = getenv("WALL_CLOCK_SECONDS");
    return seconds ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    const int failed = real(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += set_by();
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec precisely;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precisely);
    now->tv_sec = precisely.tv_sec;
    now->tv_usec = precisely.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *where)
{
    struct timespec precisely;
    clock_gettime(CLOCK_REALTIME, &precisely);
    if (where)
        *where = precisely.tv_sec;
    return precisely.tv_sec;
}
