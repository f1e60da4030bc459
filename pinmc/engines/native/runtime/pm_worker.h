/* The state of a search, and what a worker does with one state: expanding it, looking at it. */
#ifndef PM_WORKER_H
#define PM_WORKER_H

#define MOST_LATE 96
#define BATCH 32          /* successors that are collected before they are looked up */
#define MOST_STEPS 4096   /* that are taken or left out before somebody asks the time */
#define MOST_BLOCKS 64    /* of 64 watches */
#define SECONDS_BETWEEN_LINES 0.2

/* What is still looked for, or what was found. */
struct watched {
    u64 states[MOST_BLOCKS];
    u64 steps, claims;
    int deadlock;
};

/* A state that has been looked for without an answer, and how often. */
struct late {
    u64 state[PM_WORDS], hash;
    u32 attempt;
    unsigned char kind;
};

/* A step to a state that is not in its first line; so many places of that are taken. */
struct open {
    u64 *line;
    u32 step, taken;
};

struct search;

struct worker {
    struct search *search;
    struct pm_out out;
    u64 *hashes;
    struct open *open;
    struct late *late; /* what is not decided yet */
    u32 late_count;
    u64 generation; /* the number of the table that their attempts are about */
    size_t room; /* of out.states */
    struct appender next;
    u32 order[PIECE]; /* in which the states of a piece are expanded */
    struct watched want, seen;
    u64 transitions;
    u64 added;      /* states since they were last counted for all */
    u64 credit;     /* it may add so many before it has to ask */
    unsigned turns;
    int violated;
    char apart[CACHE_LINE]; /* two workers never write to the same line of the cache */
};

struct search {
    struct limits limits;
    int in_order;
    unsigned workers, blocks;
    u64 everybody;
    struct worker *worker;
    struct table table;
    unsigned char awake[PM_MOST_KINDS][PM_MOST_KINDS]; /* after each kind of step */
    unsigned choices;           /* how often the ranks have been chosen (pm_sleep.h) */
    u64 reserved; /* at most so many states are or may be added to the table */
    u64 generation; /* counts the tables */
    int full;     /* there is no room for a state, though there are few enough */
    enum compaction compact;
    int keep_log;  /* of the levels that have been expanded */
    u64 forgotten; /* levels that there is no log of any more */
    u64 base_memory, log_memory;
    struct pieces *levels;
    u64 level_count, level_room, level;
    u64 next_piece;
    int stop, grow, finished, quiet;
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
        const unsigned char kind = o->kinds[i];
        u64 state[PM_WORDS];
        size_t j = i;
        if (o->keys[i - 1] <= key)
            continue;
        pm_copy(state, o->states + i * PM_WORDS);
        for (; j > from && o->keys[j - 1] > key; j--) {
            o->keys[j] = o->keys[j - 1];
            o->kinds[j] = o->kinds[j - 1];
            pm_copy(o->states + j * PM_WORDS, o->states + (j - 1) * PM_WORDS);
        }
        o->keys[j] = key;
        o->kinds[j] = kind;
        pm_copy(o->states + j * PM_WORDS, state);
    }
}

static inline void clear_out(struct pm_out *o)
{
    o->moved = 0;
    o->any = 0;
    o->failed = 0;
}

/* Whether some agent is held up in `s`, which has just been expanded: it neither can move nor is
 * at an end. Where nobody can move the deadlock is noted. */
static inline int is_open(struct worker *w, const u64 *s)
{
    const struct pm_out *o = &w->out;
    const u64 everybody = w->search->everybody;
    if (o->moved == everybody || (o->moved | pm_finished(s)) == everybody)
        return 0;
    if (!o->any && w->want.deadlock) {
        w->want.deadlock = 0;
        w->seen.deadlock = 1;
        w->violated = 1;
    }
    return 1;
}

static inline void put_bit(unsigned char *bits, u32 at, int value)
{
    const unsigned char bit = (unsigned char)(1U << at % 8);
    bits[at / 8] = (unsigned char)(value ? bits[at / 8] | bit : bits[at / 8] & ~bit);
}

static inline int get_bit(const unsigned char *bits, u32 at)
{
    return bits[at / 8] >> at % 8 & 1;
}

/* The hashes of the steps from `from` on; what they are for is on its way from memory then. */
static inline void hash_steps(struct worker *w, size_t from)
{
    const struct table *table = &w->search->table;
    const size_t count = w->out.count;
    for (size_t i = from; i < count; i++) {
        const u64 hash = hash_of(w->out.states + i * PM_WORDS);
        w->hashes[i] = hash;
        table_prefetch(table, hash);
    }
}

/* Leaves those kinds of steps out from `from` on, now that all have been looked at. */
static void leave_out(struct pm_out *o, size_t from, const unsigned char *awake)
{
    size_t kept = from;
    for (size_t i = from; i < o->count; i++) {
        const unsigned char kind = o->kinds[i];
        for (size_t n = 0; n < PM_WORDS; n++)
            o->states[kept * PM_WORDS + n] = o->states[i * PM_WORDS + n];
        o->kinds[kept] = kind;
        kept += awake[kind];
    }
    o->count = kept;
}

static inline void expand(struct worker *w, const struct piece *piece, u32 at)
{
    struct pm_out *o = &w->out;
    const size_t from = o->count;
    u64 s[PM_WORDS];
    log_get(piece, at, s);
    clear_out(o);
    const unsigned kind = piece->kinds && !w->search->in_order ? piece->kinds[at] : 0;
    const unsigned char *awake = w->search->awake[kind];
    if (!w->want.steps)
        o->awake = awake;
    pm_expand(s, o);
    o->awake = w->search->awake[0];
    if (piece->open)
        put_bit(piece->open, at, is_open(w, s));
    else if (!o->any && w->want.deadlock)
        is_open(w, s);
    if (o->failed)
        see_errors(w);
    if (w->search->in_order)
        sort_steps(o, from);
    if (w->want.steps) {
        look_at_steps(w, s, from);
        leave_out(o, from, awake);
    }
    hash_steps(w, from);
}

#endif
