package dev.matriarch.postgres;

/** How to stop. There is no smart mode: it waits for clients, and so for ever. */
public enum StopMode {
  /**
   * Rolls sessions back and writes the shutdown checkpoint. Done when pg_control says shut down,
   * from when on no WAL can be written; the process may live on to feed its walsenders and
   * archiver.
   */
  FAST,
  /**
   * Quits without a checkpoint; whatever still has its working directory in PGDATA at the end of
   * the budget is killed. Works on a hung postmaster too.
   */
  IMMEDIATE
}
