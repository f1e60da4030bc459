/* All states level by level, in pieces. A piece belongs to one level and is written by one worker;
 * beside each state is room for the set of agents that are not held up in it. */
#ifndef PM_LOG_H
#define PM_LOG_H

#define PIECE 1024 /* states at most */

struct piece {
    u64 *states;
    unsigned char *fine; /* agent sets, `set_bytes` each; NULL when nobody asks */
    u32 count;
};

struct pieces {
    struct piece *at;
    size_t count, room;
    u64 states;
};

/* How many bytes a set of agents takes. */
static unsigned set_bytes(void)
{
    return pm_facts.agents <= 8 ? 1 : pm_facts.agents <= 16 ? 2 : pm_facts.agents <= 32 ? 4 : 8;
}

static inline u64 get_set(const unsigned char *sets, u64 at, unsigned bytes)
{
    u64 set = 0;
    switch (bytes) {
    case 1: return sets[at];
    case 2: { uint16_t s; memcpy(&s, sets + at * 2, 2); return s; }
    case 4: { uint32_t s; memcpy(&s, sets + at * 4, 4); return s; }
    default: memcpy(&set, sets + at * 8, 8); return set;
    }
}

static inline void put_set(unsigned char *sets, u64 at, unsigned bytes, u64 set)
{
    switch (bytes) {
    case 1: sets[at] = (unsigned char)set; break;
    case 2: { uint16_t s = (uint16_t)set; memcpy(sets + at * 2, &s, 2); break; }
    case 4: { uint32_t s = (uint32_t)set; memcpy(sets + at * 4, &s, 4); break; }
    default: memcpy(sets + at * 8, &set, 8); break;
    }
}

/* Where a worker's next state goes: the rest of `block` holds states of several levels. */
struct appender {
    u64 *block;
    unsigned char *fine;
    u32 used; /* of PIECE */
    struct pieces done;
};

static void pieces_add(struct pieces *pieces, struct piece piece)
{
    if (pieces->count == pieces->room) {
        pieces->room = pieces->room ? 2 * pieces->room : 4;
        pieces->at = must(realloc(pieces->at, pieces->room * sizeof *pieces->at));
    }
    pieces->at[pieces->count++] = piece;
}

static void new_block(struct appender *to)
{
    const size_t states = (size_t)PIECE * PM_WORDS * sizeof(u64);
    const size_t sets = pm_facts.stuck ? (size_t)PIECE * set_bytes() : 0;
    to->block = must(malloc(states + sets));
    to->fine = sets ? (unsigned char *)to->block + states : NULL;
    to->used = 0;
}

/* Appends a state of the level that is being made. */
static inline void append(struct appender *to, const u64 *s)
{
    struct pieces *done = &to->done;
    if (!to->block || to->used == PIECE)
        new_block(to);
    u64 *states = to->block + (size_t)to->used * PM_WORDS;
    struct piece *last = done->count ? &done->at[done->count - 1] : NULL;
    if (!last || last->states + (size_t)last->count * PM_WORDS != states || to->used == 0) {
        struct piece piece = { states, to->fine, 0 };
        if (to->fine)
            piece.fine = to->fine + (size_t)to->used * set_bytes();
        pieces_add(done, piece);
        last = &done->at[done->count - 1];
    }
    pm_copy(states, s);
    last->count++;
    to->used++;
    done->states++;
}

#endif
