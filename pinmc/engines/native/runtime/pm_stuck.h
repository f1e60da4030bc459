/* Which agents can never move again.
 *
 * An agent is fine in a state when it is at an end there, can move, or is fine in a state one step
 * on. The sets of fine agents only grow, so they are swept over the log, to and fro, until nothing
 * changes; states in which everybody is fine are left out. */
#ifndef PM_STUCK_H
#define PM_STUCK_H

struct open_state {
    const u64 *state;
    u64 place;
};

struct stuck {
    unsigned char *fine; /* beside the table's places */
    unsigned bytes;
    struct open_state *open;
    u64 count;
    int known;
};

static void collect_open(struct search *search, struct stuck *stuck)
{
    u64 room = 0;
    memset(stuck->fine, 0xff, (size_t)search->table.places * stuck->bytes);
    for (u64 l = 0; l < search->level_count; l++)
        for (size_t p = 0; p < search->levels[l].count; p++) {
            const struct piece *piece = &search->levels[l].at[p];
            for (u32 i = 0; i < piece->count; i++) {
                const u64 fine = get_set(piece->fine, i, stuck->bytes);
                const u64 *state = piece->states + (size_t)i * PM_WORDS;
                if (fine == search->everybody)
                    continue;
                if (stuck->count == room) {
                    room = room ? 2 * room : 1024;
                    stuck->open = must(realloc(stuck->open, room * sizeof *stuck->open));
                }
                const u64 place = table_find(&search->table, state);
                put_set(stuck->fine, place, stuck->bytes, fine);
                stuck->open[stuck->count++] = (struct open_state){ state, place };
            }
        }
}

/* One state; whether its set grew. */
static int settle(struct search *search, struct stuck *stuck, const struct open_state *open)
{
    struct pm_out *o = &search->worker->out;
    const u64 all = search->everybody;
    const u64 before = get_set(stuck->fine, open->place, stuck->bytes);
    u64 fine = before;
    o->count = 0;
    pm_expand(open->state, o);
    for (size_t i = 0; i < o->count; i++) {
        const u64 *t = o->states + i * PM_WORDS;
        PREFETCH(search->table.words + place_of(&search->table, hash_of(t)) * PM_WORDS);
    }
    for (size_t i = 0; i < o->count && (fine & all) != all; i++) {
        const u64 place = table_find(&search->table, o->states + i * PM_WORDS);
        fine |= get_set(stuck->fine, place, stuck->bytes);
    }
    o->count = 0;
    fine &= all;
    if (fine == before)
        return 0;
    put_set(stuck->fine, open->place, stuck->bytes, fine);
    return 1;
}

/* Forgets the states that are settled, in order. */
static void compact(struct search *search, struct stuck *stuck)
{
    u64 kept = 0;
    for (u64 i = 0; i < stuck->count; i++)
        if (get_set(stuck->fine, stuck->open[i].place, stuck->bytes) != search->everybody)
            stuck->open[kept++] = stuck->open[i];
    stuck->count = kept;
}

static void find_stuck(struct search *search, struct stuck *stuck)
{
    int changed = 1;
    memset(stuck, 0, sizeof *stuck);
    stuck->bytes = set_bytes();
    stuck->fine = must(malloc((size_t)search->table.places * stuck->bytes));
    collect_open(search, stuck);
    for (unsigned pass = 0; changed && stuck->count; pass++) {
        changed = 0;
        for (u64 i = 0; i < stuck->count; i++) {
            const u64 at = pass % 2 ? i : stuck->count - 1 - i;
            changed |= settle(search, stuck, &stuck->open[at]);
            if (!(i & 255))
                check_limits(search->worker);
            if (search->stop)
                return;
        }
        compact(search, stuck);
    }
    stuck->known = 1;
}

/* The stuck agents of a state. */
static u64 stuck_in(struct search *search, const struct stuck *stuck, const u64 *s)
{
    return search->everybody & ~get_set(stuck->fine, table_find(&search->table, s), stuck->bytes);
}

#endif
