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
    size_t bytes, room; /* of memory: used, and taken from the system in advance */
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
/* A line's places as they were each at some moment, and whether one of them had a word, without a
 * branch for each that could be guessed wrong. Others may fill places at the same time, the first
 * free one first; so only what comes before the first that was free is known to have been seen. */
#ifdef __AVX2__
typedef long long four __attribute__((vector_size(32), aligned(8), may_alias));
typedef double four_signs __attribute__((vector_size(32)));
struct line {
    four low, high;
};
#define SOME_OF(are) __builtin_ia32_movmskpd256((four_signs)(are))

static inline struct line line_now(const u64 *line)
{
    return (struct line){ *(const volatile four *)line, *(const volatile four *)(line + 4) };
}

static inline int line_has(const struct line *line, u64 word)
{
    const long long one = (long long)word;
    const four all = { one, one, one, one };
    return SOME_OF((line->low == all) | (line->high == all));
}

static inline unsigned line_taken(const struct line *line)
{
    const four none = { 0, 0, 0, 0 };
    const int free = SOME_OF(line->low == none) | SOME_OF(line->high == none) << 4 | 1 << 8;
    return (unsigned)__builtin_ctz((unsigned)free);
}
#else
struct line {
    u64 place[8];
};
#define OF_ALL(so) (so(0) + so(1) + so(2) + so(3) + so(4) + so(5) + so(6) + so(7))
#define IS_TAKEN(n) ((unsigned)(line->place[n] != 0))
#define IS_FREE(n) ((unsigned)(line->place[n] == 0) << (n))
#define IS_WORD(n) ((unsigned)(line->place[n] == word))
#define NOW(n) load_head(line + (n))

static inline struct line line_now(const u64 *line)
{
    return (struct line){ { NOW(0), NOW(1), NOW(2), NOW(3), NOW(4), NOW(5), NOW(6), NOW(7) } };
}

static inline int line_has(const struct line *line, u64 word)
{
    return OF_ALL(IS_WORD) != 0;
}

static inline unsigned line_taken(const struct line *line)
{
#if PM_THREADS
    return (unsigned)__builtin_ctz(OF_ALL(IS_FREE) | 1U << 8);
#else
    return OF_ALL(IS_TAKEN);
#endif
}
#endif
#endif

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

static inline u64 home_of(const struct table *table, u64 hash)
{
    return mul_high(hash, table->lines);
}

/* All states that belong in a line have the same attempts. */
static inline u64 next_line(const struct table *table, u64 home, unsigned attempt)
{
    return line_of(table, home, home * MIX_2 >> 57 | 1, attempt);
}

static inline u64 plain_line(const struct table *table, u64 hash, unsigned attempt)
{
    return next_line(table, home_of(table, hash), attempt);
}

/* How many of a line's places are taken: they are taken from the first on. */
static inline unsigned taken(const u64 *line)
{
#if PM_WORDS == 1
    const struct line now = line_now(line);
    return line_taken(&now);
#else
    unsigned count = 0;
    while (count < LINE_STATES && load_head(line + count * PM_WORDS))
        count++;
    return count;
#endif
}

#if PM_WORDS == 1
/* Adds a state whose first line is full to the line at `line`, of a later attempt, which has room
 * from its `n`th place on; while no other thread is at work. In its first line it takes the place
 * of an older one, which goes there: states are most often looked for soon after they were added,
 * and so found at once. (After P. Poblete and J. Munro, "Last-come-first-served hashing", 1989.)
 * A state is moved only if that is the line where it belongs, so that the attempts are its own. */
static enum found plain_replace(struct table *table, u64 *line, unsigned n, u64 word, u64 hash)
{
    const u64 home = home_of(table, hash);
    u64 *place = table->words + home * LINE_WORDS + (hash * table->lines >> 61);
    const u64 old = *place;
    const int moves = home_of(table, hash_of(&old)) == home;
    if (old == word) /* since it was looked for there */
        return THERE;
    line[n] = moves ? old : word;
    if (moves)
        *place = word;
    return ADDED;
}
#endif

/* Looks for a state in one line, and adds it if there is room. `shared`: with others at work. */
static inline enum found plain_try(struct table *table, const u64 *s, u64 hash, unsigned attempt,
                                   int shared)
{
    u64 *first = table->words + plain_line(table, hash, attempt) * LINE_WORDS;
    unsigned n = 0;
#if PM_WORDS == 1
    const struct line line = line_now(first);
    if (LIKELY(line_has(&line, s[0])))
        return THERE;
    n = line_taken(&line);
    if (!shared && attempt && n < LINE_STATES)
        return plain_replace(table, first, n, s[0], hash);
#endif
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

#if PM_WORDS == 1
/* The first attempt for a state that was not in its first line, `line`, when that was last looked
 * at; so many of its places were taken then. */
static inline enum found plain_enter(struct table *table, u64 *line, unsigned was_taken,
                                     const u64 *s, u64 hash, int shared)
{
    if (was_taken == LINE_STATES)
        return GO_ON_LOOKING;
    if (load_head(line + was_taken) == 0 && claim(line + was_taken, s, shared))
        return ADDED;
    return plain_try(table, s, hash, 0, shared);
}
#endif

/* Looks for a state from the beginning, and adds it. */
static enum found plain_add(struct table *table, const u64 *s, u64 hash, int shared)
{
    for (unsigned attempt = 0;; attempt++) {
        const enum found found = plain_try(table, s, hash, attempt, shared);
        if (found != GO_ON_LOOKING)
            return found;
    }
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
