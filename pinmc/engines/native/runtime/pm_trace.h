/* Shortest traces, the lexicographically least of them.
 *
 * For each decided property the states of its level in which it is decided are the last states of
 * its shortest traces. Going back level by level, the states with a step to one of the level after
 * are the states on shortest traces. Going forward from the first initial state among them, always
 * taking the first step that stays on such a trace, gives the least one. 64 properties at a time,
 * one bit each. */
#ifndef PM_TRACE_H
#define PM_TRACE_H

enum kind { STATE, STEP, ERROR, DEADLOCK, STUCK };

struct target {
    enum kind kind;
    unsigned number; /* of the watch, the claim or the stuck property */
    u64 level;
};

/* The states of one level that are on traces, each with the bits of the targets. */
struct marked {
    u64 *entries; /* PM_WORDS words and the bits; word 0 is 0 where there is none */
    u64 places, count;
};

#define ENTRY (PM_WORDS + 1)
#define FEW_STATES 5000 /* are not worth several threads */

static u64 *marked_entry(const struct marked *marked, const u64 *s)
{
    const u64 mask = marked->places - 1;
    for (u64 at = mul_high(hash_of(s), marked->places);; at = (at + 1) & mask) {
        u64 *entry = marked->entries + at * ENTRY;
        if (*entry == 0 || (*entry == s[0] && same_rest(entry, s)))
            return entry;
    }
}

static u64 marked_bits(const struct marked *marked, const u64 *s)
{
    const u64 *entry;
    if (!marked->count)
        return 0;
    entry = marked_entry(marked, s);
    return *entry ? entry[PM_WORDS] : 0;
}

static void mark(struct marked *marked, const u64 *s, u64 bits)
{
    if (2 * (marked->count + 1) > marked->places) {
        struct marked larger = { NULL, marked->places ? 4 * marked->places : 16, marked->count };
        larger.entries = must(calloc((size_t)larger.places * ENTRY, sizeof(u64)));
        for (u64 i = 0; i < marked->places; i++) {
            const u64 *entry = marked->entries + i * ENTRY;
            if (*entry) {
                u64 *to = marked_entry(&larger, entry);
                pm_copy(to, entry);
                to[PM_WORDS] = entry[PM_WORDS];
            }
        }
        free(marked->entries);
        *marked = larger;
    }
    u64 *entry = marked_entry(marked, s);
    if (!*entry)
        marked->count++;
    pm_copy(entry, s);
    entry[PM_WORDS] |= bits;
}

struct trace_search {
    struct search *search;
    const struct stuck *stuck;
    const struct target *targets;
    unsigned count;
    struct marked *levels;
    u64 level, here; /* that is being marked; the targets of which it is the last one */
    int steps;       /* whether one of them asks for steps */
    u64 next_piece;
#if PM_THREADS
    pthread_mutex_t mutex;
#endif
};

static void expand_again(struct worker *w, const u64 *s)
{
    struct pm_out *o = &w->out;
    o->count = 0;
    clear_out(o);
    pm_expand(s, o);
}

static u64 unfinished_in(struct search *search, const u64 *s)
{
    return search->everybody & ~pm_finished(s);
}

static int step_decides(unsigned number, const u64 *s, const u64 *u)
{
    u64 bad = 0;
    return pm_look_step(0, s, u, 1ULL << number, &bad) != 0;
}

/* Whether the property is decided in `s`, which has just been expanded if that is needed. */
static int decided_in(const struct trace_search *t, const struct worker *w,
                      const struct target *target, const u64 *s)
{
    const struct pm_out *o = &w->out;
    u64 bad = 0;
    switch (target->kind) {
    case STATE:
        return pm_look(target->number / 64, s, 1ULL << target->number % 64, &bad) != 0;
    case STEP:
        for (size_t i = 0; i < o->count; i++)
            if (step_decides(target->number, s, o->states + i * PM_WORDS))
                return 1;
        return 0;
    case ERROR:
        return (int)(o->failed >> target->number & 1);
    case DEADLOCK:
        return !o->any && unfinished_in(t->search, s) != 0;
    case STUCK:
        return (stuck_in(t->search, t->stuck, s) & pm_facts.stuck_masks[target->number]) != 0;
    }
    return 0;
}

static int needs_steps(const struct target *target)
{
    return target->kind == STEP || target->kind == ERROR || target->kind == DEADLOCK;
}

static u64 bits_of(struct trace_search *t, struct worker *w, const u64 *s)
{
    const struct marked *later = &t->levels[t->level + 1];
    const struct pm_out *o = &w->out;
    u64 bits = 0;
    if (t->steps || later->count)
        expand_again(w, s);
    for (unsigned i = 0; i < t->count; i++)
        if (t->here >> i & 1 && decided_in(t, w, &t->targets[i], s))
            bits |= 1ULL << i;
    if (later->count)
        for (size_t i = 0; i < o->count; i++)
            bits |= marked_bits(later, o->states + i * PM_WORDS);
    return bits;
}

static void mark_for_all(struct trace_search *t, const u64 *s, u64 bits)
{
#if PM_THREADS
    pthread_mutex_lock(&t->mutex);
#endif
    mark(&t->levels[t->level], s, bits);
#if PM_THREADS
    pthread_mutex_unlock(&t->mutex);
#endif
}

static void mark_pieces(void *argument, unsigned worker)
{
    struct trace_search *t = argument;
    struct worker *w = &t->search->worker[worker];
    const struct pieces *pieces = &t->search->levels[t->level];
    for (;;) {
        const u64 number = TAKE(t->next_piece, 1);
        if (number >= pieces->count)
            return;
        for (u32 i = 0; i < pieces->at[number].count; i++) {
            u64 s[PM_WORDS];
            log_get(&pieces->at[number], i, s);
            const u64 bits = bits_of(t, w, s);
            if (bits)
                mark_for_all(t, s, bits);
        }
    }
}

static void mark_level(struct trace_search *t, u64 level)
{
    t->here = 0;
    t->steps = 0;
    t->level = level;
    t->next_piece = 0;
    for (unsigned i = 0; i < t->count; i++)
        if (t->targets[i].level == level) {
            t->here |= 1ULL << i;
            t->steps |= needs_steps(&t->targets[i]);
        }
    if (!t->here && !t->levels[level + 1].count)
        return;
    const int few = t->search->levels[level].states < FEW_STATES;
    in_parallel(few ? 1 : t->search->workers, mark_pieces, t);
}

/* The first initial state on the traces of target `bit` into `s`; its number. */
static u64 first_initial(const struct trace_search *t, unsigned bit, u64 *s)
{
    const struct pieces *pieces = &t->search->levels[0];
    u64 number = 0;
    for (size_t p = 0; p < pieces->count; p++)
        for (u32 i = 0; i < pieces->at[p].count; i++, ++number) {
            log_get(&pieces->at[p], i, s);
            if (marked_bits(&t->levels[0], s) >> bit & 1)
                return number;
        }
    die("a trace has no beginning");
    return 0;
}

/* The first step from `s`, which is changed to where it leads, that stays on the traces. */
static u32 next_step(const struct trace_search *t, unsigned bit, u64 level, u64 *s)
{
    const struct pm_out *o = &t->search->worker->out;
    size_t best = SIZE_MAX;
    expand_again(t->search->worker, s);
    for (size_t i = 0; i < o->count; i++)
        if ((best == SIZE_MAX || o->keys[i] < o->keys[best]) &&
            marked_bits(&t->levels[level + 1], o->states + i * PM_WORDS) >> bit & 1)
            best = i;
    if (best == SIZE_MAX)
        die("a trace breaks off");
    pm_copy(s, o->states + best * PM_WORDS);
    return o->keys[best];
}

/* The first step from `s` that violates a step invariant. */
static u32 bad_step(const struct trace_search *t, unsigned number, const u64 *s)
{
    const struct pm_out *o = &t->search->worker->out;
    u32 best = UINT32_MAX;
    for (size_t i = 0; i < o->count; i++)
        if (o->keys[i] < best && step_decides(number, s, o->states + i * PM_WORDS))
            best = o->keys[i];
    return best;
}

static void tell_trace(const struct trace_search *t, unsigned bit)
{
    static const char *const names[] = { "state", "step", "error", "deadlock", "stuck" };
    const struct target *target = &t->targets[bit];
    const struct pm_out *o = &t->search->worker->out;
    u64 s[PM_WORDS], agents = 0;
    const u64 initial = first_initial(t, bit, s);
    printf("trace %s %u %llu", names[target->kind], target->number, (unsigned long long)initial);
    for (u64 level = 0; level < target->level; level++)
        printf(" %lu", (unsigned long)next_step(t, bit, level, s));
    expand_again(t->search->worker, s);
    if (target->kind == STEP)
        printf(" %lu", (unsigned long)bad_step(t, target->number, s));
    if (target->kind == ERROR)
        printf(" %lu", (unsigned long)o->error_keys[target->number]);
    if (target->kind == DEADLOCK)
        agents = unfinished_in(t->search, s);
    if (target->kind == STUCK)
        agents = stuck_in(t->search, t->stuck, s) & pm_facts.stuck_masks[target->number];
    printf(" :");
    for (int i = 0; i < PM_WORDS; i++)
        printf(" %llx", (unsigned long long)s[i]);
    printf(" : %llx\n", (unsigned long long)agents);
}

static void trace_some(struct search *search, const struct stuck *stuck,
                       const struct target *targets, unsigned count)
{
    struct trace_search t;
    u64 last = 0;
    memset(&t, 0, sizeof t);
    t.search = search;
    t.stuck = stuck;
    t.targets = targets;
    t.count = count;
#if PM_THREADS
    pthread_mutex_init(&t.mutex, NULL);
#endif
    for (unsigned i = 0; i < count; i++)
        last = targets[i].level > last ? targets[i].level : last;
    t.levels = must(calloc((size_t)last + 2, sizeof *t.levels));
    for (u64 level = last + 1; level-- > 0;)
        mark_level(&t, level);
    for (unsigned i = 0; i < count; i++)
        tell_trace(&t, i);
    for (u64 level = 0; level <= last; level++)
        free(t.levels[level].entries);
    free(t.levels);
}

static int has_stuck(struct search *search, const struct stuck *stuck, const struct piece *piece,
                     u64 agents)
{
    u64 s[PM_WORDS];
    for (u32 i = 0; i < piece->count; i++) {
        log_get(piece, i, s);
        if (stuck_in(search, stuck, s) & agents)
            return 1;
    }
    return 0;
}

/* The first level with a state that has a stuck agent among `agents`, -1 if there is none. */
static i64 stuck_level(struct search *search, const struct stuck *stuck, u64 agents)
{
    for (u64 l = 0; l < search->level_count; l++)
        for (size_t p = 0; p < search->levels[l].count; p++)
            if (has_stuck(search, stuck, &search->levels[l].at[p], agents))
                return (i64)l;
    return -1;
}

/* Whether one of `agents` is stuck anywhere. */
static int is_stuck(const struct search *search, const struct stuck *stuck, u64 agents)
{
    const struct left *left = &stuck->left;
    for (u64 i = 0; left->count && i < left->places; i++) {
        const u64 *entry = left->entries + i * LEFT_WORDS;
        if (*entry && search->everybody & ~entry[PM_WORDS] & agents)
            return 1;
    }
    return 0;
}

static void add_target(struct target *targets, unsigned *count, enum kind kind, unsigned number,
                       i64 level)
{
    if (level >= 0)
        targets[(*count)++] = (struct target){ kind, number, (u64)level };
}

static i64 later_of(i64 level, const i64 *levels, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        level = levels[i] > level ? levels[i] : level;
    return level;
}

/* The last level that a trace is asked for from, -1 if there is none. */
static i64 last_target(const struct search *search, const struct stuck *stuck)
{
    i64 last = later_of(search->deadlock_level, search->state_level, pm_facts.state_properties);
    last = later_of(last, search->step_level, pm_facts.step_watches);
    last = later_of(last, search->claim_level, pm_facts.claims);
    for (unsigned i = 0; stuck->known && i < pm_facts.stuck_properties; i++)
        if (is_stuck(search, stuck, pm_facts.stuck_masks[i]))
            last = (i64)search->level;
    return last;
}

static void tell_traces(struct search *search, const struct stuck *stuck)
{
    const unsigned most = pm_facts.state_properties + pm_facts.step_watches + pm_facts.claims +
                          pm_facts.stuck_properties + 1;
    struct target *targets = must(malloc(most * sizeof *targets));
    unsigned count = 0;
    const i64 last = last_target(search, stuck);
    if (last < 0)
        return;
    if (!search->keep_log && !search_again(search, (u64)last)) {
        printf("lost %d\n", search->stop);
        return;
    }
    for (unsigned i = 0; i < pm_facts.state_properties; i++)
        add_target(targets, &count, STATE, i, search->state_level[i]);
    for (unsigned i = 0; i < pm_facts.step_watches; i++)
        add_target(targets, &count, STEP, i, search->step_level[i]);
    for (unsigned i = 0; i < pm_facts.claims; i++)
        add_target(targets, &count, ERROR, i, search->claim_level[i]);
    add_target(targets, &count, DEADLOCK, 0, search->deadlock_level);
    for (unsigned i = 0; stuck->known && i < pm_facts.stuck_properties; i++)
        if (is_stuck(search, stuck, pm_facts.stuck_masks[i]))
            add_target(targets, &count, STUCK, i,
                       stuck_level(search, stuck, pm_facts.stuck_masks[i]));
    for (unsigned begin = 0; begin < count; begin += 64)
        trace_some(search, stuck, targets + begin, count - begin < 64 ? count - begin : 64);
    free(targets);
}

#endif
