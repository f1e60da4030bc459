/* What a generated model and the runtime know of each other. PM_WORDS, the number of 64-bit words
 * a state takes, is defined before this is included. */
#ifndef PM_MODEL_H
#define PM_MODEL_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t u64;
typedef int64_t i64;
typedef uint32_t u32;
#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 i128;
#endif

#define PM_TAG (1ULL << 63) /* set in word 0 of every state */
#define PM_MOST_CLAIMS 64
#define PM_MOST_GROUPS 64
#define PM_MOST_KINDS 128
#define PM_MOST_FAMILIES 255

/* Where successor functions put what they find. `states`, `keys` and `kinds` have room for every
 * instance that may be enabled in one state. Steps of a kind that is not `awake` are counted in
 * `steps` but left out, as others lead to the same states. The rest is about the state (or states) expanded
 * since the runtime last cleared it: the agents that can move, whether anything is enabled, the
 * claims that errors were found of and, for each, the least instance that runs into one. */
struct pm_out {
    u64 *states;
    u32 *keys;
    unsigned char *kinds;
    size_t count;
    const unsigned char *awake; /* 1 or 0 for each kind */
    u64 steps;
    u64 moved;
    int any;
    u64 failed;
    u32 error_keys[PM_MOST_CLAIMS];
    u64 errors;
    u64 *marks;
    void (*each)(struct pm_out *);
    void *owner;
};

struct pm_facts {
    unsigned state_watches;    /* of which the first `state_properties` are for properties */
    unsigned state_properties;
    unsigned step_watches;
    unsigned claims;
    unsigned deadlock;         /* whether deadlocks are looked for */
    unsigned stuck;            /* whether stuck agents are looked for */
    unsigned agents;
    unsigned last_bits;        /* used of the last word of a state, without the tag */
    unsigned mark_words;
    unsigned fanout;           /* at most so many steps from a state */
    unsigned groups;           /* at most PM_MOST_GROUPS; states are taken group by group */
    unsigned kinds;            /* of steps; 1 when none is ever left out */
    unsigned families;         /* of kinds, which are ranked */
    unsigned stuck_properties;
    const u64 *stuck_masks;    /* the agents that each of them is about */
    const u64 *fatal;          /* the state watches that are violations when decided */
};

/* A kind of step: the kinds it is independent of, as bits. Kind 0 is independent of none. */
struct pm_kind {
    u64 independent[2];
    unsigned char family;
};

extern const struct pm_facts pm_facts;
extern const struct pm_kind pm_kinds[PM_MOST_KINDS];
void pm_initial(struct pm_out *restrict o);
void pm_expand(const u64 *restrict s, struct pm_out *restrict o);
u64 pm_finished(const u64 *restrict s);
unsigned pm_group(const u64 *restrict s);
u64 pm_look(unsigned block, const u64 *s, u64 want, u64 *bad);
u64 pm_look_step(unsigned block, const u64 *s, const u64 *u, u64 want, u64 *bad);

static inline void pm_copy(u64 *restrict to, const u64 *restrict from)
{
    for (int i = 0; i < PM_WORDS; i++)
        to[i] = from[i];
}

#ifndef PM_MARKS
#define PM_MARKS 0
#endif

/* Where the steps from one state go while they are found. It belongs to one function, whose
 * compiler can keep it in registers; what is in `struct pm_out` it would write again each time. */
struct pm_steps {
    u64 *states;
    u32 *keys;
    unsigned char *kinds;
    size_t count;
    const unsigned char *awake;
    u64 steps, moved;
    u64 marks[PM_MARKS + 1];
    struct pm_out *out;
};

static inline void pm_begin(struct pm_steps *restrict to, struct pm_out *restrict o)
{
    to->states = o->states;
    to->keys = o->keys;
    to->kinds = o->kinds;
    to->count = o->count;
    to->awake = o->awake;
    to->steps = 0;
    to->moved = 0;
    for (int i = 0; i < PM_MARKS; i++)
        to->marks[i] = 0;
    to->out = o;
}

static inline void pm_end(const struct pm_steps *restrict from, struct pm_out *restrict o)
{
    o->any |= from->steps != 0;
    o->count = from->count;
    o->steps += from->steps;
    o->moved |= from->moved;
    for (int i = 0; i < PM_MARKS; i++)
        o->marks[i] |= from->marks[i];
}

/* The instance `key` is enabled and reaches `t`. */
static inline void pm_reach(struct pm_steps *restrict to, const u64 *restrict t, u32 key, u64 agent,
                            unsigned kind)
{
    to->steps++;
    to->moved |= agent;
    if (!to->awake[kind])
        return;
    pm_copy(to->states + to->count * PM_WORDS, t);
    to->keys[to->count] = key;
    to->kinds[to->count] = (unsigned char)kind;
    to->count++;
}

/* The instance `key` is enabled and runs into an error; `claim` is -1 if nobody asks. */
static inline void pm_fail(struct pm_out *restrict o, int claim, u32 key, u64 agent)
{
    o->any = 1;
    o->moved |= agent;
    o->errors++;
    if (claim < 0)
        return;
    if (!(o->failed >> claim & 1) || key < o->error_keys[claim])
        o->error_keys[claim] = key;
    o->failed |= 1ULL << claim;
}

/* Cells of variables that are spread over several words. */
static inline u64 pm_cell(const u64 *words, u64 at, unsigned per_word, unsigned bits, u64 mask)
{
    return words[at / per_word] >> (at % per_word * bits) & mask;
}

static inline u64 pm_get(u64 word, unsigned shift, u64 mask)
{
    return word >> shift & mask;
}

static inline u64 pm_set(u64 word, unsigned shift, u64 mask, u64 value)
{
    return (word & ~(mask << shift)) | value << shift;
}

static inline void pm_put(u64 *words, u64 at, unsigned per_word, unsigned bits, u64 mask, u64 value)
{
    u64 *word = words + at / per_word;
    *word = pm_set(*word, (unsigned)(at % per_word) * bits, mask, value);
}

static inline i64 pm_min(i64 a, i64 b)
{
    return a < b ? a : b;
}

static inline i64 pm_max(i64 a, i64 b)
{
    return a > b ? a : b;
}

/* A zero divisor is a found error before it comes to this. */
static inline i64 pm_divide(i64 a, i64 b)
{
    return b ? a / b : 0;
}

static inline i64 pm_remainder(i64 a, i64 b)
{
    return b ? a % b : 0;
}

static inline u64 pm_shl(u64 word, u64 by)
{
    return by < 64 ? word << by : 0;
}

#ifdef __SIZEOF_INT128__
static inline i128 pm_min_wide(i128 a, i128 b)
{
    return a < b ? a : b;
}

static inline i128 pm_divide_wide(i128 a, i128 b)
{
    return b ? a / b : 0;
}

static inline i128 pm_remainder_wide(i128 a, i128 b)
{
    return b ? a % b : 0;
}

static inline i128 pm_max_wide(i128 a, i128 b)
{
    return a > b ? a : b;
}
#endif

#endif
