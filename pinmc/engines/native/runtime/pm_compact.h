/* A table that keeps of each state only what its place does not tell; exact all the same.
 *
 * After J. Cleary, "Compact hash tables using bidirectional linear probing" (1984): the hash of a
 * state of one word is a bijection of it (pm_mix.h); the line is the upper part of the hash, what
 * is left, the remainder, goes into an entry with the number of the attempt at which there was
 * room. A line is 8 words: 6 bits that count its entries, one that locks it, and entries of as
 * many bits as they need, which are never changed. So a reader needs no lock.
 *
 * There are 32 attempts, in lines of one window; when all are full, the table has to grow.
 */
#ifndef PM_COMPACT_H
#define PM_COMPACT_H

#ifndef ATTEMPT_BITS
#define ATTEMPT_BITS 5
#endif
#define MOST_ATTEMPTS (1U << ATTEMPT_BITS)
#define COMPACT_WORDS 8
#define MOST_IN_LINE 60
#define HEAD_BITS 8
#define COUNT_MASK 63ULL
#define LOCK 64ULL

static inline u64 get_entry(const u64 *line, unsigned number, unsigned bits)
{
    const unsigned at = HEAD_BITS + number * bits, shift = at % 64;
    u64 entry = load_word(line + at / 64) >> shift;
    if (shift + bits > 64)
        entry |= load_word(line + at / 64 + 1) << (64 - shift);
    return entry & low_bits(bits);
}

/* Only by whoever has locked the line. Not published before the head counts it. */
static inline void put_entry(u64 *line, unsigned number, unsigned bits, u64 entry)
{
    const unsigned at = HEAD_BITS + number * bits, shift = at % 64;
    u64 *word = line + at / 64;
    store_word(word, load_word(word) | entry << shift);
    if (shift + bits > 64)
        store_word(word + 1, entry >> (64 - shift));
}

/* Whether states can be kept that way. */
static int can_compact(void)
{
    return PM_WORDS == 1;
}

/* The sizes of a compact table of so many lines; most states where searching gets slow. */
static void compact_sizes(struct table *table, u64 lines)
{
    const unsigned bits = mixed_bits();
    unsigned rest = 1;
    while (rest < bits && ((1ULL << bits) - 1) / lines >> rest)
        rest++;
    table->compact = 1;
    table->lines = lines;
    table->entry_bits = rest + ATTEMPT_BITS;
    table->per_line = (64 * COMPACT_WORDS - HEAD_BITS) / table->entry_bits;
    if (table->per_line > MOST_IN_LINE)
        table->per_line = MOST_IN_LINE;
    table->most = lines * table->per_line / 32 * 27;
    table->bytes = (size_t)lines * COMPACT_WORDS * sizeof(u64);
    table->divisor = lines << (64 - bits);
    table->reciprocal = ~0ULL / table->divisor;
    table->inverse_1 = inverse_of(MIX_1);
    table->inverse_2 = inverse_of(MIX_2);
}

/* What the line does not tell of the hash: it is that many states from the line's first. */
static inline u64 remainder_of(const struct table *table, u64 hash)
{
    const u64 into = hash * table->lines;
    const u64 rest = mul_high(into, table->reciprocal);
    return rest + (into - rest * table->divisor >= table->divisor);
}

static inline u64 compact_line(const struct table *table, u64 home, u64 rest, unsigned attempt)
{
    return line_of(table, home, rest * MIX_2 >> 58 | 1, attempt);
}

/* Looks for an entry in the line and adds it if there is room. For one thread and for several. */
static inline enum found compact_enter(const struct table *table, u64 *line, u64 entry)
{
    const unsigned bits = table->entry_bits;
    u64 head = load_head(line);
    for (unsigned seen = 0;;) {
        const unsigned count = (unsigned)(head & COUNT_MASK);
        for (; seen < count; seen++)
            if (get_entry(line, seen, bits) == entry)
                return THERE;
        if (count == table->per_line)
            return GO_ON_LOOKING;
#if PM_THREADS
        head &= ~LOCK;
        if (!__atomic_compare_exchange_n(line, &head, head | LOCK, 0, __ATOMIC_ACQUIRE,
                                         __ATOMIC_ACQUIRE))
            continue;
#endif
        put_entry(line, count, bits, entry);
        store_head(line, (load_word(line) & ~LOCK) + 1);
        return ADDED;
    }
}

static inline enum found compact_try(const struct table *table, u64 hash, unsigned attempt)
{
    const u64 home = mul_high(hash, table->lines), rest = remainder_of(table, hash);
    const u64 line = compact_line(table, home, rest, attempt);
    if (attempt == MOST_ATTEMPTS)
        return NO_ROOM;
    return compact_enter(table, table->words + line * COMPACT_WORDS,
                         rest << ATTEMPT_BITS | attempt);
}

/* The number of the place of a state that is in the table. */
static u64 compact_find(const struct table *table, u64 hash)
{
    const u64 home = mul_high(hash, table->lines), rest = remainder_of(table, hash);
    for (unsigned attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const u64 at = compact_line(table, home, rest, attempt);
        const u64 *line = table->words + at * COMPACT_WORDS;
        const unsigned count = (unsigned)(load_head(line) & COUNT_MASK);
        for (unsigned n = 0; n < count; n++)
            if (get_entry(line, n, table->entry_bits) == (rest << ATTEMPT_BITS | attempt))
                return at * table->per_line + n;
    }
    die("a state is missing from the table");
    return 0;
}

/* The first of the hashes that belong to a line, as a number of `mixed_bits` bits: the least h
 * with h * lines >= line << bits. */
static u64 first_of(const struct table *table, u64 line)
{
    const unsigned bits = mixed_bits();
#ifdef __SIZEOF_INT128__
    return (u64)((((u128)line << bits) + table->lines - 1) / table->lines);
#else
    u64 quotient = 0, rest = line;
    for (unsigned i = 0; i < bits; i++) {
        rest <<= 1;
        quotient <<= 1;
        if (rest >= table->lines) {
            rest -= table->lines;
            quotient |= 1;
        }
    }
    return quotient + (rest != 0);
#endif
}

/* The state of an entry; `first` is first_of of its line. */
static inline u64 state_of(const struct table *table, u64 line, u64 first, u64 entry)
{
    const unsigned attempt = (unsigned)(entry & ((1U << ATTEMPT_BITS) - 1));
    const u64 rest = entry >> ATTEMPT_BITS;
    if (attempt) {
        const u64 way = compact_line(table, 0, rest, attempt);
        first = first_of(table, line / WINDOW * WINDOW + (line - way) % WINDOW);
    }
    return unmixed((first + rest) << (64 - mixed_bits()), table->inverse_1, table->inverse_2);
}

#endif
