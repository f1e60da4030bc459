/* The set of all states: exact, open addressing, linear probing, the packed states themselves.
 *
 * Word 0 of a state has its tag set, so 0 is an empty place. With several threads a place of more
 * than one word is claimed by putting BUSY there until the other words are written. */
#ifndef PM_TABLE_H
#define PM_TABLE_H

#define BUSY 1ULL
#define HUGE_PAGE ((size_t)2 << 20)

#if defined(__TINYC__)
#define PM_THREADS 0
#define PREFETCH(address) ((void)(address))
#else
#define PM_THREADS 1
#define PREFETCH(address) __builtin_prefetch(address)
#endif

struct table {
    u64 *words;
    u64 places; /* a power of two */
    unsigned shift;
    size_t bytes;
};

static inline u64 hash_of(const u64 *s)
{
    u64 h = 0;
    for (int i = 0; i < PM_WORDS; i++) {
        h = (h ^ s[i]) * 0x9E3779B97F4A7C15ULL;
        h ^= h >> 32;
    }
    h *= 0xD6E8FEB86659FD93ULL;
    return h ^ h >> 29;
}

static inline u64 place_of(const struct table *table, u64 hash)
{
    return (hash * 0x9E3779B97F4A7C15ULL) >> table->shift;
}

static inline u64 most_used(const struct table *table)
{
    return table->places / 4 * 3;
}

/* 0 when there is no memory for it. */
static int table_open(struct table *table, u64 places)
{
    unsigned bits = 0;
    while (1ULL << bits < places)
        bits++;
    table->places = 1ULL << bits;
    table->shift = 64 - bits;
    table->bytes = (size_t)table->places * PM_WORDS * sizeof(u64);
    void *memory = mmap(NULL, table->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                        -1, 0);
    if (memory == MAP_FAILED)
        return 0;
#ifdef MADV_HUGEPAGE
    if (table->bytes >= 4 * HUGE_PAGE)
        madvise(memory, table->bytes, MADV_HUGEPAGE);
#endif
    table->words = memory;
    return 1;
}

static void table_close(struct table *table)
{
    munmap(table->words, table->bytes);
    table->words = NULL;
}

static inline int same_rest(const u64 *a, const u64 *b)
{
    for (int i = 1; i < PM_WORDS; i++)
        if (a[i] != b[i])
            return 0;
    return 1;
}

/* Whether the state is new; it is in the table afterwards. One thread. */
static inline int table_add(struct table *table, const u64 *s, u64 hash)
{
    const u64 mask = table->places - 1;
    for (u64 at = place_of(table, hash);; at = (at + 1) & mask) {
        u64 *place = table->words + at * PM_WORDS;
        if (*place == s[0] && same_rest(place, s))
            return 0;
        if (*place == 0) {
            pm_copy(place, s);
            return 1;
        }
    }
}

#if PM_THREADS
static inline u64 settled(const u64 *word)
{
    u64 found;
    do
        found = __atomic_load_n(word, __ATOMIC_ACQUIRE);
    while (found == BUSY);
    return found;
}

static inline int same_rest_shared(const u64 *place, const u64 *s)
{
    for (int i = 1; i < PM_WORDS; i++)
        if (__atomic_load_n(place + i, __ATOMIC_RELAXED) != s[i])
            return 0;
    return 1;
}

/* The same for several threads at once. */
static inline int table_add_shared(struct table *table, const u64 *s, u64 hash)
{
    const u64 mask = table->places - 1;
    for (u64 at = place_of(table, hash);; at = (at + 1) & mask) {
        u64 *place = table->words + at * PM_WORDS;
        u64 found = settled(place);
        if (found == 0) {
            const u64 claim = PM_WORDS == 1 ? s[0] : BUSY;
            if (__atomic_compare_exchange_n(place, &found, claim, 0, __ATOMIC_ACQ_REL,
                                            __ATOMIC_ACQUIRE)) {
                for (int i = 1; i < PM_WORDS; i++)
                    __atomic_store_n(place + i, s[i], __ATOMIC_RELAXED);
                if (PM_WORDS > 1)
                    __atomic_store_n(place, s[0], __ATOMIC_RELEASE);
                return 1;
            }
            found = settled(place);
        }
        if (found == s[0] && same_rest_shared(place, s))
            return 0;
    }
}
#endif

/* Where a state that is in the table is. */
static inline u64 table_find(const struct table *table, const u64 *s)
{
    const u64 mask = table->places - 1;
    for (u64 at = place_of(table, hash_of(s));; at = (at + 1) & mask) {
        const u64 *place = table->words + at * PM_WORDS;
        if (*place == s[0] && same_rest(place, s))
            return at;
        if (*place == 0)
            die("a state is missing from the table");
    }
}

#endif
