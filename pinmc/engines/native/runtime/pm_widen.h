/* A table gets larger where it is.
 *
 * The states of a larger table are in nearly the same order, only further on: those of a window
 * belong to one or two windows behind it. So the windows are gone through from the last one to the
 * first, and each state is moved to its new window, whose old states have been moved before. No
 * second table is needed, and the system has to provide, and to clear, only what is added.
 *
 * Several workers move parts of the windows from `begin` to `end` at once if all of those go to
 * windows from `end` on: that is how `begin` is chosen. A part's states in windows that it shares
 * with its neighbours, and those for which a window is full, are kept aside till the end. */
#ifndef PM_WIDEN_H
#define PM_WIDEN_H

#ifndef FEW_WINDOWS
#define FEW_WINDOWS 64 /* so few at the beginning are copied first; a test makes it smaller */
#endif
#define LEAST_PART 32 /* windows */
#define MOST_PART 512

/* States kept aside by a worker. */
struct strays {
    u64 *states;
    size_t count, room;
};

struct widening {
    const struct table *from;
    struct table *to; /* in the same memory */
    u64 before, after; /* windows */
    u64 begin, end; /* windows of `from` that are moved now */
    u64 next, portion;
    struct strays *strays; /* of each worker */
};

/* What a worker moves: the windows from `begin` to `end`, whose lines are at `lines`. */
struct part_of {
    const u64 *lines;
    u64 begin, end;
    u64 first_line, line_count; /* of the new table, that belong to this part alone */
    unsigned char *taken;       /* places of each of these lines; NULL for a compact table */
    struct strays *strays;
};

/* The first new window that has no state of old windows before `window`. */
static u64 first_after(const struct widening *job, u64 window)
{
    return (window * job->after + job->before - 1) / job->before;
}

static void keep_aside(struct strays *strays, const u64 *s)
{
    strays->states = more_room(strays->states, &strays->room, strays->count, PM_WORDS * sizeof *s);
    pm_copy(strays->states + strays->count++ * PM_WORDS, s);
}

/* A whole window of a plain table. All that does not change is in local variables, as the compiler
 * has to take each write for a change of everything else. */
static void move_plain(const struct widening *job, const struct part_of *part, const u64 *from)
{
    const struct table to = *job->to;
    const u64 first_line = part->first_line, line_count = part->line_count;
    u64 *const words = to.words + first_line * LINE_WORDS;
    unsigned char *const taken = part->taken;
    const u64 *const end = from + WINDOW * LINE_WORDS;
    for (; from < end; from += LINE_WORDS) {
        for (unsigned n = 0; n < LINE_STATES && from[n * PM_WORDS]; n++) {
            const u64 *s = from + n * PM_WORDS, hash = hash_of(s), home = home_of(&to, hash);
            u64 line = home - first_line;
            unsigned attempt = 0;
            while (line < line_count && taken[line] == LINE_STATES && ++attempt < WINDOW)
                line = next_line(&to, home, attempt) - first_line;
            if (LIKELY(line < line_count && attempt < WINDOW))
                pm_copy(words + line * LINE_WORDS + taken[line]++ * PM_WORDS, s);
            else
                keep_aside(part->strays, s);
        }
    }
}

static void move_compact(const struct part_of *part, struct table *to, const u64 *s)
{
    const u64 hash = hash_of(s), line = home_of(to, hash) - part->first_line;
    if (line >= part->line_count || table_add(to, s, hash, 0) != ADDED)
        keep_aside(part->strays, s);
}

/* The memory beyond the old table is zero already. */
static void clear_windows(const struct widening *job, u64 begin, u64 end)
{
    const size_t words = WINDOW * line_words(job->to);
    if (end > job->before)
        end = job->before;
    if (begin < end)
        memset(job->to->words + begin * words, 0, (end - begin) * words * sizeof(u64));
}

/* The lines of a window of a compact table. */
static void move_entries(const struct widening *job, const struct part_of *part, u64 window)
{
    struct table from = *job->from, to = *job->to;
    u64 states[MOST_IN_LINE * PM_WORDS];
    const u64 *line = part->lines + (window - part->begin) * WINDOW * line_words(&from);
    for (u64 n = window * WINDOW; n < (window + 1) * WINDOW; n++, line += line_words(&from)) {
        const unsigned count = states_at(&from, n, line, states);
        for (unsigned i = 0; i < count; i++)
            move_compact(part, &to, states + i * PM_WORDS);
    }
}

static void move_part(const struct widening *job, const u64 *lines, u64 begin, u64 end,
                      struct strays *strays)
{
    const u64 first = first_after(job, begin), last = end * job->after / job->before;
    const u64 count = last > first ? (last - first) * WINDOW : 0;
    struct part_of part = { lines, begin, end, first * WINDOW, count, NULL, strays };
    if (!job->to->compact)
        part.taken = must(calloc((size_t)count + 1, 1));
    for (u64 window = begin; window < end; window++) {
        clear_windows(job, first_after(job, window), first_after(job, window + 1));
        if (job->to->compact)
            move_entries(job, &part, window);
        else
            move_plain(job, &part, lines + (window - begin) * WINDOW * LINE_WORDS);
    }
    free(part.taken);
}

static void move_parts(void *argument, unsigned worker)
{
    struct widening *job = argument;
    for (;;) {
        const u64 begin = job->begin + TAKE(job->next, job->portion);
        if (begin >= job->end)
            return;
        const u64 end = begin + job->portion < job->end ? begin + job->portion : job->end;
        const u64 *lines = job->from->words + begin * WINDOW * line_words(job->from);
        move_part(job, lines, begin, end, &job->strays[worker]);
    }
}

/* The first windows, which in part stay where they are. */
static void move_first(struct widening *job, u64 count)
{
    const size_t bytes = (size_t)count * WINDOW * line_words(job->from) * sizeof(u64);
    u64 *lines = must(pages_open(whole_pages(bytes))); /* not kept, unlike what malloc gives */
    memcpy(lines, job->from->words, bytes);
    move_part(job, lines, 0, count, job->strays);
    pages_close(lines, whole_pages(bytes));
}

static void move_all(struct widening *job, unsigned workers)
{
    for (job->end = job->before; job->end > FEW_WINDOWS; job->end = job->begin) {
        job->begin = (job->end * job->before + job->after - 1) / job->after;
        if (job->begin == job->end)
            break;
        const u64 each = (job->end - job->begin) / (4 * workers) + 1;
        job->portion = each < LEAST_PART ? LEAST_PART : each > MOST_PART ? MOST_PART : each;
        job->next = 0;
        const u64 parts = (job->end - job->begin + job->portion - 1) / job->portion;
        in_parallel(parts < workers ? (unsigned)parts : workers, move_parts, job);
    }
    move_first(job, job->end);
}

/* What there is no room for, which only a compact table refuses, stays in `strays`. */
static void put_back(struct table *to, struct strays *strays)
{
    size_t left = 0;
    for (size_t i = 0; i < strays->count; i++) {
        const u64 *s = strays->states + i * PM_WORDS;
        if (!table_append(to, s, hash_of(s), 0))
            pm_copy(strays->states + left++ * PM_WORDS, s);
    }
    strays->count = left;
}

static void widen_once(struct table *table, u64 lines, struct strays *strays, unsigned workers)
{
    const struct table from = *table;
    struct widening job;
    memset(&job, 0, sizeof job);
    table_sizes(table, lines, (int)from.compact);
    if (table->bytes > table->room)
        die("a compact table has no room for a state");
    job.from = &from;
    job.to = table;
    job.before = from.lines / WINDOW;
    job.after = table->lines / WINDOW;
    job.strays = strays;
    move_all(&job, workers);
}

/* Gives the table so many lines in all, for which there must be room in its memory, or more. */
static void widen(struct table *table, u64 lines, unsigned workers)
{
    struct strays *strays = must(calloc(workers, sizeof *strays));
    size_t left;
    do {
        left = 0;
        widen_once(table, lines, strays, workers);
        for (unsigned i = 0; i < workers; i++) {
            put_back(table, &strays[i]);
            left += strays[i].count;
        }
        lines = table->lines + table->lines / 4 + 1;
    } while (left);
    for (unsigned i = 0; i < workers; i++)
        free(strays[i].states);
    free(strays);
}

#endif
