/* Breadth-first search, level by level, by one or several workers.
 *
 * What is decided is noted with its level only: the traces are found afterwards (pm_trace.h), so
 * that neither the order within a level nor the number of workers matters. Only a run that may
 * stop in the middle of a level at a certain state (a limit of states, the first violation) keeps
 * the order of steps exactly, with one worker. */
#ifndef PM_SEARCH_H
#define PM_SEARCH_H

#if PM_THREADS
#include <pthread.h>
#endif

#define BATCH 48          /* successors that are collected before they are looked up */
#define MOST_BLOCKS 64    /* of 64 watches */
#define FIRST_PLACES (1ULL << 16)
#define SECONDS_BETWEEN_LINES 0.2

/* What is still looked for, or what was found. */
struct watched {
    u64 states[MOST_BLOCKS];
    u64 steps, claims;
    int deadlock;
};

struct search;

struct worker {
    struct search *search;
    struct pm_out out;
    u64 *hashes;
    size_t room; /* of out.states */
    struct appender next;
    struct watched want, seen;
    u64 transitions;
    u64 added;      /* states since they were last counted for all */
    unsigned turns;
    int violated;
};

struct search {
    struct limits limits;
    int in_order;
    unsigned workers, blocks;
    u64 everybody;
    struct worker *worker;
    struct table table;
    u64 reserved; /* at most so many places of the table are taken */
    struct pieces *levels;
    u64 level_count, level_room, level;
    u64 next_piece;
    int stop, grow, finished;
    u64 states, transitions;
    double started, next_line;
    i64 state_level[MOST_BLOCKS * 64], step_level[64], claim_level[64], deadlock_level;
    i64 initial_error[PM_MOST_CLAIMS]; /* the position among errors of initialisation */
    u64 initial_errors;
#if PM_THREADS
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    unsigned parked, done;
    u64 turn, level_turn;
#endif
};

#if PM_THREADS
#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define STORE(x, value) __atomic_store_n(&(x), value, __ATOMIC_RELAXED)
#define TAKE(x, value) __atomic_fetch_add(&(x), value, __ATOMIC_RELAXED)
#else
#define LOAD(x) (x)
#define STORE(x, value) ((x) = (value))
#define TAKE(x, value) (((x) += (value)) - (value))
#endif

static void stop_search(struct search *search, int why)
{
    if (!LOAD(search->stop))
        STORE(search->stop, why);
}

/* --- looking at states and steps ------------------------------------------------------------ */

static inline void look_at_state(struct worker *w, const u64 *s)
{
    const unsigned blocks = w->search->blocks;
    for (unsigned b = 0; b < blocks; b++) {
        if (!w->want.states[b])
            continue;
        u64 bad = 0;
        const u64 hit = pm_look(b, s, w->want.states[b], &bad);
        if (hit) {
            w->want.states[b] &= ~hit;
            w->seen.states[b] |= hit;
            if ((hit & pm_facts.fatal[b]) | bad)
                w->violated = 1;
        }
    }
}

static inline void look_at_steps(struct worker *w, const u64 *s, size_t from)
{
    for (size_t i = from; i < w->out.count && w->want.steps; i++) {
        u64 bad = 0;
        const u64 hit = pm_look_step(0, s, w->out.states + i * PM_WORDS, w->want.steps, &bad);
        if (hit) {
            w->want.steps &= ~hit;
            w->seen.steps |= hit;
            w->violated = 1;
        }
    }
}

static void see_errors(struct worker *w)
{
    const u64 hit = w->out.failed & w->want.claims;
    if (hit) {
        w->want.claims &= ~hit;
        w->seen.claims |= hit;
        w->violated = 1;
    }
}

/* --- expanding ------------------------------------------------------------------------------ */

/* Puts the steps from `from` on into the order of their instances. Few and nearly sorted. */
static void sort_steps(struct pm_out *o, size_t from)
{
    for (size_t i = from + 1; i < o->count; i++) {
        const u32 key = o->keys[i];
        u64 state[PM_WORDS];
        size_t j = i;
        if (o->keys[i - 1] <= key)
            continue;
        pm_copy(state, o->states + i * PM_WORDS);
        for (; j > from && o->keys[j - 1] > key; j--) {
            o->keys[j] = o->keys[j - 1];
            pm_copy(o->states + j * PM_WORDS, o->states + (j - 1) * PM_WORDS);
        }
        o->keys[j] = key;
        pm_copy(o->states + j * PM_WORDS, state);
    }
}

static inline void clear_out(struct pm_out *o)
{
    o->moved = 0;
    o->any = 0;
    o->failed = 0;
}

static inline void expand(struct worker *w, const struct piece *piece, u32 at)
{
    struct search *search = w->search;
    struct pm_out *o = &w->out;
    const u64 *s = piece->states + (size_t)at * PM_WORDS;
    const size_t from = o->count;
    clear_out(o);
    pm_expand(s, o);
    u64 fine = o->moved;
    if (fine != search->everybody) {
        fine |= pm_finished(s);
        if (fine != search->everybody && !o->any && w->want.deadlock) {
            w->want.deadlock = 0;
            w->seen.deadlock = 1;
            w->violated = 1;
        }
    }
    if (piece->fine)
        put_set(piece->fine, at, set_bytes(), fine);
    if (o->failed)
        see_errors(w);
    if (search->in_order)
        sort_steps(o, from);
    if (w->want.steps)
        look_at_steps(w, s, from);
    for (size_t i = from; i < o->count; i++) {
        w->hashes[i] = hash_of(o->states + i * PM_WORDS);
        PREFETCH(search->table.words + place_of(&search->table, w->hashes[i]) * PM_WORDS);
    }
}

/* --- the table grows ------------------------------------------------------------------------ */

static void add_again(struct table *table, const struct pieces *pieces)
{
    for (size_t p = 0; p < pieces->count; p++) {
        const struct piece *piece = &pieces->at[p];
        u64 hashes[32];
        for (u32 begin = 0; begin < piece->count; begin += 32) {
            const u32 end = begin + 32 < piece->count ? begin + 32 : piece->count;
            for (u32 i = begin; i < end; i++) {
                hashes[i - begin] = hash_of(piece->states + (size_t)i * PM_WORDS);
                PREFETCH(table->words + place_of(table, hashes[i - begin]) * PM_WORDS);
            }
            for (u32 i = begin; i < end; i++)
                table_add(table, piece->states + (size_t)i * PM_WORDS, hashes[i - begin]);
        }
    }
}

/* Makes a larger table from the log; the old one is given back first. Only while nobody else is
 * at work. */
static void grow_table(struct search *search)
{
    const u64 places = search->table.places * (search->table.places < 1 << 23 ? 4 : 2);
    const u64 bytes = places * PM_WORDS * sizeof(u64);
    if (search->limits.memory != UINT64_MAX &&
        status_bytes("VmRSS:") - search->table.bytes + bytes / 4 > search->limits.memory) {
        stop_search(search, MEMORY);
        return;
    }
    table_close(&search->table);
    if (!table_open(&search->table, places)) {
        stop_search(search, NO_MEMORY);
        if (!table_open(&search->table, FIRST_PLACES))
            die("out of memory");
        return;
    }
    for (u64 l = 0; l < search->level_count; l++)
        add_again(&search->table, &search->levels[l]);
    for (unsigned i = 0; i < search->workers; i++)
        add_again(&search->table, &search->worker[i].next.done);
}

#if PM_THREADS
static void end_level(struct search *search);

/* Waits for the others: for a larger table or, with `done`, for the next level. Whoever comes last
 * does what all wait for. */
static void park(struct search *search, int done)
{
    pthread_mutex_lock(&search->mutex);
    const u64 turn = search->turn, level_turn = search->level_turn;
    search->parked++;
    search->done += done ? 1 : 0;
    if (search->parked == search->workers) {
        if (LOAD(search->grow)) {
            grow_table(search);
            STORE(search->grow, 0);
            search->turn++;
        }
        if (search->done == search->workers) {
            end_level(search);
            search->done = 0;
            search->level_turn++;
        }
        search->parked = search->done;
        pthread_cond_broadcast(&search->wake);
    }
    while (done ? level_turn == search->level_turn : turn == search->turn)
        pthread_cond_wait(&search->wake, &search->mutex);
    pthread_mutex_unlock(&search->mutex);
}
#endif

/* Sees to it that `count` more states fit into the table. 0 when the search is to stop. */
static int reserve(struct worker *w, u64 count)
{
    struct search *search = w->search;
    while (TAKE(search->reserved, count) + count > most_used(&search->table)) {
        TAKE(search->reserved, -count);
        if (LOAD(search->stop))
            return 0;
#if PM_THREADS
        if (search->workers > 1) {
            STORE(search->grow, 1);
            park(search, 0);
            continue;
        }
#endif
        grow_table(search);
    }
    return !LOAD(search->stop);
}

/* --- adding what was reached ---------------------------------------------------------------- */

static inline int add_state(struct worker *w, const u64 *s, u64 hash)
{
#if PM_THREADS
    if (w->search->workers > 1)
        return table_add_shared(&w->search->table, s, hash);
#endif
    return table_add(&w->search->table, s, hash);
}

/* Adds a state; 0 when the limit of states is reached, which only a search in order minds. */
static inline int enter(struct worker *w, const u64 *s, u64 hash)
{
    if (!add_state(w, s, hash))
        return 1;
    if (w->search->in_order && w->search->states + w->added == w->search->limits.states) {
        stop_search(w->search, STATES);
        return 0;
    }
    append(&w->next, s);
    STORE(w->added, w->added + 1);
    look_at_state(w, s);
    return 1;
}

/* Enters the batch. */
static void flush(struct worker *w)
{
    struct pm_out *o = &w->out;
    const u64 count = o->count, before = w->added;
    o->count = 0;
    if (!reserve(w, count))
        return;
    for (u64 i = 0; i < count; i++)
        if (!enter(w, o->states + i * PM_WORDS, w->hashes[i]))
            return;
    TAKE(w->search->reserved, w->added - before - count);
    STORE(w->transitions, w->transitions + count);
    if (w->search->limits.first && w->violated)
        stop_search(w->search, FIRST);
}

/* --- progress and limits -------------------------------------------------------------------- */

static void tell_progress(struct search *search, double time)
{
    u64 states = search->states, transitions = search->transitions, made = 0;
    for (unsigned i = 0; i < search->workers; i++) {
        states += LOAD(search->worker[i].added);
        transitions += LOAD(search->worker[i].transitions);
        made += LOAD(search->worker[i].added);
    }
    const struct pieces *level = &search->levels[search->level];
    const u64 done = LOAD(search->next_piece) * PIECE;
    const u64 left = level->states > done ? level->states - done : 0;
    printf("progress %llu %llu %llu %llu %.3f %llu\n", (unsigned long long)states,
           (unsigned long long)transitions, (unsigned long long)search->level,
           (unsigned long long)(left + made), time - search->started,
           (unsigned long long)peak_memory());
    fflush(stdout);
}

/* Called now and then by each worker. */
static void check_limits(struct worker *w)
{
    struct search *search = w->search;
    const double time = now();
    if (interrupted)
        stop_search(search, INTERRUPTED);
    if (search->limits.seconds >= 0 && time - search->started >= search->limits.seconds)
        stop_search(search, SECONDS);
    if (w != search->worker || time < search->next_line)
        return;
    search->next_line = time + SECONDS_BETWEEN_LINES;
    tell_progress(search, time);
    if (search->limits.memory != UINT64_MAX && peak_memory() > search->limits.memory)
        stop_search(search, MEMORY);
}

/* --- levels --------------------------------------------------------------------------------- */

static void note_levels(i64 *levels, u64 seen, u64 level)
{
    for (unsigned i = 0; i < 64; i++)
        if (seen >> i & 1 && levels[i] < 0)
            levels[i] = (i64)level;
}

/* What a worker has seen becomes known to all; `level` is that of the states expanded, states
 * found are `further` levels on. */
static void gather(struct search *search, struct worker *w, u64 further)
{
    struct watched *seen = &w->seen;
    for (unsigned b = 0; b < search->blocks; b++)
        note_levels(search->state_level + 64 * b, seen->states[b], search->level + further);
    note_levels(search->step_level, seen->steps, search->level);
    note_levels(search->claim_level, seen->claims, search->level);
    if (seen->deadlock && search->deadlock_level < 0)
        search->deadlock_level = (i64)search->level;
    for (unsigned i = 0; i < search->workers; i++) {
        struct watched *want = &search->worker[i].want;
        for (unsigned b = 0; b < search->blocks; b++)
            want->states[b] &= ~seen->states[b];
        want->steps &= ~seen->steps;
        want->claims &= ~seen->claims;
        want->deadlock &= !seen->deadlock;
    }
    memset(seen, 0, sizeof *seen);
    search->states += w->added;
    search->transitions += w->transitions;
    STORE(w->added, 0);
    STORE(w->transitions, 0);
}

/* The level that was made by all workers together. */
static void new_level(struct search *search)
{
    struct pieces whole = { NULL, 0, 0, 0 };
    for (unsigned i = 0; i < search->workers; i++) {
        struct pieces *done = &search->worker[i].next.done;
        for (size_t p = 0; p < done->count; p++)
            pieces_add(&whole, done->at[p]);
        whole.states += done->states;
        done->count = done->states = 0;
    }
    if (!whole.states)
        return;
    if (search->level_count == search->level_room) {
        search->level_room = search->level_room ? 2 * search->level_room : 64;
        search->levels =
            must(realloc(search->levels, search->level_room * sizeof *search->levels));
    }
    search->levels[search->level_count++] = whole;
}

static void end_level(struct search *search)
{
    const u64 before = search->level_count;
    for (unsigned i = 0; i < search->workers; i++)
        gather(search, &search->worker[i], 1);
    new_level(search);
    search->next_piece = 0;
    if (search->stop || search->level_count == before) {
        search->finished = 1;
        return;
    }
    search->level++;
    check_limits(search->worker);
    if (!search->stop && search->level == search->limits.depth)
        search->stop = DEPTH;
    search->finished = search->stop != 0;
}

static void work_on_level(struct worker *w)
{
    struct search *search = w->search;
    const struct pieces *level = &search->levels[search->level];
    for (;;) {
        const u64 number = TAKE(search->next_piece, 1);
        if (number >= level->count || LOAD(search->stop))
            break;
        const struct piece piece = level->at[number];
        for (u32 at = 0; at < piece.count; at++) {
            expand(w, &piece, at);
            if (w->out.count >= BATCH || search->in_order) {
                flush(w);
                if (!(++w->turns & 63))
                    check_limits(w);
                if (LOAD(search->stop))
                    return;
            }
        }
    }
    if (w->out.count)
        flush(w);
}

static void *work(void *argument)
{
    struct worker *w = argument;
    struct search *search = w->search;
    while (!search->finished) {
        work_on_level(w);
        w->out.count = 0;
#if PM_THREADS
        if (search->workers > 1) {
            park(search, 1);
            continue;
        }
#endif
        end_level(search);
    }
    return NULL;
}

/* --- the beginning -------------------------------------------------------------------------- */

/* Called after each instance of the initial command. */
static void initial_each(struct pm_out *o)
{
    struct worker *w = o->owner;
    struct search *search = w->search;
    if (search->stop) {
        o->count = 0;
        return;
    }
    if (o->errors > search->initial_errors) {
        const u64 hit = o->failed & w->want.claims;
        for (unsigned c = 0; c < 64; c++)
            if (hit >> c & 1)
                search->initial_error[c] = (i64)search->initial_errors;
        w->want.claims &= ~hit;
        w->violated |= hit != 0;
        search->initial_errors = o->errors;
    }
    if (o->count) {
        w->hashes[0] = hash_of(o->states);
        o->count = 0;
        if (reserve(w, 1)) {
            const u64 before = w->added;
            enter(w, o->states, w->hashes[0]);
            TAKE(search->reserved, w->added - before - 1);
        }
    }
    clear_out(o);
    if (search->limits.first && w->violated)
        stop_search(search, FIRST);
    if (!(++w->turns & 255))
        check_limits(w);
}

static void initialise(struct search *search)
{
    struct worker *w = search->worker;
    const unsigned workers = search->workers;
    struct pieces none = { NULL, 0, 0, 0 };
    search->levels = must(malloc(64 * sizeof none));
    search->level_room = 64;
    search->levels[0] = none;
    search->workers = 1;
    w->out.each = initial_each;
    pm_initial(&w->out);
    if (search->stop == STATES || search->stop == FIRST)
        memset(w->out.marks, 0, pm_facts.mark_words * sizeof(u64));
    for (unsigned i = 1; i < workers; i++)
        search->worker[i].want = w->want;
    search->workers = workers;
    gather(search, w, 0);
    new_level(search);
    search->finished = search->stop || !search->level_count;
    if (search->finished)
        return;
    check_limits(w);
    if (!search->stop && search->limits.depth == 0)
        search->stop = DEPTH;
    search->finished = search->stop != 0;
}

static void open_worker(struct search *search, struct worker *w)
{
    memset(w, 0, sizeof *w);
    w->search = search;
    w->room = BATCH + (size_t)pm_facts.fanout;
    w->out.states = must(malloc(w->room * PM_WORDS * sizeof(u64)));
    w->out.keys = must(malloc(w->room * sizeof(u32)));
    w->hashes = must(malloc(w->room * sizeof(u64)));
    w->out.marks = must(calloc(pm_facts.mark_words, sizeof(u64)));
    w->out.owner = w;
    for (unsigned i = 0; i < pm_facts.state_watches; i++)
        w->want.states[i / 64] |= 1ULL << i % 64;
    w->want.steps = pm_facts.step_watches ? ~0ULL >> (64 - pm_facts.step_watches) : 0;
    w->want.claims = pm_facts.claims ? ~0ULL >> (64 - pm_facts.claims) : 0;
    w->want.deadlock = (int)pm_facts.deadlock;
}

static void open_search(struct search *search, struct limits limits)
{
    memset(search, 0, sizeof *search);
    search->limits = limits;
    search->in_order = limits.first || limits.states != UINT64_MAX;
    search->workers = search->in_order || !PM_THREADS || !limits.workers ? 1 : limits.workers;
    search->blocks = (pm_facts.state_watches + 63) / 64;
    if (search->blocks > MOST_BLOCKS)
        die("too many properties");
    search->everybody = pm_facts.agents ? ~0ULL >> (64 - pm_facts.agents) : 0;
    search->deadlock_level = -1;
    memset(search->state_level, -1, sizeof search->state_level);
    memset(search->step_level, -1, sizeof search->step_level);
    memset(search->claim_level, -1, sizeof search->claim_level);
    memset(search->initial_error, -1, sizeof search->initial_error);
    search->started = now();
    search->next_line = search->started + SECONDS_BETWEEN_LINES;
    search->worker = must(calloc(search->workers, sizeof *search->worker));
    for (unsigned i = 0; i < search->workers; i++)
        open_worker(search, &search->worker[i]);
    if (!table_open(&search->table, FIRST_PLACES))
        die("out of memory");
}

static void run_workers(struct search *search)
{
#if PM_THREADS
    if (search->workers > 1) {
        pthread_t *threads = must(calloc(search->workers, sizeof *threads));
        pthread_mutex_init(&search->mutex, NULL);
        pthread_cond_init(&search->wake, NULL);
        for (unsigned i = 1; i < search->workers; i++)
            if (pthread_create(&threads[i], NULL, work, &search->worker[i]))
                die("a thread could not be started");
        work(&search->worker[0]);
        for (unsigned i = 1; i < search->workers; i++)
            pthread_join(threads[i], NULL);
        free(threads);
        return;
    }
#endif
    work(&search->worker[0]);
}

#endif
