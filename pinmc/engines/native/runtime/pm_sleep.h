/* Which steps are left out after which (pinmc/engines/sleep/kinds.py says why that is sound).
 *
 * A step is left out after one of a family of a higher rank that it is independent of. All ranks
 * are sound, and they may be others from one level to the next, but how many steps are left out
 * depends on them. So they are chosen when there are so many states that it matters, by trying, on
 * some states and what follows them. */
#ifndef PM_SLEEP_H
#define PM_SLEEP_H

#ifndef FIRST_CHOICE
#define FIRST_CHOICE 16384 /* a test makes it smaller */
#endif
#define MOST_EXPANDED 1024
#define MOST_SAMPLED 8192 /* a power of two, as SAMPLED_PLACES */
#define SAMPLED_PLACES (2 * MOST_SAMPLED)
#define MOST_TRIED 4000 /* times as many steps as states: then the best ranks so far have to do */

#define ROOTS 16

/* From how many states on to choose: a few milliseconds each time. */
static const u64 choices[] = { FIRST_CHOICE, 250000 };

/* `order`: the families, in ascending order of ranks. */
static void rank_families(const unsigned char *order, u64 skip[PM_MOST_KINDS][2])
{
    u64 members[PM_MOST_FAMILIES][2] = { { 0, 0 } }, below[PM_MOST_FAMILIES][2], lower[2] = { 0, 0 };
    for (unsigned kind = 1; kind < pm_facts.kinds; kind++)
        members[pm_kinds[kind].family][kind / 64] |= 1ULL << kind % 64;
    for (unsigned i = 0; i < pm_facts.families; i++)
        for (unsigned half = 0; half < 2; half++) {
            below[order[i]][half] = lower[half];
            lower[half] |= members[order[i]][half];
        }
    for (unsigned kind = 0; kind < pm_facts.kinds; kind++)
        for (unsigned half = 0; half < 2; half++)
            skip[kind][half] =
                pm_kinds[kind].independent[half] & below[pm_kinds[kind].family][half];
}

static void order_as_given(unsigned char *order)
{
    for (unsigned i = 0; i < pm_facts.families; i++)
        order[i] = (unsigned char)i;
}

/* From the next level on, these are the ranks. After kind 0 everything is awake. */
static void use_ranks(struct search *search, const unsigned char *order)
{
    u64 skip[PM_MOST_KINDS][2];
    rank_families(order, skip);
    memset(search->awake, 1, sizeof search->awake);
    for (unsigned kind = 1; kind < pm_facts.kinds; kind++)
        for (unsigned other = 1; other < pm_facts.kinds; other++)
            search->awake[kind][other] = !(skip[kind][other / 64] >> other % 64 & 1);
}

static void rank_as_given(struct search *search)
{
    unsigned char order[PM_MOST_FAMILIES];
    order_as_given(order);
    use_ranks(search, order);
}

/* --- some states and the steps between them ------------------------------------------------- */

struct sampled_step {
    u32 to;
    unsigned char kind;
};

/* States are numbered in the order in which they are reached without leaving anything out; the
 * first `expanded` have steps, those of state i from `begin[i]` to `begin[i + 1]`. */
struct sample {
    u64 *states;
    u32 *places; /* of a hash table: numbers, one more */
    u32 count, roots, expanded;
    u32 begin[MOST_EXPANDED + 1];
    struct sampled_step *steps;
    size_t step_count, step_room;
    u32 *queue; /* for trying ranks */
    unsigned char *kinds;
};

static u32 sample_number(struct sample *sample, const u64 *s)
{
    u64 at = hash_of(s) >> 32;
    for (;; at++) {
        u32 *place = &sample->places[at % SAMPLED_PLACES];
        if (!*place) {
            pm_copy(sample->states + (size_t)sample->count * PM_WORDS, s);
            *place = ++sample->count;
            return sample->count - 1;
        }
        if (!memcmp(sample->states + (size_t)(*place - 1) * PM_WORDS, s, PM_WORDS * sizeof *s))
            return *place - 1;
    }
}

static void sample_expand(struct sample *sample, struct pm_out *o)
{
    u64 s[PM_WORDS];
    pm_copy(s, sample->states + (size_t)sample->expanded * PM_WORDS);
    sample->begin[sample->expanded++] = (u32)sample->step_count;
    o->count = 0;
    pm_expand(s, o);
    for (size_t i = 0; i < o->count; i++) {
        sample->steps = more_room(sample->steps, &sample->step_room, sample->step_count,
                                  sizeof *sample->steps);
        const u32 to = sample_number(sample, o->states + i * PM_WORDS);
        sample->steps[sample->step_count++] = (struct sampled_step){ to, o->kinds[i] };
    }
    sample->begin[sample->expanded] = (u32)sample->step_count;
}

static void take_roots(struct sample *sample, const struct pieces *level)
{
    for (u32 i = 0; i < ROOTS; i++) {
        const struct piece *piece = &level->at[i * level->count / ROOTS];
        u64 s[PM_WORDS];
        log_get(piece, i * piece->count / ROOTS, s);
        sample_number(sample, s);
    }
    sample->roots = sample->count;
}

static void take_sample(struct sample *sample, const struct pieces *level,
                        const unsigned char *awake)
{
    struct pm_out o;
    memset(&o, 0, sizeof o);
    o.awake = awake;
    memset(sample, 0, sizeof *sample);
    o.states = must(malloc((pm_facts.fanout + 1U) * PM_WORDS * sizeof(u64)));
    o.keys = must(malloc((pm_facts.fanout + 1U) * sizeof(u32)));
    o.kinds = must(malloc(pm_facts.fanout + 1U));
    o.marks = must(calloc(pm_facts.mark_words, sizeof(u64)));
    sample->states = must(malloc(MOST_SAMPLED * PM_WORDS * sizeof(u64)));
    sample->places = must(calloc(SAMPLED_PLACES, sizeof(u32)));
    sample->queue = must(malloc(MOST_SAMPLED * sizeof(u32)));
    sample->kinds = must(malloc(MOST_SAMPLED));
    take_roots(sample, level);
    while (sample->expanded < sample->count && sample->expanded < MOST_EXPANDED &&
           sample->count + pm_facts.fanout <= MOST_SAMPLED)
        sample_expand(sample, &o);
    free(o.states);
    free(o.keys);
    free(o.kinds);
    free(o.marks);
}

static void free_sample(struct sample *sample)
{
    free(sample->states);
    free(sample->places);
    free(sample->steps);
    free(sample->queue);
    free(sample->kinds);
}

/* --- trying --------------------------------------------------------------------------------- */

/* How many steps are taken from the sample's states with such ranks. */
static u64 taken_steps(struct sample *sample, const unsigned char *order)
{
    const unsigned char unseen = 255;
    u64 skip[PM_MOST_KINDS][2], taken = 0;
    u32 count = 0;
    rank_families(order, skip);
    memset(sample->kinds, unseen, sample->count);
    for (; count < sample->roots; count++) {
        sample->queue[count] = count;
        sample->kinds[count] = 0;
    }
    for (u32 i = 0; i < count; i++) {
        const u32 from = sample->queue[i];
        if (from >= sample->expanded)
            continue;
        const u64 *left_out = skip[sample->kinds[from]];
        for (u32 e = sample->begin[from]; e < sample->begin[from + 1]; e++) {
            const struct sampled_step step = sample->steps[e];
            if (left_out[step.kind / 64] >> step.kind % 64 & 1)
                continue;
            taken++;
            if (sample->kinds[step.to] == unseen) {
                sample->kinds[step.to] = step.kind;
                sample->queue[count++] = step.to;
            }
        }
    }
    return taken;
}

/* The family at `from` goes to `to`, those between move up. */
static void move_family(unsigned char *order, unsigned from, unsigned to)
{
    const unsigned char family = order[from];
    if (from < to)
        memmove(order + from, order + from + 1, to - from);
    else
        memmove(order + to + 1, order + to, from - to);
    order[to] = family;
}

/* One family after the other goes where the fewest steps are taken, until none wants to move. */
static void improve_order(struct sample *sample, unsigned char *order)
{
    const unsigned families = pm_facts.families;
    u64 least = taken_steps(sample, order), tried = 0;
    for (int better = 1; better;) {
        better = 0;
        for (unsigned from = 0; from < families; from++)
            for (unsigned to = 0; to < families; to++) {
                if (from == to)
                    continue;
                if (tried > (u64)MOST_TRIED * sample->expanded)
                    return;
                move_family(order, from, to);
                const u64 taken = taken_steps(sample, order);
                tried += sample->step_count;
                if (taken < least) {
                    least = taken;
                    better = 1;
                } else {
                    move_family(order, to, from);
                }
            }
    }
}

/* At the end of each level: chooses the ranks, when it is time. */
static void choose_ranks(struct search *search)
{
    static struct sample sample;
    unsigned char order[PM_MOST_FAMILIES];
    const unsigned n = search->choices;
    if (n == sizeof choices / sizeof choices[0] || search->states < choices[n] ||
        search->in_order || pm_facts.kinds < 2 || pm_facts.fanout > MOST_SAMPLED / 2)
        return;
    search->choices++;
    take_sample(&sample, &search->levels[search->level], search->awake[0]);
    order_as_given(order);
    improve_order(&sample, order);
    use_ranks(search, order);
    free_sample(&sample);
}

#endif
