/* The table gets larger, or compact; the log of levels that nobody needs goes. */
#ifndef PM_GROW_H
#define PM_GROW_H

/* Bytes. A test makes these smaller. */
#ifndef SMALL_TABLE
#define SMALL_TABLE ((size_t)2 << 20)
#endif
#define MEDIUM_TABLE (4 * SMALL_TABLE)
#define LARGE_TABLE (16 * SMALL_TABLE)
#define TIMES_LARGER 64

/* --- memory --------------------------------------------------------------------------------- */

/* Whether it is within the limit to have a table of so many bytes, and nothing else more. */
static int fits(const struct search *search, u64 table_bytes)
{
    const u64 more = search->base_memory + LOAD(search->log_memory) + table_bytes;
    return more <= search->limits.memory;
}

/* Whether it is time to make the table compact. */
static int is_tight(const struct search *search)
{
    const u64 ahead = search->limits.memory / 32 + MOST_CHUNK * search->workers;
    return search->compact == COMPACT_IF_NEEDED && can_compact() && !search->table.compact &&
           search->limits.memory != UINT64_MAX &&
           !fits(search, search->table.bytes + ahead);
}

/* Without a log nobody asks for the states of levels before `level` again. */
static void forget_levels(struct search *search, u64 level, int give_back)
{
    for (; search->forgotten < level; search->forgotten++) {
        struct pieces *pieces = &search->levels[search->forgotten];
        free(pieces->at);
        *pieces = (struct pieces){ NULL, 0, 0, pieces->states };
    }
    for (unsigned i = 0; i < search->workers; i++)
        forget_before(&search->worker[i].next, level, give_back);
}

/* --- filling one table from another --------------------------------------------------------- */

struct refill {
    struct table *from, *to;
    u64 next, portion; /* lines */
    unsigned workers;
    int failed;
    int give_back;
};

static void refill_lines(struct refill *job, u64 begin, u64 end)
{
    const struct table from = *job->from;
    struct table to = *job->to;
    const size_t words = line_words(&from);
    const int shared = job->workers > 1;
    u64 states[MOST_IN_LINE * PM_WORDS];
    for (u64 line = begin; line < end; line++) {
        const unsigned count = line_states(&from, line, states);
        for (unsigned i = 0; i < count; i++) {
            const u64 *s = states + i * PM_WORDS;
            if (!table_append(&to, s, hash_of(s), shared))
                STORE(job->failed, 1);
        }
    }
    if (job->give_back)
        pages_forget(from.words, begin * words * sizeof(u64), end * words * sizeof(u64),
                     HUGE_PAGE);
}

static void refill_work(void *argument, unsigned worker)
{
    struct refill *job = argument;
    (void)worker;
    for (;;) {
        const u64 begin = TAKE(job->next, job->portion), lines = job->from->lines;
        if (begin >= lines)
            return;
        refill_lines(job, begin, begin + job->portion < lines ? begin + job->portion : lines);
    }
}

/* How much memory to take in advance for a table that will get larger in it. */
static u64 room_for(const struct search *search, u64 bytes)
{
    const u64 most = search->limits.memory;
    return bytes < MEDIUM_TABLE ? 0 : bytes > most / TIMES_LARGER ? most : bytes * TIMES_LARGER;
}

/* All states into a new table. 0 when there is no memory for it; the old one is as it was then. */
static int copy_table(struct search *search, u64 lines, int compact)
{
    struct table to;
    for (;; lines += lines / 4 + 1) {
        table_sizes(&to, lines, compact);
        if (!table_open(&to, lines, compact, room_for(search, to.bytes)))
            return 0;
        struct refill job = { &search->table, &to, 0, 0, search->workers, 0, 0 };
        const size_t line = line_words(&search->table) * sizeof(u64);
        job.give_back = search->table.bytes >= 2 * HUGE_PAGE;
        job.portion = job.give_back ? HUGE_PAGE / line : search->table.lines / 16 + 1;
        if (search->table.bytes < SMALL_TABLE)
            job.workers = 1;
        in_parallel(job.workers, refill_work, &job);
        if (!job.failed)
            break;
        if (job.give_back)
            die("a compact table has no room for a state");
        table_close(&to);
    }
    table_close(&search->table);
    search->table = to;
    return 1;
}

/* A table of so many lines. 0 when there is no memory for it. */
static int change_table(struct search *search, u64 lines, int compact)
{
    struct table *table = &search->table, to;
    table_sizes(&to, lines, compact);
    search->generation++;
    if (table->room > table->bytes && compact == (int)table->compact && to.bytes <= table->room) {
        widen(table, lines, search->workers);
        return 1;
    }
    return copy_table(search, lines, compact);
}

/* --- deciding ------------------------------------------------------------------------------- */

static u64 all_states(const struct search *search)
{
    u64 states = search->states;
    for (unsigned i = 0; i < search->workers; i++)
        states += LOAD(search->worker[i].added);
    return states;
}

/* How many lines the next table of the same kind has. Small ones grow fast; of large ones the
 * memory counts: the emptiest table and the log together are to take that many bits a state of one word,
 * which leaves something for everything else below 20 bytes. */
#define MOST_BITS 152
static u64 more_lines(const struct table *table)
{
    const u64 lines = table->lines;
    if (table->bytes < SMALL_TABLE)
        return 4 * lines;
    if (table->bytes < MEDIUM_TABLE)
        return 2 * lines;
    if (!table->compact && table->bytes < LARGE_TABLE)
        return lines + lines / 2;
    if (table->compact)
        return lines + lines / 7;
    if (PM_WORDS > 1)
        return lines + lines / 2;
    const u64 percent = 100 * (MOST_BITS - (u64)logged_bits()) * MOST_FILLED / 2048;
    return lines * (percent < 114 ? 114 : percent > 150 ? 150 : percent) / 100;
}

/* The same, or as many as the whole search is expected to need, if that is not far away: each time
 * that a table gets larger all of its states are moved. */
#define WELL_FILLED 24 /* of 32 places */
static u64 lines_ahead(const struct search *search)
{
    const struct table *table = &search->table;
    const u64 more = more_lines(table), times = table->bytes < LARGE_TABLE ? 4 : 2;
    const u64 wanted = expected_states(search) / (LINE_STATES * WELL_FILLED) * 32;
    if (table->compact || table->bytes < SMALL_TABLE || wanted < more)
        return more;
    return 2 * wanted < 3 * times * table->lines ? wanted : times * table->lines;
}

/* So little is missing that the table is rather filled more than moved once more. */
#define VERY_FILLED (MOST_FILLED + 2)
static int may_fill(struct search *search)
{
    struct table *table = &search->table;
    const u64 most = table->lines * LINE_STATES / 32 * VERY_FILLED;
    const u64 expected = expected_states(search);
    if (table->compact || table->most >= most || search->full || !expected ||
        expected + expected / 64 > most)
        return 0;
    table->most = most;
    return 1;
}

static u64 bytes_of(const struct table *table, u64 lines)
{
    return lines * line_words(table) * sizeof(u64);
}

/* The states into a compact table, the log away. 0 when that would not help. */
static int make_compact(struct search *search)
{
    struct table sizes;
    u64 lines = WINDOW;
    const u64 wanted = all_states(search) / 4 * 5 + 64;
    do {
        lines = whole_windows(lines + lines / 5);
        memset(&sizes, 0, sizeof sizes);
        compact_sizes(&sizes, lines);
    } while (sizes.most < wanted);
    search->keep_log = 0;
    forget_levels(search, search->level, 1);
    return fits(search, sizes.bytes) && change_table(search, lines, 1);
}

/* A larger table, as far as the limit of memory allows, or else a compact one. */
static void make_room(struct search *search, int larger)
{
    const struct table *table = &search->table;
    u64 lines = lines_ahead(search);
    if (!fits(search, bytes_of(table, lines)))
        lines = more_lines(table);
    if (is_tight(search) || (larger && !fits(search, bytes_of(table, lines)))) {
        if (search->compact == COMPACT_IF_NEEDED && can_compact() && !table->compact) {
            if (!make_compact(search))
                stop_search(search, MEMORY);
            return;
        }
        lines = table->lines + table->lines / 10 + 1;
        if (!fits(search, bytes_of(table, lines))) {
            stop_search(search, MEMORY);
            return;
        }
    }
    if (larger && !change_table(search, lines, (int)table->compact))
        stop_search(search, NO_MEMORY);
}

/* Only while nobody else is at work. */
static void grow_table(struct search *search)
{
    const int larger = search->full || search->reserved > search->table.most;
    STORE(search->grow, 0);
    if (is_tight(search) || (larger && !may_fill(search)))
        make_room(search, larger);
    search->full = 0;
    search->reserved = all_states(search);
    for (unsigned i = 0; i < search->workers; i++)
        search->worker[i].credit = 0;
}

#endif
