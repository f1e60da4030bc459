/* States level by level, in pieces. A piece belongs to one level and is written by one worker.
 *
 * A state of one word takes as many bits as it uses. Beside each state is a bit, if
 * stuck agents are looked for: whether the state is open, which is to say that some agent neither
 * can move in it nor is at an end. */
#ifndef PM_LOG_H
#define PM_LOG_H

#define PIECE 1024 /* states at most */
#define BLOCK_BYTES ((size_t)1 << 16)
#define LEAST_CHUNK ((size_t)1 << 18)
#define MOST_CHUNK ((size_t)1 << 21)
#define GAP 8 /* states between pieces, so that whole words can be read and written */


struct piece {
    const unsigned char *states;
    unsigned char *open; /* bits; NULL when nobody asks */
    unsigned char *kinds; /* until it has been expanded; NULL when no step is ever left out */
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
    struct beside beside[2]; /* of levels with even numbers, and with odd ones */
    u64 *memory; /* counts the bytes of all */
};

/* How many bits a state takes in the log. */
static inline unsigned logged_bits(void)
{
    return PM_WORDS == 1 ? mixed_bits() : PM_WORDS * 64;
}

#if PM_WORDS == 1
/* The bytes of a word, the lowest first. */
static inline u64 get_bytes(const unsigned char *from)
{
    u64 word;
    memcpy(&word, from, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline void put_bytes(unsigned char *to, u64 word)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(to, &word, sizeof word);
}
#endif

static inline void log_get(const struct piece *piece, u32 at, u64 *s)
{
#if PM_WORDS == 1
    const unsigned bits = logged_bits();
    const size_t first = (size_t)at * bits;
    const unsigned char *from = piece->states + first / 8;
    const unsigned low = first % 8;
    const u64 rest = (u64)from[8] << 1 << (63 - low);
    *s = ((get_bytes(from) >> low | rest) & low_bits(bits)) | PM_TAG;
#else
    memcpy(s, piece->states + (size_t)at * sizeof(u64) * PM_WORDS, PM_WORDS * sizeof(u64));
#endif
}

/* After the one before it; what comes after it is written over. */
static inline void log_put(unsigned char *states, u32 at, const u64 *s)
{
#if PM_WORDS == 1
    const size_t first = (size_t)at * logged_bits();
    unsigned char *to = states + first / 8;
    const unsigned low = first % 8;
    const u64 state = *s & ~PM_TAG;
    put_bytes(to, (*to & ((1U << low) - 1)) | state << low);
    to[8] = (unsigned char)(state >> 1 >> (63 - low));
#else
    memcpy(states + (size_t)at * sizeof(u64) * PM_WORDS, s, PM_WORDS * sizeof(u64));
#endif
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
        while (bytes < MOST_CHUNK && bytes * 32 < before)
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
    unsigned char *memory = fresh_memory(to);
    to->blocks =
        more_room(to->blocks, &to->block_room, to->block_count, sizeof *to->blocks);
    to->blocks[to->block_count++] = (struct block){ memory, to->level };
    to->room = (u32)((BLOCK_BYTES - 16) * 8 / (logged_bits() + 1)) / 8 * 8;
    to->states = memory;
    to->open = pm_facts.stuck ? memory + BLOCK_BYTES - to->room / 8 : NULL;
    to->used = 0;
}

static struct piece *new_piece(struct appender *to)
{
    struct beside *beside = &to->beside[to->level % 2];
    if (to->states)
        to->used = (to->used + GAP + 7) / 8 * 8;
    if (!to->states || to->used >= to->room)
        new_block(to);
    struct piece piece = { to->states + (size_t)to->used / 8 * logged_bits(), to->open, NULL, 0 };
    if (to->open)
        piece.open += to->used / 8;
    if (pm_facts.kinds > 1)
        piece.kinds = beside_begin(beside, PIECE, to->memory);
    pieces_add(&to->done, piece);
    to->cut = 0;
    to->blocks[to->block_count - 1].level = to->level;
    return &to->done.at[to->done.count - 1];
}

/* Appends a state of the level that is being made, and the kind of step that led to it. */
static inline void append(struct appender *to, const u64 *s, unsigned char kind)
{
    struct piece *last = to->done.count ? &to->done.at[to->done.count - 1] : NULL;
    if (!last || to->cut || last->count == PIECE || to->used == to->room)
        last = new_piece(to);
    log_put(to->states, to->used, s);
    if (last->kinds) {
        last->kinds[last->count] = kind;
        to->beside[to->level % 2].used++;
    }
    last->count++;
    to->used++;
    to->done.states++;
}

/* From now on states are of that level. */
static void begin_level(struct appender *to, u64 level)
{
    to->level = level;
    beside_clear(&to->beside[level % 2]);
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
