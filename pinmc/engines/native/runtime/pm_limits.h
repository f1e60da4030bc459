/* Limits, the clock, memory, and what a user's Ctrl-C does. */
#ifndef PM_LIMITS_H
#define PM_LIMITS_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

enum stop {
    GO_ON,
    STATES,      /* the numbers are part of the protocol */
    DEPTH,
    SECONDS,
    MEMORY,
    FIRST,
    INTERRUPTED,
    NO_MEMORY
};

/* When only the remainders of states are kept (pm_compact.h), if that is possible at all. */
enum compaction { NEVER_COMPACT, COMPACT_IF_NEEDED, ALWAYS_COMPACT };

struct limits {
    u64 states, depth, memory; /* UINT64_MAX: none */
    double seconds;            /* negative: none */
    int first;                 /* stop at the first violation */
    unsigned workers;
    enum compaction compact;
    u64 lines; /* of the first table */
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static void listen_for_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* A line "NAME:  123 kB" of this process's status, in bytes; 0 where there is no such file.
 * getrusage would count what the parent had before it started this program. */
static u64 status_bytes(const char *name)
{
    char line[256];
    unsigned long long kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    if (!file)
        return 0;
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, name, strlen(name))) {
            sscanf(line + strlen(name), "%llu", &kilobytes);
            break;
        }
    fclose(file);
    return (u64)kilobytes * 1024;
}

static u64 peak_memory(void)
{
    u64 peak = status_bytes("VmHWM:");
    struct rusage usage;
    if (peak || getrusage(RUSAGE_SELF, &usage))
        return peak;
#ifdef __APPLE__
    return (u64)usage.ru_maxrss;
#else
    return (u64)usage.ru_maxrss * 1024;
#endif
}

static void die(const char *what)
{
    fprintf(stderr, "pinmc runtime: %s\n", what);
    exit(70);
}

static void *must(void *memory)
{
    if (!memory)
        die("out of memory");
    return memory;
}

#endif
