/* Breadth-first search, level by level, by one or several workers.
 *
 * What is decided is noted with its level only: the traces are found afterwards (pm_trace.h), so
 * that neither the order within a level nor the number of workers matters. Only a run that may
 * stop in the middle of a level at a certain state (a limit of states, the first violation) keeps
 * the order of steps exactly, with one worker. */
#ifndef PM_SEARCH_H
#define PM_SEARCH_H

/* --- room in the table ---------------------------------------------------------------------- */

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

/* A larger table, or a smaller log; returns when it is there. */
static void ask_for_room(struct search *search)
{
#if PM_THREADS
    if (search->workers > 1) {
        STORE(search->grow, 1);
        park(search, 0);
        return;
    }
#endif
    grow_table(search);
}

/* Sees to it that `count` more states fit into the table. 0 when the search is to stop. The right
 * to add states is taken in portions, so that workers seldom meet. */
static int reserve(struct worker *w, u64 count)
{
    struct search *search = w->search;
    while (w->credit < count || LOAD(search->grow)) {
        const u64 portion = count + search->table.most / (64 * search->workers);
        if (LOAD(search->stop))
            return 0;
        if (LOAD(search->grow) || TAKE(search->reserved, portion) + portion > search->table.most)
            ask_for_room(search);
        else
            w->credit += portion;
    }
    return !LOAD(search->stop);
}

/* --- adding what was reached ---------------------------------------------------------------- */

/* A new state. 0 when the limit of states is reached, which only a search in order minds. */
static inline int enter(struct worker *w, const u64 *s, unsigned char kind)
{
    struct search *search = w->search;
    if (search->in_order && search->states + w->added == search->limits.states) {
        stop_search(search, STATES);
        return 0;
    }
    append(&w->next, s, kind);
    STORE(w->added, w->added + 1);
    w->credit -= w->credit != 0;
    look_at_state(w, s);
    return 1;
}

/* Adds a state that there was no room for, to a larger table. */
static enum found add_at_last(struct worker *w, const u64 *s, u64 hash)
{
    enum found found = NO_ROOM;
    while (found == NO_ROOM && !LOAD(w->search->stop)) {
        STORE(w->search->full, 1);
        ask_for_room(w->search);
        found = table_add(&w->search->table, s, hash, w->search->workers > 1);
    }
    return found;
}

/* Enters what was reached, one after the other. 0 when the limit of states is reached. */
static int enter_in_order(struct worker *w, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const u64 *s = w->out.states + i * PM_WORDS;
        enum found found = table_add(&w->search->table, s, w->hashes[i], 0);
        if (found == NO_ROOM)
            found = add_at_last(w, s, w->hashes[i]);
        if (found == ADDED && !enter(w, s, w->out.kinds[i]))
            return 0;
    }
    return 1;
}

/* Goes on with a state after an attempt. Whether that was not the last one. */
static inline int go_on(struct worker *w, const u64 *s, unsigned char kind, u64 hash,
                        enum found found)
{
    if (LIKELY(found == THERE))
        return 0;
    if (found == GO_ON_LOOKING)
        return 1;
    if (found == NO_ROOM)
        found = add_at_last(w, s, hash);
    if (found == ADDED)
        enter(w, s, kind);
    return 0;
}

static inline void put_off(struct worker *w, const u64 *s, unsigned char kind, u64 hash,
                           u32 attempt)
{
    struct late *late = &w->late[w->late_count++];
    pm_copy(late->state, s);
    late->hash = hash;
    late->attempt = attempt;
    late->kind = kind;
    prefetch_attempt(&w->search->table, hash, attempt);
}

/* One more attempt for all that were put off, since when the memory they need has arrived. */
static inline void try_late(struct worker *w, int shared)
{
    const u32 count = w->late_count;
    if (w->generation != w->search->generation)
        for (u32 i = 0; i < count; i++)
            w->late[i].attempt = 0;
    w->generation = w->search->generation;
    w->late_count = 0;
    for (u32 i = 0; i < count; i++) {
        const struct late late = w->late[i];
        const u32 attempt = w->generation == w->search->generation ? late.attempt : 0;
        const enum found found =
            table_try(&w->search->table, late.state, late.hash, attempt, shared);
        if (go_on(w, late.state, late.kind, late.hash, found))
            put_off(w, late.state, late.kind, late.hash, attempt + 1);
    }
}

/* Until everything is decided. */
static void try_all_late(struct worker *w)
{
    while (w->late_count && !LOAD(w->search->stop))
        try_late(w, w->search->workers > 1);
    w->late_count = 0;
}

/* After the first attempt for a step of the batch. */
static inline void after_first(struct worker *w, size_t i, enum found found)
{
    const u64 *s = w->out.states + i * PM_WORDS, hash = w->hashes[i];
    const unsigned char kind = w->out.kinds[i];
    if (go_on(w, s, kind, hash, found))
        put_off(w, s, kind, hash, 1);
}

#if PM_WORDS == 1
/* The steps that do not lead to a state in the first line where it is looked for, and where that
 * line is free, into `open`. Many of them do; but no processor guesses which, so nothing depends on
 * it here. */
static size_t pass_over_known(struct worker *w, size_t count)
{
    const struct table *table = &w->search->table;
    u64 *const words = table->words;
    const u64 lines = table->lines;
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        u64 *first = words + mul_high(w->hashes[i], lines) * LINE_WORDS;
        const struct line line = line_now(first);
        w->open[left] = (struct open){ first, (u32)i, line_taken(&line) };
        left += !line_has(&line, w->out.states[i]);
    }
    return left;
}

/* The first attempt for those. */
static inline void enter_open(struct worker *w, size_t count, int shared)
{
    for (size_t n = 0; n < count; n++) {
        const struct open open = w->open[n];
        const u64 *s = w->out.states + open.step, hash = w->hashes[open.step];
        const enum found found =
            plain_enter(&w->search->table, open.line, open.taken, s, hash, shared);
        after_first(w, open.step, found);
    }
}
#endif

static inline void enter_all(struct worker *w, size_t count, int shared)
{
    try_late(w, shared);
    while (w->late_count > MOST_LATE)
        try_late(w, shared);
#if PM_WORDS == 1
    if (!w->search->table.compact) {
        enter_open(w, pass_over_known(w, count), shared);
        return;
    }
#endif
    for (size_t i = 0; i < count; i++) {
        const u64 *s = w->out.states + i * PM_WORDS;
        after_first(w, i, table_try(&w->search->table, s, w->hashes[i], 0, shared));
    }
}

/* Enters the batch. */
static void flush(struct worker *w)
{
    const size_t count = w->out.count;
    const u64 steps = w->out.steps;
    w->out.count = 0;
    w->out.steps = 0;
    if (!reserve(w, count + w->late_count))
        return;
    if (w->search->in_order) {
        if (!enter_in_order(w, count))
            return;
    } else if (w->search->workers > 1) {
        enter_all(w, count, 1);
    } else {
        enter_all(w, count, 0);
    }
    STORE(w->transitions, w->transitions + steps);
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
    if (is_tight(search))
        STORE(search->grow, 1);
    if (search->limits.seconds >= 0 && time - search->started >= search->limits.seconds)
        stop_search(search, SECONDS);
    if (w != search->worker || time < search->next_line)
        return;
    search->next_line = time + SECONDS_BETWEEN_LINES;
    if (!search->quiet)
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
        begin_level(&search->worker[i].next, search->level_count + 1);
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
    choose_ranks(search);
    if (!search->keep_log)
        forget_levels(search, search->level, 0);
    check_limits(search->worker);
    if (!search->stop && search->level == search->limits.depth)
        search->stop = DEPTH;
    search->finished = search->stop != 0;
}

/* The numbers of a piece's states, group by group; NULL if they are taken as they are. */
static const u32 *order_of(struct worker *w, const struct piece *piece)
{
    u32 next[PM_MOST_GROUPS] = { 0 }, before = 0;
    unsigned char group[PIECE];
    if (pm_facts.groups < 2 || w->search->in_order)
        return NULL;
    for (u32 at = 0; at < piece->count; at++) {
        u64 s[PM_WORDS];
        log_get(piece, at, s);
        group[at] = (unsigned char)pm_group(s);
        next[group[at]]++;
    }
    for (unsigned g = 0; g < pm_facts.groups; g++) {
        const u32 count = next[g];
        next[g] = before;
        before += count;
    }
    for (u32 at = 0; at < piece->count; at++)
        w->order[next[group[at]]++] = at;
    return w->order;
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
        const u32 *order = order_of(w, &piece);
        for (u32 n = 0; n < piece.count; n++) {
            expand(w, &piece, order ? order[n] : n);
            if (w->out.count >= BATCH || w->out.steps >= MOST_STEPS || search->in_order) {
                flush(w);
                if (!(++w->turns & 63))
                    check_limits(w);
                if (LOAD(search->stop))
                    return;
            }
        }
    }
    flush(w);
    try_all_late(w);
}

static void *work(void *argument)
{
    struct worker *w = argument;
    struct search *search = w->search;
    while (!search->finished) {
        work_on_level(w);
        w->out.count = w->out.steps = w->late_count = 0;
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
        if (reserve(w, 1))
            enter_in_order(w, 1);
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
    w->out.steps = 0;
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
    w->out.kinds = must(malloc(w->room));
    w->out.awake = search->awake[0];
    w->hashes = must(malloc(w->room * sizeof(u64)));
    w->open = must(malloc(w->room * sizeof *w->open));
    w->late = must(malloc((w->room + MOST_LATE) * sizeof *w->late));
    w->out.marks = must(calloc(pm_facts.mark_words, sizeof(u64)));
    w->out.owner = w;
    w->next.memory = &search->log_memory;
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
    rank_as_given(search);
    search->compact = can_compact() ? limits.compact : NEVER_COMPACT;
    search->keep_log = search->compact != ALWAYS_COMPACT;
    search->base_memory = status_bytes("VmRSS:");
    if (!table_open(&search->table, limits.lines, search->compact == ALWAYS_COMPACT, 0))
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

/* What is left of a limit of time, but enough to show what was found early on. */
static double seconds_left(const struct search *search)
{
    const double limit = search->limits.seconds, left = limit - (now() - search->started);
    if (limit < 0)
        return limit;
    return left > limit / 10 ? left : limit / 10;
}

/* The same search once more, down to the level `last`, with a log for the traces: the first time
 * there was none. 0 when it could not be finished. */
static int search_again(struct search *search, u64 last)
{
    static struct search again;
    struct limits limits = search->limits;
    limits.depth = last;
    limits.seconds = seconds_left(search);
    limits.compact = ALWAYS_COMPACT;
    table_close(&search->table);
    forget_levels(search, search->level_count, 1);
    open_search(&again, limits);
    again.keep_log = 1;
    again.quiet = 1;
    initialise(&again);
    run_workers(&again);
    search->levels = again.levels;
    search->level_count = again.level_count;
    if (!again.stop || again.stop == DEPTH || again.stop == STATES || again.stop == FIRST)
        return 1;
    search->stop = again.stop;
    return 0;
}

#endif
