/* Which agents can never move again.
 *
 * An agent is fine in a state when it is at an end there, can move, or is fine in a state one step
 * on. A state in which some agent neither can move nor is at an end is open. An open state with a
 * step to one that is not open is not open either: everybody is fine there. That takes one bit a
 * place of the table, and one beside each state of the log; the open states are swept over, to and
 * fro, until nothing changes. Steps from the states that are left only lead to others that are
 * left. There are few in most designs, and only for them sets of agents are computed.
 *
 * Without a log the sweeps go over the table. */
#ifndef PM_STUCK_H
#define PM_STUCK_H

#define STEPS_AT_ONCE BATCH
#define MOST_AT_ONCE 32 /* states */
#define LINES_AT_ONCE 32

/* The states that are left, each with the agents that are fine; word 0 is 0 in an empty place. */
struct left {
    u64 *entries;
    u64 places, count;
};

#define LEFT_WORDS (PM_WORDS + 1)

struct stuck {
    u64 *open; /* bits, by place */
    struct left left;
    int known;
    struct search *search;
    const struct piece **pieces; /* all of the log */
    u64 chunks, next, pass;
    u64 changed, still;
};

static int is_place_open(const struct stuck *stuck, u64 place)
{
    return (int)(LOAD(stuck->open[place / 64]) >> place % 64 & 1);
}

/* --- going through the open states ---------------------------------------------------------- */

/* Some states, and where each has its steps among those of its worker. */
struct handful {
    u64 states[MOST_AT_ONCE * PM_WORDS];
    u32 at[MOST_AT_ONCE]; /* in its piece */
    u64 place[MOST_AT_ONCE];
    size_t end[MOST_AT_ONCE];
    unsigned count;
};

static void expand_into(struct worker *w, struct handful *some, const u64 *s)
{
    const size_t from = w->out.count;
    pm_copy(some->states + some->count * PM_WORDS, s);
    clear_out(&w->out);
    pm_expand(s, &w->out);
    hash_steps(w, from);
    some->end[some->count++] = w->out.count;
}

static int is_closed(const struct stuck *stuck, const struct worker *w, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++) {
        const u64 *t = w->out.states + i * PM_WORDS;
        if (!is_place_open(stuck, table_find(&stuck->search->table, t, w->hashes[i])))
            return 1;
    }
    return 0;
}

/* Those of the handful that have a step to a state that is not open are closed. `bits` are those
 * of the log, if there is one. */
static void close_some(struct stuck *stuck, struct worker *w, struct handful *some,
                       unsigned char *bits)
{
    size_t from = 0;
    u64 closed = 0;
    for (unsigned i = 0; i < some->count; from = some->end[i++]) {
        if (!is_closed(stuck, w, from, some->end[i]))
            continue;
        const u64 *s = some->states + i * PM_WORDS;
        const u64 place = bits ? table_find(&stuck->search->table, s, hash_of(s)) : some->place[i];
        CLEAR_BITS(stuck->open[place / 64], 1ULL << place % 64);
        if (bits)
            put_bit(bits, some->at[i], 0);
        closed++;
    }
    if (closed)
        TAKE(stuck->changed, closed);
    TAKE(stuck->still, some->count - closed);
    some->count = 0;
    w->out.count = 0;
}

/* The next chunk for a worker, in the direction of the pass; 0 when there is none. */
static int next_chunk(struct stuck *stuck, struct worker *w, u64 *chunk)
{
    const u64 number = TAKE(stuck->next, 1);
    if (number >= stuck->chunks || LOAD(stuck->search->stop))
        return 0;
    if (!(++w->turns & 15))
        check_limits(w);
    *chunk = stuck->pass % 2 ? number : stuck->chunks - 1 - number;
    return 1;
}

static void sweep_piece(struct stuck *stuck, struct worker *w, const struct piece *piece)
{
    struct handful some;
    some.count = 0;
    for (u32 n = 0; n < piece->count; n++) {
        const u32 at = stuck->pass % 2 ? n : piece->count - 1 - n;
        u64 s[PM_WORDS];
        if (!get_bit(piece->open, at))
            continue;
        log_get(piece, at, s);
        some.at[some.count] = at;
        expand_into(w, &some, s);
        if (some.count == MOST_AT_ONCE || w->out.count >= STEPS_AT_ONCE)
            close_some(stuck, w, &some, piece->open);
    }
    if (some.count)
        close_some(stuck, w, &some, piece->open);
}

static void sweep_log(void *argument, unsigned worker)
{
    struct stuck *stuck = argument;
    struct worker *w = &stuck->search->worker[worker];
    for (u64 chunk; next_chunk(stuck, w, &chunk);)
        sweep_piece(stuck, w, stuck->pieces[chunk]);
}

/* The lines of a chunk of the table. */
static u64 chunk_end(const struct stuck *stuck, u64 chunk)
{
    const u64 end = (chunk + 1) * LINES_AT_ONCE, lines = stuck->search->table.lines;
    return end < lines ? end : lines;
}

static void sweep_lines(struct stuck *stuck, struct worker *w, u64 begin, u64 end)
{
    const struct table *table = &stuck->search->table;
    struct handful some;
    u64 states[MOST_IN_LINE * PM_WORDS];
    some.count = 0;
    for (u64 line = begin; line < end; line++) {
        const unsigned count = line_states(table, line, states);
        for (unsigned i = 0; i < count; i++) {
            const u64 place = line * table->per_line + i;
            if (!is_place_open(stuck, place))
                continue;
            some.place[some.count] = place;
            expand_into(w, &some, states + i * PM_WORDS);
            if (some.count == MOST_AT_ONCE || w->out.count >= STEPS_AT_ONCE)
                close_some(stuck, w, &some, NULL);
        }
    }
    if (some.count)
        close_some(stuck, w, &some, NULL);
}

static void sweep_table(void *argument, unsigned worker)
{
    struct stuck *stuck = argument;
    struct worker *w = &stuck->search->worker[worker];
    for (u64 chunk; next_chunk(stuck, w, &chunk);)
        sweep_lines(stuck, w, chunk * LINES_AT_ONCE, chunk_end(stuck, chunk));
}

/* --- which states are open at first --------------------------------------------------------- */

static void open_place(struct stuck *stuck, u64 place)
{
    SET_BITS(stuck->open[place / 64], 1ULL << place % 64);
}

static void open_piece(struct stuck *stuck, const struct piece *piece)
{
    const struct table *table = &stuck->search->table;
    u64 states[MOST_AT_ONCE * PM_WORDS], hashes[MOST_AT_ONCE];
    unsigned count = 0;
    for (u32 at = 0; at < piece->count; at++) {
        if (get_bit(piece->open, at)) {
            log_get(piece, at, states + count * PM_WORDS);
            hashes[count] = hash_of(states + count * PM_WORDS);
            table_prefetch(table, hashes[count++]);
        }
        if (count == MOST_AT_ONCE || at + 1 == piece->count) {
            for (unsigned i = 0; i < count; i++)
                open_place(stuck, table_find(table, states + i * PM_WORDS, hashes[i]));
            count = 0;
        }
    }
}

static void open_log(void *argument, unsigned worker)
{
    struct stuck *stuck = argument;
    for (u64 chunk; next_chunk(stuck, &stuck->search->worker[worker], &chunk);)
        open_piece(stuck, stuck->pieces[chunk]);
}

static void open_lines(struct stuck *stuck, struct worker *w, u64 begin, u64 end)
{
    const struct table *table = &stuck->search->table;
    u64 states[MOST_IN_LINE * PM_WORDS];
    for (u64 line = begin; line < end; line++) {
        const unsigned count = line_states(table, line, states);
        for (unsigned i = 0; i < count; i++) {
            w->out.count = 0;
            clear_out(&w->out);
            pm_expand(states + i * PM_WORDS, &w->out);
            if (is_open(w, states + i * PM_WORDS))
                open_place(stuck, line * table->per_line + i);
        }
    }
    w->out.count = 0;
}

static void open_table(void *argument, unsigned worker)
{
    struct stuck *stuck = argument;
    struct worker *w = &stuck->search->worker[worker];
    for (u64 chunk; next_chunk(stuck, w, &chunk);)
        open_lines(stuck, w, chunk * LINES_AT_ONCE, chunk_end(stuck, chunk));
}

/* --- the states that are left --------------------------------------------------------------- */

static u64 *left_entry(const struct left *left, const u64 *s)
{
    for (u64 at = mul_high(hash_of(s), left->places);; at = at + 1 == left->places ? 0 : at + 1) {
        u64 *entry = left->entries + at * LEFT_WORDS;
        if (*entry == 0 || (*entry == s[0] && same_rest(entry, s)))
            return entry;
    }
}

static u64 fine_in(const struct search *search, const struct left *left, const u64 *s)
{
    const u64 *entry;
    if (!left->count)
        return search->everybody;
    entry = left_entry(left, s);
    return *entry ? entry[PM_WORDS] : search->everybody;
}

static void take_left(struct stuck *stuck)
{
    struct search *search = stuck->search;
    struct left *left = &stuck->left;
    struct worker *w = search->worker;
    u64 states[MOST_IN_LINE * PM_WORDS];
    left->places = stuck->still * 2 + 1;
    left->entries = must(calloc((size_t)left->places * LEFT_WORDS, sizeof(u64)));
    for (u64 line = 0; line < search->table.lines; line++) {
        const unsigned count = line_states(&search->table, line, states);
        for (unsigned i = 0; i < count; i++) {
            const u64 *s = states + i * PM_WORDS;
            if (!is_place_open(stuck, line * search->table.per_line + i))
                continue;
            w->out.count = 0;
            clear_out(&w->out);
            pm_expand(s, &w->out);
            u64 *entry = left_entry(left, s);
            pm_copy(entry, s);
            entry[PM_WORDS] = (w->out.moved | pm_finished(s)) & search->everybody;
            left->count++;
        }
    }
    w->out.count = 0;
}

/* The agents that are fine one step on are fine; whether there are more now. */
static int settle(struct search *search, struct left *left, u64 *entry)
{
    struct pm_out *o = &search->worker->out;
    u64 fine = entry[PM_WORDS];
    o->count = 0;
    clear_out(o);
    pm_expand(entry, o);
    for (size_t i = 0; i < o->count; i++)
        fine |= fine_in(search, left, o->states + i * PM_WORDS);
    o->count = 0;
    if (fine == entry[PM_WORDS])
        return 0;
    entry[PM_WORDS] = fine;
    return 1;
}

static void settle_left(struct stuck *stuck)
{
    struct search *search = stuck->search;
    struct left *left = &stuck->left;
    for (int changed = 1, to = 1; changed; to = !to) {
        changed = 0;
        for (u64 i = 0; i < left->places; i++) {
            u64 *entry = left->entries + (to ? i : left->places - 1 - i) * LEFT_WORDS;
            if (*entry && entry[PM_WORDS] != search->everybody)
                changed |= settle(search, left, entry);
            if (!(i & 255))
                check_limits(search->worker);
            if (search->stop)
                return;
        }
    }
}

/* --- all together --------------------------------------------------------------------------- */

static void list_pieces(struct stuck *stuck)
{
    const struct search *search = stuck->search;
    u64 count = 0;
    for (u64 l = 0; l < search->level_count; l++)
        count += search->levels[l].count;
    stuck->pieces = must(malloc((count + 1) * sizeof *stuck->pieces));
    for (u64 l = 0; l < search->level_count; l++)
        for (size_t p = 0; p < search->levels[l].count; p++)
            stuck->pieces[stuck->chunks++] = &search->levels[l].at[p];
}

static void go_through(struct stuck *stuck, void (*work)(void *, unsigned))
{
    stuck->next = stuck->changed = stuck->still = 0;
    in_parallel(stuck->search->workers, work, stuck);
}

static void close_open(struct stuck *stuck)
{
    const int logged = stuck->search->keep_log;
    go_through(stuck, logged ? open_log : open_table);
    do {
        go_through(stuck, logged ? sweep_log : sweep_table);
        stuck->pass++;
    } while (stuck->changed && stuck->still && !stuck->search->stop);
}

static void find_stuck(struct search *search, struct stuck *stuck)
{
    const u64 words = table_places(&search->table) / 64 + 1;
    memset(stuck, 0, sizeof *stuck);
    stuck->search = search;
    stuck->open = must(calloc((size_t)words, sizeof(u64)));
    if (search->keep_log)
        list_pieces(stuck);
    else
        stuck->chunks = search->table.lines / LINES_AT_ONCE + 1;
    close_open(stuck);
    if (!search->stop && stuck->still) {
        take_left(stuck);
        settle_left(stuck);
    }
    free(stuck->open);
    free(stuck->pieces);
    stuck->known = !search->stop;
}

/* The stuck agents of a state. */
static u64 stuck_in(struct search *search, const struct stuck *stuck, const u64 *s)
{
    return search->everybody & ~fine_in(search, &stuck->left, s);
}

#endif
