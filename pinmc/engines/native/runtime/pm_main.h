/* The program: arguments in, lines on standard output out. The last line is "end"; without it the
 * answer is not whole. See README.md for the lines. */
#ifndef PM_MAIN_H
#define PM_MAIN_H

#define FIRST_LINES 4096

static struct limits limits_of(int count, char **arguments)
{
    struct limits limits = { UINT64_MAX, UINT64_MAX, UINT64_MAX, -1, 0, 1,
                             COMPACT_IF_NEEDED, FIRST_LINES };
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = arguments[i], *value = arguments[i + 1];
        if (!strcmp(name, "states"))
            limits.states = strtoull(value, NULL, 10);
        else if (!strcmp(name, "depth"))
            limits.depth = strtoull(value, NULL, 10);
        else if (!strcmp(name, "memory"))
            limits.memory = strtoull(value, NULL, 10);
        else if (!strcmp(name, "seconds"))
            limits.seconds = strtod(value, NULL);
        else if (!strcmp(name, "first"))
            limits.first = atoi(value);
        else if (!strcmp(name, "workers"))
            limits.workers = (unsigned)strtoul(value, NULL, 10);
        else if (!strcmp(name, "compact"))
            limits.compact = (enum compaction)atoi(value);
        else if (!strcmp(name, "lines"))
            limits.lines = strtoull(value, NULL, 10);
        else
            die("an argument is not known");
    }
    return limits;
}

static void tell_counts(struct search *search)
{
    printf("search %d %llu %llu %llu %.6f\n", search->stop, (unsigned long long)search->states,
           (unsigned long long)search->transitions, (unsigned long long)search->level,
           now() - search->started);
    printf("marks");
    for (unsigned m = 0; m < pm_facts.mark_words; m++) {
        u64 marks = 0;
        for (unsigned i = 0; i < search->workers; i++)
            marks |= search->worker[i].out.marks[m];
        printf(" %llx", (unsigned long long)marks);
    }
    printf("\nwitnesses");
    for (unsigned i = pm_facts.state_properties; i < pm_facts.state_watches; i++)
        if (search->state_level[i] >= 0)
            printf(" %u", i - pm_facts.state_properties);
    printf("\n");
    for (unsigned i = 0; i < pm_facts.claims; i++)
        if (search->initial_error[i] >= 0)
            printf("initial %u %lld\n", i, (long long)search->initial_error[i]);
}

int main(int count, char **arguments)
{
    static struct search search;
    struct stuck stuck;
    memset(&stuck, 0, sizeof stuck);
    open_search(&search, limits_of(count, arguments));
    listen_for_signals();
    initialise(&search);
    run_workers(&search);
    tell_counts(&search);
    if (!search.stop && pm_facts.stuck)
        find_stuck(&search, &stuck);
    printf("stuck %d %d\n", stuck.known, search.stop);
    tell_traces(&search, &stuck);
    printf("end %.6f %llu\n", now() - search.started, (unsigned long long)peak_memory());
    fflush(stdout);
    return ferror(stdout) ? 71 : 0;
}

#endif
