/* The runtime, compiled once for each number of words a state takes. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

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
#include "pm_sleep.h"
#include "pm_widen.h"
#include "pm_outlook.h"
#include "pm_grow.h"
#include "pm_search.h"

#include "pm_stuck.h"
#include "pm_trace.h"
#include "pm_main.h"
