/* The runtime, compiled once for each number of words a state takes. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "pm_model.h"

#include "pm_limits.h"
#include "pm_table.h"
#include "pm_log.h"
#include "pm_search.h"
#include "pm_stuck.h"
#include "pm_trace.h"
#include "pm_main.h"
