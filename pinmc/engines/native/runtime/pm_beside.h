/* Beside each state of the level that is being expanded, and of the one that is being made: the
 * kind of step by which it was reached. One byte a state, forgotten when that is expanded. */
#ifndef PM_BESIDE_H
#define PM_BESIDE_H

#define BESIDE_CHUNK ((size_t)1 << 15)

/* Those of one level, in chunks that are filled one after the other. */
struct beside {
    unsigned char **chunks;
    size_t count, room;
    size_t current, used; /* the chunk that is being filled, and how far */
};

static void beside_clear(struct beside *beside)
{
    beside->current = beside->used = 0;
}

/* Where the next `most` may be written. */
static unsigned char *beside_begin(struct beside *beside, size_t most, u64 *memory)
{
    if (beside->count && beside->used + most > BESIDE_CHUNK) {
        beside->current++;
        beside->used = 0;
    }
    if (beside->current == beside->count) {
        beside->chunks =
            more_room(beside->chunks, &beside->room, beside->count, sizeof *beside->chunks);
        beside->chunks[beside->count++] = must(malloc(BESIDE_CHUNK));
        TAKE(*memory, BESIDE_CHUNK);
    }
    return beside->chunks[beside->current] + beside->used;
}

#endif
