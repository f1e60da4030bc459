/* States level by level, in pieces. A piece belongs to one level and is written by one worker.
 *
 * A state of one word takes as many bytes as its used bits need. Beside each state is a bit, if
 * stuck agents are looked for: whether the state is open, which is to say that some agent neither
 * can move in it nor is at an end. */
#ifndef PM_LOG_H
#define PM_LOG_H

#define PIECE 1024 /* states at most */
#define BLOCK_BYTES ((size_t)1 << 16)
#define LEAST_CHUNK ((size_t)1 << 18)
#define MOST_CHUNK ((size_t)1 << 23)
#define GAP 8 /* states between pieces, so that reading a whole word does not touch the next */

struct piece {
    const unsigned char *states;
    unsigned char *open; /* bits; NULL when nobody asks */
    u32 count;
};

struct pieces {
    struct piece *at;
    size_t count, room;
    u64 states;
};

struct block {
    unsigned char *memory;
    u64 level; /* the last one it has states of */
};

/* Where a worker's next state goes. */
struct appender {
    unsigned char *states, *open; /* of the block that is being filled */
    u32 used, room;               /* states of it */
    int cut;                      /* the next state begins a piece */
    struct pieces done;           /* of the level that is being made */
    u64 level;
    struct block *blocks;
    size_t block_count, block_room;
    unsigned char **free;
    size_t free_count, free_room;
    unsigned char *chunk;
    size_t chunk_left;
    u64 *memory; /* counts the bytes of all */
};

/* How many bytes a state takes in the log. */
static inline unsigned logged_bytes(void)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return PM_WORDS * 8;
#else
    return PM_WORDS == 1 ? (mixed_bits() + 7) / 8 : PM_WORDS * 8;
#endif
}

static inline void log_get(const struct piece *piece, u32 at, u64 *s)
{
    const unsigned bytes = logged_bytes();
    memcpy(s, piece->states + (size_t)at * bytes, PM_WORDS * sizeof(u64));
    if (PM_WORDS == 1)
        s[0] = (s[0] & low_bits(8 * bytes)) | PM_TAG;
}

static inline void log_put(unsigned char *states, u32 at, const u64 *s)
{
    memcpy(states + (size_t)at * logged_bytes(), s, PM_WORDS * sizeof(u64));
}

static void *more_room(void *memory, size_t *room, size_t count, size_t size)
{
    if (count < *room)
        return memory;
    *room = *room ? 2 * *room : 8;
    return must(realloc(memory, *room * size));
}

static void pieces_add(struct pieces *pieces, struct piece piece)
{
    pieces->at = more_room(pieces->at, &pieces->room, pieces->count, sizeof *pieces->at);
    pieces->at[pieces->count++] = piece;
}

static unsigned char *fresh_memory(struct appender *to)
{
    if (to->free_count)
        return to->free[--to->free_count];
    if (to->chunk_left < BLOCK_BYTES) {
        const u64 before = TAKE(*to->memory, 0);
        size_t bytes = LEAST_CHUNK;
        while (bytes < MOST_CHUNK && bytes * 16 < before)
            bytes *= 2;
        to->chunk = must(pages_open(bytes));
        to->chunk_left = bytes;
        TAKE(*to->memory, bytes);
    }
    unsigned char *memory = to->chunk;
    to->chunk += BLOCK_BYTES;
    to->chunk_left -= BLOCK_BYTES;
    return memory;
}

static void new_block(struct appender *to)
{
    const size_t bytes = logged_bytes();
    unsigned char *memory = fresh_memory(to);
    to->blocks =
        more_room(to->blocks, &to->block_room, to->block_count, sizeof *to->blocks);
    to->blocks[to->block_count++] = (struct block){ memory, to->level };
    to->room = (u32)((BLOCK_BYTES - 8) * 8 / (bytes * 8 + 1)) / 8 * 8;
    to->states = memory;
    to->open = pm_facts.stuck ? memory + BLOCK_BYTES - to->room / 8 : NULL;
    to->used = 0;
}

static struct piece *new_piece(struct appender *to)
{
    if (to->states)
        to->used = (to->used + GAP + 7) / 8 * 8;
    if (!to->states || to->used >= to->room)
        new_block(to);
    struct piece piece = { to->states + (size_t)to->used * logged_bytes(), to->open, 0 };
    if (to->open) {
        piece.open += to->used / 8;
    }
    pieces_add(&to->done, piece);
    to->cut = 0;
    to->blocks[to->block_count - 1].level = to->level;
    return &to->done.at[to->done.count - 1];
}

/* Appends a state of the level that is being made. */
static inline void append(struct appender *to, const u64 *s)
{
    struct piece *last = to->done.count ? &to->done.at[to->done.count - 1] : NULL;
    if (!last || to->cut || last->count == PIECE || to->used == to->room)
        last = new_piece(to);
    log_put(to->states, to->used, s);
    last->count++;
    to->used++;
    to->done.states++;
}

/* From now on states are of that level. */
static void begin_level(struct appender *to, u64 level)
{
    to->level = level;
    to->cut = 1;
    to->done.count = to->done.states = 0;
}

/* The blocks that have nothing of `level` and later ones are free. `give_back` their memory to the
 * operating system, or fill them again first. */
static void forget_before(struct appender *to, u64 level, int give_back)
{
    size_t kept = 0;
    for (size_t i = 0; i < to->block_count; i++) {
        const struct block block = to->blocks[i];
        if (block.level >= level || block.memory == to->states) {
            to->blocks[kept++] = block;
            continue;
        }
        if (give_back) {
            pages_forget(block.memory, 0, BLOCK_BYTES, PAGE);
            TAKE(*to->memory, (u64)0 - BLOCK_BYTES);
            continue;
        }
        to->free = more_room(to->free, &to->free_room, to->free_count, sizeof *to->free);
        to->free[to->free_count++] = block.memory;
    }
    to->block_count = kept;
}

#endif
