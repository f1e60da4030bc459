-- Pins with a lease, write-back with a checksum, and truncation, in Murphi.
--
-- The same model as pin_lease.pin, step by step: README.md compares them. Places between steps are
-- written out as program counters. Users and pages are ranges, so that there is no symmetry.

const
  USERS: 2;
  PAGES: 1;
  BIAS: 2;
  LOOKUPS: 1;

  FREE: 0;                    -- a lock that nobody holds
  FLUSHER: USERS + 1;
  TRUNCATE: USERS + 2;

type
  User: 0 .. USERS - 1;
  Page: 0 .. PAGES - 1;
  Io: enum { idle, writeback, in_flight };
  UserPlace: enum { u_choose, u_lease, u_fault, u_grab, u_recheck, u_back_off, u_pinned, u_end };
  FlusherPlace: enum { f_choose, f_lock, f_clear, f_clean, f_pinned, f_redirty, f_redirtied,
                       f_start, f_unlock, f_checksum, f_finish };
  TruncatePlace: enum { t_choose, t_recall, t_wait_leases, t_lock, t_wait_io, t_free, t_unlock,
                        t_done };

var
  folio: array [Page] of 0 .. USERS + 2;
  cached: array [Page] of boolean;
  refs: array [Page] of 0 .. 1 + LOOKUPS + USERS * BIAS;
  lookups: array [Page] of 0 .. LOOKUPS;
  writable: array [Page] of boolean;
  dirty: array [Page] of boolean;
  io: array [Page] of Io;
  leases: array [Page] of 0 .. USERS;
  recalled: array [Page] of boolean;
  pins: array [Page] of 0 .. USERS;
  content: array [Page] of 0 .. 1;
  csum: array [Page] of 0 .. 1;

  user_at: array [User] of UserPlace;
  user_page: array [User] of Page;
  flusher_at: FlusherPlace;
  flusher_page: Page;
  truncate_at: TruncatePlace;
  truncate_page: Page;

-- A user and its device ---------------------------------------------------------------------------

ruleset u: User do
  alias p: user_page[u]; at: user_at[u] do

    ruleset q: Page do
      rule "choose" at = u_choose ==> begin p := q; at := u_lease end;
    end;

    rule "take_lease" at = u_lease & !recalled[p] ==>
    begin
      leases[p] := leases[p] + 1;
      at := u_fault
    end;

    rule "page_mkwrite"
      at = u_fault & folio[p] = FREE & io[p] = idle & (cached[p] | refs[p] = 0) ==>
    begin
      if !cached[p] then
        cached[p] := true;
        refs[p] := 1
      end;
      writable[p] := true;
      dirty[p] := true;
      at := u_grab
    end;

    rule "grab" at = u_grab ==>
    begin
      refs[p] := refs[p] + BIAS;
      at := u_recheck
    end;

    rule "recheck: still writable" at = u_recheck & writable[p] ==>
    begin
      pins[p] := pins[p] + 1;
      at := u_pinned
    end;

    rule "recheck: no longer writable" at = u_recheck & !writable[p] ==>
    begin
      at := u_back_off
    end;

    rule "back off" at = u_back_off ==>
    begin
      refs[p] := refs[p] - BIAS;
      at := u_fault
    end;

    rule "device_write" at = u_pinned ==>
    begin
      content[p] := 1 - content[p]
    end;

    rule "unpin_dirty" at = u_pinned & folio[p] = FREE ==>
    begin
      dirty[p] := true;
      refs[p] := refs[p] - BIAS;
      pins[p] := pins[p] - 1;
      at := u_end
    end;

    rule "end_lease" at = u_end ==>
    begin
      leases[p] := leases[p] - 1;
      p := 0;
      at := u_choose
    end;

  end;
end;

-- Write-back --------------------------------------------------------------------------------------

alias p: flusher_page; at: flusher_at do

  ruleset q: Page do
    rule "choose" at = f_choose & dirty[q] ==> begin p := q; at := f_lock end;
  end;

  rule "lock" at = f_lock & folio[p] = FREE ==>
  begin
    folio[p] := FLUSHER;
    at := f_clear
  end;

  rule "clear_dirty_for_io: dirty" at = f_clear & dirty[p] ==>
  begin
    dirty[p] := false;
    writable[p] := false;
    at := f_pinned
  end;

  rule "clear_dirty_for_io: clean" at = f_clear & !dirty[p] ==>
  begin
    at := f_clean
  end;

  rule "maybe_dma_pinned: yes" at = f_pinned & refs[p] >= BIAS ==>
  begin
    at := f_redirty
  end;

  rule "maybe_dma_pinned: no" at = f_pinned & refs[p] < BIAS ==>
  begin
    at := f_start
  end;

  rule "redirty" at = f_redirty ==>
  begin
    dirty[p] := true;
    at := f_redirtied
  end;

  rule "unlock, dirty again" at = f_redirtied ==>
  begin
    folio[p] := FREE;
    p := 0;
    at := f_choose
  end;

  rule "unlock, nothing done" at = f_clean ==>
  begin
    folio[p] := FREE;
    p := 0;
    at := f_choose
  end;

  rule "start_writeback" at = f_start ==>
  begin
    io[p] := writeback;
    at := f_unlock
  end;

  rule "unlock" at = f_unlock ==>
  begin
    folio[p] := FREE;
    at := f_checksum
  end;

  rule "checksum" at = f_checksum ==>
  begin
    csum[p] := content[p];
    io[p] := in_flight;
    at := f_finish
  end;

  rule "end_writeback" at = f_finish ==>
  begin
    csum[p] := 0;
    io[p] := idle;
    p := 0;
    at := f_choose
  end;

end;

-- Truncation and lookups --------------------------------------------------------------------------

alias p: truncate_page; at: truncate_at do

  ruleset q: Page do
    rule "choose" at = t_choose & cached[q] ==> begin p := q; at := t_recall end;
  end;

  rule "recall" at = t_recall ==>
  begin
    recalled[p] := true;
    at := t_wait_leases
  end;

  rule "wait for leases" at = t_wait_leases & leases[p] = 0 ==>
  begin
    at := t_lock
  end;

  rule "lock" at = t_lock & folio[p] = FREE ==>
  begin
    folio[p] := TRUNCATE;
    at := t_wait_io
  end;

  rule "wait for write-back" at = t_wait_io & io[p] = idle ==>
  begin
    at := t_free
  end;

  rule "free_block" at = t_free ==>
  begin
    cached[p] := false;
    refs[p] := refs[p] - 1;
    writable[p] := false;
    dirty[p] := false;
    content[p] := 0;
    at := t_unlock
  end;

  rule "unlock" at = t_unlock ==>
  begin
    folio[p] := FREE;
    at := t_done
  end;

  rule "end of the recall" at = t_done ==>
  begin
    recalled[p] := false;
    p := 0;
    at := t_choose
  end;

end;

ruleset p: Page do
  rule "look_up" cached[p] & lookups[p] < LOOKUPS ==>
  begin
    lookups[p] := lookups[p] + 1;
    refs[p] := refs[p] + 1
  end;

  rule "looked_up" lookups[p] > 0 ==>
  begin
    lookups[p] := lookups[p] - 1;
    refs[p] := refs[p] - 1
  end;
end;

startstate
begin
  for p: Page do
    folio[p] := FREE;
    cached[p] := false;
    refs[p] := 0;
    lookups[p] := 0;
    writable[p] := false;
    dirty[p] := false;
    io[p] := idle;
    leases[p] := 0;
    recalled[p] := false;
    pins[p] := 0;
    content[p] := 0;
    csum[p] := 0
  end;
  for u: User do
    user_at[u] := u_choose;
    user_page[u] := 0
  end;
  flusher_at := f_choose;
  flusher_page := 0;
  truncate_at := t_choose;
  truncate_page := 0
end;

-- Invariants --------------------------------------------------------------------------------------

invariant "no_freed_block_under_pin" forall p: Page do pins[p] > 0 -> cached[p] end;
invariant "pin_needs_lease" forall p: Page do pins[p] <= leases[p] end;
invariant "checksum_stability" forall p: Page do io[p] = in_flight -> content[p] = csum[p] end;
