/* How many states a search will have, told from the sizes of its levels so far.
 *
 * They go up and down like a bell: each is larger than the one before by a factor that falls, and
 * falls by nearly the same factor from level to level, as for a Gaussian curve. Taken in pairs,
 * three of them give both factors; the rest is going on like that to the end. */
#ifndef PM_OUTLOOK_H
#define PM_OUTLOOK_H

#define LEAST_FALL 0.98 /* pairs grow by a factor that falls at least by this, or nothing is told */
#define MOST_PAIRS 1000

static double pair_of_levels(const struct search *search, u64 first)
{
    return (double)(search->levels[first].states + search->levels[first + 1].states);
}

/* 0 if nothing can be told. Fewer than are known already are never told. */
static u64 expected_states(const struct search *search)
{
    const u64 levels = search->level_count;
    if (levels < 6)
        return 0;
    const double pair = pair_of_levels(search, levels - 2);
    const double before = pair_of_levels(search, levels - 4);
    const double first = pair_of_levels(search, levels - 6);
    const double fall = pair * first / (before * before);
    if (!(fall < LEAST_FALL))
        return 0;
    double growth = pair / before, next = pair, sum = (double)search->states;
    for (unsigned i = 0; i < MOST_PAIRS && next >= 1; i++) {
        growth *= fall;
        next *= growth;
        sum += next;
    }
    return sum < 1e15 ? (u64)sum : 0;
}

#endif
