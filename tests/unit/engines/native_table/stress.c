/* Several threads add the same states to one table, again and again while it gets larger. Every
 * state must be new to exactly one of them, and be in the table once, where a look-up comes by. */
#define _GNU_SOURCE 1
#include "pm_model.h"

#include "pm_limits.h"

#include "pm_memory.h"
#include "pm_shared.h"

#include "pm_mix.h"
#include "pm_table.h"
#include "pm_compact.h"
#include "pm_set.h"

#include "pm_beside.h"
#include "pm_log.h"
#include "pm_widen.h"

#define BITS 40
#define WORKERS 4
#define FIRST_LINES 2048
#ifndef ROUNDS
#define ROUNDS 12
#endif

const struct pm_facts pm_facts = { .last_bits = BITS };

struct job {
    struct table *table;
    u64 from, to; /* numbers of states */
    u64 added;
    int full; /* a compact table had no room for a state */
};

static void state_of_number(u64 number, u64 *s)
{
    for (int i = 0; i < PM_WORDS; i++)
        s[i] = number * MIX_2 >> (64 - BITS) | (i ? 0 : PM_TAG);
    s[PM_WORDS - 1] = (s[PM_WORDS - 1] & ~low_bits(BITS)) | (number & low_bits(BITS));
}

/* As the search does: a look at the first line, and somewhat later an attempt. */
static enum found add_by_a_glance(struct table *table, const u64 *s, u64 hash)
{
#if PM_WORDS == 1
    if (!table->compact) {
        u64 *first = table->words + home_of(table, hash) * LINE_WORDS;
        const struct line line = line_now(first);
        const unsigned was_taken = line_taken(&line);
        if (line_has(&line, s[0]))
            return THERE;
        const enum found found = plain_enter(table, first, was_taken, s, hash, 1);
        if (found != GO_ON_LOOKING)
            return found;
    }
#endif
    return table_add(table, s, hash, 1);
}

/* All numbers; the workers are close to each other all the time. */
static void add_all(void *argument, unsigned worker)
{
    struct job *job = argument;
    u64 added = 0;
    for (u64 i = job->from; i < job->to; i++) {
        u64 s[PM_WORDS], number = i ^ worker;
        if (number < job->from || number >= job->to)
            number = i;
        state_of_number(number, s);
        added += add_by_a_glance(job->table, s, hash_of(s)) == ADDED;
    }
    /* Where `number` was out of range it was not tried. */
    for (u64 i = job->from; i < job->to; i++) {
        u64 s[PM_WORDS];
        state_of_number(i, s);
        const enum found found = table_add(job->table, s, hash_of(s), 1);
        added += found == ADDED;
        if (found == NO_ROOM)
            STORE(job->full, 1);
    }
    TAKE(job->added, added);
}

static void check_place(const struct table *table, u64 line, const u64 *s)
{
    const u64 hash = hash_of(s);
    unsigned times = 0;
    for (unsigned attempt = 0; !times; attempt++) {
        const u64 *words = table->words + plain_line(table, hash, attempt) * LINE_WORDS;
        for (unsigned n = 0; n < LINE_STATES; n++)
            times += words[n * PM_WORDS] == s[0] && same_rest(words + n * PM_WORDS, s);
        if (times && plain_line(table, hash, attempt) != line)
            die("a state is there twice");
        if (!times && taken(words) < LINE_STATES)
            die("a state is not found");
    }
    if (times != 1)
        die("a state is twice in a line");
}

static u64 check_plain(const struct table *table)
{
    u64 count = 0, states[MOST_IN_LINE * PM_WORDS];
    for (u64 line = 0; line < table->lines; line++) {
        const unsigned here = line_states(table, line, states);
        for (unsigned i = 0; i < here; i++, count++)
            check_place(table, line, states + i * PM_WORDS);
    }
    return count;
}

static u64 check_compact(const struct table *table, u64 most)
{
    u64 count = 0, states[MOST_IN_LINE * PM_WORDS];
    for (u64 line = 0; line < table->lines; line++)
        count += line_states(table, line, states);
    for (u64 i = 0; i < most; i++) {
        u64 s[PM_WORDS];
        state_of_number(i, s);
        table_find(table, s, hash_of(s));
    }
    return count;
}

int main(int count, char **arguments)
{
    const int compact = count > 1 && !strcmp(arguments[1], "compact");
    struct table table;
    u64 there = 0;
    if (!table_open(&table, FIRST_LINES, compact, (u64)1 << 30))
        die("no memory");
    for (int round = 0; round < ROUNDS; round++) {
        struct job job = { &table, there, table.most, 0, 0 };
        in_parallel(WORKERS, add_all, &job);
        for (; job.full; in_parallel(WORKERS, add_all, &job)) {
            widen(&table, table.lines + table.lines / 8, WORKERS);
            job.full = 0;
        }
        there = job.to;
        if (job.added != job.to - job.from)
            die("a state was new twice, or never");
        for (int after = 0; after < 2; after++) {
            const u64 found = compact ? check_compact(&table, there) : check_plain(&table);
            if (found != there)
                die("the table has more states than were added, or fewer");
            if (!after)
                widen(&table, table.lines + table.lines / (2 + (u64)round), 1 + (unsigned)round % 4);
        }
    }
    printf("%llu\n", (unsigned long long)there);
    return 0;
}
