/* The set of states, plain or compact, and going through it. */
#ifndef PM_SET_H
#define PM_SET_H

#define MOST_FILLED (LINE_STATES > 2 ? 27U : 22U) /* of 32 places */

static u64 whole_windows(u64 lines)
{
    return (lines + WINDOW - 1) / WINDOW * WINDOW;
}

/* Everything but the memory. */
static void table_sizes(struct table *table, u64 lines, int compact)
{
    lines = whole_windows(lines);
    if (compact) {
        compact_sizes(table, lines);
    } else {
        table->lines = lines;
        table->per_line = LINE_STATES;
        table->most = lines * LINE_STATES / 32 * MOST_FILLED;
        table->bytes = (size_t)lines * LINE_WORDS * sizeof(u64);
    }
}

/* `room`: as many bytes are wanted to get larger in; it may be less. 0 when there is no memory. */
static int table_open(struct table *table, u64 lines, int compact, u64 room)
{
    memset(table, 0, sizeof *table);
    table_sizes(table, lines, compact);
    for (table->room = room;; table->room /= 2) {
        if (table->room < table->bytes)
            table->room = table->bytes;
        table->room = whole_pages(table->room);
        table->words = pages_open(table->room);
        if (table->words || table->room <= whole_pages(table->bytes))
            return table->words != NULL;
    }
}

static void table_close(struct table *table)
{
    pages_close(table->words, table->room);
    table->words = NULL;
}

static inline u64 table_places(const struct table *table)
{
    return table->lines * table->per_line;
}

static inline size_t line_words(const struct table *table)
{
    return table->compact ? COMPACT_WORDS : LINE_WORDS;
}

static inline void table_prefetch(const struct table *table, u64 hash)
{
    PREFETCH(table->words + home_of(table, hash) * line_words(table));
}

/* The line of an attempt after the first. */
static inline void prefetch_attempt(const struct table *table, u64 hash, unsigned attempt)
{
    u64 line;
    if (table->compact)
        line = compact_line(table, home_of(table, hash), remainder_of(table, hash), attempt);
    else
        line = plain_line(table, hash, attempt);
    PREFETCH(table->words + line * line_words(table));
}

/* Looks for a state where it should be at that attempt, and adds it there if there is room. */
static inline enum found table_try(struct table *table, const u64 *s, u64 hash, unsigned attempt,
                                   int shared)
{
    return table->compact ? compact_try(table, hash, attempt)
                          : plain_try(table, s, hash, attempt, shared);
}

/* The same, attempt after attempt. */
static inline enum found table_add(struct table *table, const u64 *s, u64 hash, int shared)
{
    enum found found;
    unsigned attempt = 0;
    if (!table->compact)
        return plain_add(table, s, hash, shared);
    do
        found = compact_try(table, hash, attempt++);
    while (found == GO_ON_LOOKING);
    return found;
}

/* Adds a state that is known not to be there. 0 if there is no room. */
static inline int table_append(struct table *table, const u64 *s, u64 hash, int shared)
{
    if (table->compact)
        return table_add(table, s, hash, shared) == ADDED;
    plain_append(table, s, hash, shared);
    return 1;
}

static inline u64 table_find(const struct table *table, const u64 *s, u64 hash)
{
    return table->compact ? compact_find(table, hash) : plain_find(table, s, hash);
}

/* The states of a line that is at `words` into `states`, in the order of their places; how many. */
static inline unsigned states_at(const struct table *table, u64 line, const u64 *words, u64 *states)
{
    unsigned count = 0;
    if (table->compact) {
        const unsigned here = (unsigned)(*words & COUNT_MASK);
        const u64 first = here ? first_of(table, line) : 0;
        for (; count < here; count++)
            states[count] =
                state_of(table, line, first, get_entry(words, count, table->entry_bits));
        return count;
    }
    for (; count < LINE_STATES && words[count * PM_WORDS]; count++)
        pm_copy(states + count * PM_WORDS, words + count * PM_WORDS);
    return count;
}

static unsigned line_states(const struct table *table, u64 line, u64 *states)
{
    return states_at(table, line, table->words + line * line_words(table), states);
}

#endif
