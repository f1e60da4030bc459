/* The set of all states: exact, open addressing, the packed states themselves.
 *
 * Places come in lines of about 64 bytes, lines in windows of 64. The upper bits of a state's hash
 * say in which line it belongs, which is filled from its first place on; where it is full, lines
 * elsewhere in the window are tried, which keeps the table fast when it is rather full. The number
 * of windows may be any: a larger table has the states in nearly the same order, so it is filled
 * from the smaller one from the beginning to the end, and the memory of the smaller one is given
 * back on the way.
 *
 * Word 0 of a state has its tag set, so 0 is an empty place. With several threads a place of more
 * than one word is claimed by putting BUSY there until the other words are written. */
#ifndef PM_TABLE_H
#define PM_TABLE_H

#define BUSY 1ULL

#define LINE_STATES (PM_WORDS == 1 ? 8U : PM_WORDS == 2 ? 4U : PM_WORDS <= 4 ? 2U : 1U)
#define LINE_WORDS (LINE_STATES * PM_WORDS)
#ifndef WINDOW
#define WINDOW 64 /* lines; a test makes it smaller */
#endif

struct table {
    u64 *words;
    u64 lines, most; /* a multiple of WINDOW; at most so many states */
    size_t bytes;
    unsigned compact; /* the rest is for a compact one */
    unsigned per_line, entry_bits;
    u64 divisor, reciprocal, inverse_1, inverse_2;
};

static inline int same_rest(const u64 *a, const u64 *b)
{
    for (int i = 1; i < PM_WORDS; i++)
        if (a[i] != b[i])
            return 0;
    return 1;
}

#if PM_WORDS == 1
/* What is so of a line's places, added up without a branch that could be guessed wrong. */
#define OF_FOUR(so, line) (so((line)[0]) + so((line)[1]) + so((line)[2]) + so((line)[3]))
#define OF_ALL(so, line) (OF_FOUR(so, line) + OF_FOUR(so, (line) + 4))
#define IS_TAKEN(place) ((unsigned)(load_head(&(place)) != 0))
#define IS_WORD(place) ((unsigned)(load_word(&(place)) == word))
#endif

/* Whether a state of one word is in one of a line's places. */
static inline int may_have(const u64 *line, u64 word)
{
#if PM_WORDS == 1
    return OF_ALL(IS_WORD, line) != 0;
#else
    return (void)line, (void)word, 1;
#endif
}

/* What is in a place, once it is all there. */
static inline u64 settled(const u64 *place)
{
    u64 found;
    do
        found = load_head(place);
    while (PM_WORDS > 1 && found == BUSY);
    return found;
}

static inline int same_rest_there(const u64 *place, const u64 *s)
{
    for (int i = 1; i < PM_WORDS; i++)
        if (load_word(place + i) != s[i])
            return 0;
    return 1;
}

/* Writes the state to an empty place, unless somebody else is first. */
static inline int claim(u64 *place, const u64 *s, int shared)
{
#if PM_THREADS
    if (shared) {
        u64 nothing = 0;
        if (!__atomic_compare_exchange_n(place, &nothing, PM_WORDS == 1 ? s[0] : BUSY, 0,
                                         __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return 0;
        for (int i = 1; i < PM_WORDS; i++)
            store_word(place + i, s[i]);
        if (PM_WORDS > 1)
            store_head(place, s[0]);
        return 1;
    }
#endif
    (void)shared;
    pm_copy(place, s);
    return 1;
}

/* What came of looking for a state in one line. */
enum found { THERE, ADDED, GO_ON_LOOKING, NO_ROOM };

/* The line of an attempt: another one of the same window, by an odd `step`; when all of those are
 * full, of the next window. */
static inline u64 line_of(const struct table *table, u64 home, u64 step, unsigned attempt)
{
    if (LIKELY(attempt == 0))
        return home;
    u64 window = home / WINDOW + attempt / WINDOW;
    while (window >= table->lines / WINDOW)
        window -= table->lines / WINDOW;
    return window * WINDOW + (home + attempt * step) % WINDOW;
}

static inline u64 plain_line(const struct table *table, u64 hash, unsigned attempt)
{
    return line_of(table, mul_high(hash, table->lines), hash * table->lines >> 57 | 1, attempt);
}

/* How many of a line's places are taken: they are taken from the first on. */
static inline unsigned taken(const u64 *line)
{
#if PM_WORDS == 1
    return OF_ALL(IS_TAKEN, line);
#else
    unsigned count = 0;
    while (count < LINE_STATES && load_head(line + count * PM_WORDS))
        count++;
    return count;
#endif
}

/* Looks for a state in one line, and adds it if there is room. `shared`: with others at work. */
static inline enum found plain_try(struct table *table, const u64 *s, u64 hash, unsigned attempt,
                                   int shared)
{
    u64 *first = table->words + plain_line(table, hash, attempt) * LINE_WORDS;
    unsigned n = 0;
    if (PM_WORDS == 1) {
        if (LIKELY(may_have(first, s[0])))
            return THERE;
        n = taken(first);
        if (shared && may_have(first, s[0])) /* since */
            return THERE;
    }
    for (; n < LINE_STATES; n++) {
        u64 *place = first + n * PM_WORDS;
        u64 found = settled(place);
        if (found == 0) {
            if (claim(place, s, shared))
                return ADDED;
            found = settled(place);
        }
        if (found == s[0] && same_rest_there(place, s))
            return THERE;
    }
    return GO_ON_LOOKING;
}

/* Adds a state that is known not to be there. */
static inline void plain_append(struct table *table, const u64 *s, u64 hash, int shared)
{
    for (unsigned attempt = 0;; attempt++) {
        u64 *first = table->words + plain_line(table, hash, attempt) * LINE_WORDS;
        for (unsigned n = taken(first); n < LINE_STATES; n++)
            if (claim(first + n * PM_WORDS, s, shared))
                return;
    }
}

/* The number of the place where a state is that is in the table. */
static inline u64 plain_find(const struct table *table, const u64 *s, u64 hash)
{
    for (unsigned attempt = 0;; attempt++) {
        const u64 line = plain_line(table, hash, attempt);
        const u64 *first = table->words + line * LINE_WORDS;
        unsigned here = LINE_STATES;
        for (unsigned n = 0; n < LINE_STATES; n++)
            here = first[n * PM_WORDS] == s[0] && same_rest(first + n * PM_WORDS, s) ? n : here;
        if (here < LINE_STATES)
            return line * LINE_STATES + here;
        if (first[(LINE_STATES - 1) * PM_WORDS] == 0)
            die("a state is missing from the table");
    }
}

#endif
