/* Memory straight from the operating system: zeros, on huge pages where there is much of it, and
 * given back piece by piece. */
#ifndef PM_MEMORY_H
#define PM_MEMORY_H

#include <unistd.h>

#define HUGE_PAGE ((size_t)2 << 20)
#define PAGE ((size_t)sysconf(_SC_PAGESIZE))

static void pages_close(void *memory, size_t bytes)
{
    if (memory && bytes)
        munmap(memory, bytes);
}

static void *map_pages(size_t bytes)
{
    void *memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* `bytes`, a multiple of a page, from the beginning of a huge page on. NULL when there is none. */
static void *map_huge_pages(size_t bytes)
{
    char *memory = map_pages(bytes + HUGE_PAGE);
    if (!memory)
        return NULL;
    const size_t before = (HUGE_PAGE - (size_t)(uintptr_t)memory % HUGE_PAGE) % HUGE_PAGE;
    pages_close(memory, before);
    pages_close(memory + before + bytes, HUGE_PAGE - before);
#ifdef MADV_HUGEPAGE
    madvise(memory + before, bytes, MADV_HUGEPAGE);
#endif
    return memory + before;
}

static size_t whole_pages(size_t bytes)
{
    return (bytes + PAGE - 1) / PAGE * PAGE;
}

/* NULL when there is none. */
static void *pages_open(size_t bytes)
{
    return bytes < 2 * HUGE_PAGE ? map_pages(bytes) : map_huge_pages(whole_pages(bytes));
}

/* `memory`, or a larger copy of it, with room for one more than `count`. */
static void *more_room(void *memory, size_t *room, size_t count, size_t size)
{
    if (count < *room)
        return memory;
    *room = *room ? 2 * *room : 8;
    return must(realloc(memory, *room * size));
}

/* Gives back what of `from` to `to` fills whole pages. What is read there later is not defined. */
static void pages_forget(void *memory, size_t from, size_t to, size_t page)
{
#ifdef MADV_DONTNEED
    const size_t base = (size_t)(uintptr_t)memory;
    const size_t begin = (base + from + page - 1) / page * page, end = (base + to) / page * page;
    if (begin < end)
        madvise((char *)memory + (begin - base), end - begin, MADV_DONTNEED);
#else
    (void)memory, (void)from, (void)to, (void)page;
#endif
}

#endif
