/* A world in one thread: virtual time, one queue of what happens, streams of chance, the record of what happened. */
#pragma once

#include "jn-clock.h"
#include "sim-stats.h"

G_BEGIN_DECLS

typedef enum
{
  SIM_WORKLOAD,
  SIM_NETWORK,
  SIM_DISK,
  SIM_CRASH,
  SIM_TIME,
  SIM_N_STREAMS
} SimStream;

#define SIM_N_WALLETS 2
#define SIM_LAST_EVENTS 50
/* Written in every memo; must never be found on a wallet's disk. */
#define SIM_CANARY "CANARY-memo-of-the-world"
#define SIM_PIN "258036"

typedef struct _SimBank SimBank;
typedef struct _SimWallet SimWallet;
typedef struct _SimNet SimNet;
typedef struct _SimOracle SimOracle;
typedef struct _SimUser SimUser;
typedef struct _SimWorld SimWorld;

typedef void (*SimFunc) (gpointer data);

/* The clock of one computer of a world: virtual, with an error of its own. */
#define SIM_TYPE_CLOCK (sim_clock_get_type ())
G_DECLARE_FINAL_TYPE (SimClock, sim_clock, SIM, CLOCK, GObject)
void sim_clock_jump (SimClock *self, gint64 microseconds);

struct _SimWorld
{
  guint64 seed;
  guint64 streams[SIM_N_STREAMS];
  gint64 mono;  /* microseconds since the world began */
  gint64 epoch; /* what clocks without an error show at 0 */
  guint64 hash; /* of everything that was logged */
  guint64 n_events, n_notes;
  char *failure; /* the first oracle that was not fulfilled; NULL: none */
  gboolean healed;
  gboolean verbose;
  const char *profile;       /* path of the bank's profile */
  guint rates[SIM_N_FAULTS]; /* of 10,000 occasions; 0: this world has none of it */
  guint wrong_pins;          /* typed so far */
  SimStats *stats;

  SimBank *bank;
  SimNet *net;
  SimWallet *wallets[SIM_N_WALLETS];
  SimOracle *oracle;
  SimUser *user;

  GPtrArray *queue;    /* heap of what is planned */
  GPtrArray *timers;   /* GSource of our clocks */
  GPtrArray *lines;    /* SimLine that are open */
  gboolean no_streams; /* something on the way does not let event streams through */
  char *last[SIM_LAST_EVENTS];
};

SimWorld *sim_world_new (guint64 seed, gint64 epoch, SimStats *stats);
void sim_world_free (SimWorld *self);

SimClock *sim_clock_new (SimWorld *world);

/* ---- chance ---- */
guint64 sim_random (SimWorld *self, SimStream stream);
/* Both ends included. */
gint64 sim_between (SimWorld *self, SimStream stream, gint64 low, gint64 high);
/* Like real waiting times: most are short, a few very long. */
gint64 sim_delay (SimWorld *self, SimStream stream, gint64 typical, gint64 longest);
/* Whether a fault happens at this occasion; counts it with the state that the wallet's payment is in. */
gboolean sim_fault (SimWorld *self, SimStream stream, SimFault fault, guint wallet);
/* Counts a fault that was decided elsewhere. */
void sim_fault_count (SimWorld *self, SimFault fault, guint wallet);

/* ---- time ---- */
/* Calls @func @delay microseconds from now. */
void sim_plan (SimWorld *self, gint64 delay, SimFunc func, gpointer data);
/* The same with @data to be given to @drop when the world ends before. */
void sim_plan_full (SimWorld *self, gint64 delay, SimFunc func, gpointer data, SimFunc drop);
/* Runs until @until, or until a failure. */
void sim_world_run (SimWorld *self, gint64 until);
/* Runs what is ready now, without letting time pass. */
void sim_world_settle (SimWorld *self);

/* ---- the record ---- */
void sim_log (SimWorld *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The first failure is kept. */
void sim_fail (SimWorld *self, SimCheck check, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Counts a check; fails when it does not hold. Gives @holds. */
gboolean sim_check (SimWorld *self, SimCheck check, gboolean holds, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
void sim_print_last (SimWorld *self);

G_END_DECLS
