/* Pins with a lease, write-back with a checksum, and truncation, in Promela.
 *
 * The same model as pin_lease.pin, step by step: README.md compares them. Each step is one
 * statement or one d_step. Sizes: spin -DUSERS=2 -DPAGES=2 -DBIAS=2 -DLOOKUPS=1 -a pin_lease.pml
 */

#ifndef USERS
#define USERS 2
#endif
#ifndef PAGES
#define PAGES 1
#endif
#ifndef BIAS
#define BIAS 2
#endif
#ifndef LOOKUPS
#define LOOKUPS 1
#endif

#define IDLE 0
#define WRITEBACK 1
#define IN_FLIGHT 2

#define FREE 0                /* a lock that nobody holds; else the holder is _pid + 1 */

byte folio[PAGES];
bool cached[PAGES];
byte refs[PAGES];
byte lookups[PAGES];
bool writable[PAGES];
bool dirty[PAGES];
byte io[PAGES];
byte leases[PAGES];
bool recalled[PAGES];
byte pins[PAGES];
bit content[PAGES];
bit csum[PAGES];

/* What a choice of a page and a statement about all pages are, for each number of pages. */
#if PAGES == 1
#define CHOOSE if :: p = 0 fi
#define CHOOSE_WHERE(a) if :: d_step { a[0] -> p = 0 } fi
#define ALL(good) (good(0))
#elif PAGES == 2
#define CHOOSE if :: p = 0 :: p = 1 fi
#define CHOOSE_WHERE(a) if :: d_step { a[0] -> p = 0 } :: d_step { a[1] -> p = 1 } fi
#define ALL(good) (good(0) && good(1))
#elif PAGES == 3
#define CHOOSE if :: p = 0 :: p = 1 :: p = 2 fi
#define CHOOSE_WHERE(a) if :: d_step { a[0] -> p = 0 } :: d_step { a[1] -> p = 1 } \
    :: d_step { a[2] -> p = 2 } fi
#define ALL(good) (good(0) && good(1) && good(2))
#else
#error "PAGES is 1, 2 or 3"
#endif

/* --- a user and its device ------------------------------------------------------------------ */

active [USERS] proctype user()
{
  byte p;
  do
  :: CHOOSE;
     d_step { !recalled[p] -> leases[p]++ };
     do
     :: d_step {
          folio[p] == FREE && io[p] == IDLE && (cached[p] || refs[p] == 0) ->
          if
          :: !cached[p] -> cached[p] = true; refs[p] = 1
          :: else
          fi;
          writable[p] = true;
          dirty[p] = true
        };
        refs[p] = refs[p] + BIAS;
        if
        :: d_step { writable[p] -> pins[p]++ }; break
        :: !writable[p]
        fi;
        refs[p] = refs[p] - BIAS
     od;
     do
     :: content[p] = 1 - content[p]
     :: d_step {
          folio[p] == FREE ->
          dirty[p] = true;
          refs[p] = refs[p] - BIAS;
          pins[p]--
        };
        break
     od;
     if :: d_step { leases[p]--; p = 0 } fi    /* SPIN lets no break lead to a d_step itself */
  od
}

/* --- write-back ----------------------------------------------------------------------------- */

active proctype flusher()
{
  byte p;
end:
  do
  :: CHOOSE_WHERE(dirty);
     d_step { folio[p] == FREE -> folio[p] = _pid + 1 };
     if
     :: d_step { dirty[p] -> dirty[p] = false; writable[p] = false };
        if
        :: refs[p] >= BIAS ->
           dirty[p] = true;
           d_step { folio[p] = FREE; p = 0 }
        :: refs[p] < BIAS ->
           io[p] = WRITEBACK;
           folio[p] = FREE;
           d_step { csum[p] = content[p]; io[p] = IN_FLIGHT };
           d_step { csum[p] = 0; io[p] = IDLE; p = 0 }
        fi
     :: !dirty[p] ->
        d_step { folio[p] = FREE; p = 0 }
     fi
  od
}

/* --- truncation ----------------------------------------------------------------------------- */

active proctype truncate()
{
  byte p;
end:
  do
  :: CHOOSE_WHERE(cached);
     recalled[p] = true;
     leases[p] == 0;
     d_step { folio[p] == FREE -> folio[p] = _pid + 1 };
     io[p] == IDLE;
     d_step {
       cached[p] = false;
       refs[p]--;
       writable[p] = false;
       dirty[p] = false;
       content[p] = 0
     };
     folio[p] = FREE;
     d_step { recalled[p] = false; p = 0 }
  od
}

/* --- invariants ----------------------------------------------------------------------------- */

#define NO_FREED_BLOCK_UNDER_PIN(q) (pins[q] == 0 || cached[q])
#define PIN_NEEDS_LEASE(q) (pins[q] <= leases[q])
#define CHECKSUM_STABILITY(q) (io[q] != IN_FLIGHT || content[q] == csum[q])
#define HOLDS (ALL(NO_FREED_BLOCK_UNDER_PIN) && ALL(PIN_NEEDS_LEASE) && ALL(CHECKSUM_STABILITY))

/* --- lookups -------------------------------------------------------------------------------- */

/* The rules, and the usual way to check invariants: what can be done only when they are violated.
 * All in one process with one place, which adds no state, and as few bytes as can be to each. */
#define LOOK_UP(q) d_step { cached[q] && lookups[q] < LOOKUPS -> lookups[q]++; refs[q]++ }
#define LOOKED_UP(q) d_step { lookups[q] > 0 -> lookups[q]--; refs[q]-- }

active proctype lookup()
{
end:
  do
  :: LOOK_UP(0)
  :: LOOKED_UP(0)
#if PAGES > 1
  :: LOOK_UP(1)
  :: LOOKED_UP(1)
#endif
#if PAGES > 2
  :: LOOK_UP(2)
  :: LOOKED_UP(2)
#endif
  :: d_step { !HOLDS -> assert(false) }
  od
}

