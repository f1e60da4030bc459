/* Reads the sizes of levels, and prints how many states are expected in all. */
#define _GNU_SOURCE 1
#include "pm_model.h"

#include "pm_limits.h"

#include "pm_memory.h"
#include "pm_shared.h"

#include "pm_mix.h"
#include "pm_table.h"
#include "pm_compact.h"
#include "pm_set.h"

#include "pm_beside.h"
#include "pm_log.h"
#include "pm_worker.h"

#include "pm_outlook.h"

const struct pm_facts pm_facts = { .last_bits = 40 };

int main(int argc, char **argv)
{
    static struct pieces levels[1000];
    static struct search search;
    search.levels = levels;
    for (int i = 1; i < argc; i++) {
        levels[search.level_count].states = strtoull(argv[i], NULL, 10);
        search.states += levels[search.level_count++].states;
    }
    printf("%llu\n", (unsigned long long)expected_states(&search));
    return 0;
}
