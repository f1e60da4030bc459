/* What workers share: counters without locks, and doing something with all of them. */
#ifndef PM_SHARED_H
#define PM_SHARED_H

#if defined(__TINYC__)
#define PM_THREADS 0
#define PREFETCH(address) ((void)(address))
#define LIKELY(x) (x)
#else
#define PM_THREADS 1
#define PREFETCH(address) __builtin_prefetch(address)
#define LIKELY(x) __builtin_expect(!!(x), 1)
#endif

#if PM_THREADS
#include <pthread.h>
#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define STORE(x, value) __atomic_store_n(&(x), value, __ATOMIC_RELAXED)
#define TAKE(x, value) __atomic_fetch_add(&(x), value, __ATOMIC_RELAXED)
#define SET_BITS(x, bits) __atomic_fetch_or(&(x), bits, __ATOMIC_RELAXED)
#define CLEAR_BITS(x, bits) __atomic_fetch_and(&(x), ~(bits), __ATOMIC_RELAXED)
#else
#define LOAD(x) (x)
#define STORE(x, value) ((x) = (value))
#define TAKE(x, value) (((x) += (value)) - (value))
#define SET_BITS(x, bits) ((x) |= (bits))
#define CLEAR_BITS(x, bits) ((x) &= ~(bits))
#endif

#define CACHE_LINE 64

static inline u64 load_word(const u64 *word)
{
#if PM_THREADS
    return __atomic_load_n(word, __ATOMIC_RELAXED);
#else
    return *word;
#endif
}

static inline void store_word(u64 *word, u64 value)
{
#if PM_THREADS
    __atomic_store_n(word, value, __ATOMIC_RELAXED);
#else
    *word = value;
#endif
}

static inline u64 load_head(const u64 *line)
{
#if PM_THREADS
    return __atomic_load_n(line, __ATOMIC_ACQUIRE);
#else
    return *line;
#endif
}

static inline void store_head(u64 *line, u64 head)
{
#if PM_THREADS
    __atomic_store_n(line, head, __ATOMIC_RELEASE);
#else
    *line = head;
#endif
}

/* One thread's part of a job. */
struct part {
    void (*work)(void *job, unsigned worker);
    void *job;
    unsigned worker;
};

#if PM_THREADS
static void *run_part(void *argument)
{
    const struct part *part = argument;
    part->work(part->job, part->worker);
    return NULL;
}
#endif

/* Calls `work` with the numbers of all workers, each in a thread. */
static void in_parallel(unsigned workers, void (*work)(void *job, unsigned worker), void *job)
{
#if PM_THREADS
    if (workers == 1) {
        work(job, 0);
        return;
    }
    pthread_t *threads = must(malloc(workers * sizeof *threads));
    struct part *parts = must(malloc(workers * sizeof *parts));
    for (unsigned i = 1; i < workers; i++) {
        parts[i] = (struct part){ work, job, i };
        if (pthread_create(&threads[i], NULL, run_part, &parts[i]))
            die("a thread could not be started");
    }
    work(job, 0);
    for (unsigned i = 1; i < workers; i++)
        pthread_join(threads[i], NULL);
    free(parts);
    free(threads);
#else
    (void)workers;
    work(job, 0);
#endif
}

#endif
