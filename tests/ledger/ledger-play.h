/* One engine and one model that play the same operations. */
#pragma once

#include "ledger-model.h"
#include "ledger-world.h"

typedef struct
{
  World world;
  Model *model;
  jn_ledger *ledger;
  GRand *rand;
  GArray *ids; /* jn_id: all that were ever used */
  guint64 next_id;
} Play;

extern guint play_seen[1200]; /* answers by status, all seeds together */

extern guint play_annotated[4]; /* changed, nothing newer, malformed, of no row yet */

/* Accounts after those that everything is played with. */
enum
{
  PLAY_ISSUER = 6,
  PLAY_POINTS_A,
  PLAY_POINTS_B,
  PLAY_LIMIT_ISSUER,
  PLAY_LIMIT,
  PLAY_USD,
  PLAY_LIQUIDITY_USD,
  PLAY_SPREAD_USD,
  PLAY_LIQUIDITY,
  PLAY_ACCOUNTS,
};
#define PLAY_POINTS 10001u
#define PLAY_LIMITS 10002u

extern guint play_units[4]; /* lots granted, exchanges made, refused, payments within a limit */

void play_open_units (Play *play);
void play_points (Play *play);
void play_exchange (Play *play);
void play_limit (Play *play);
void play_compare_lots (Play *play, jn_snapshot *snapshot);

void play_annotate (Play *play);
void play_compare_annotations (Play *play, jn_snapshot *snapshot);
/* What customers' accounts have to do with others. */
void play_compare_flows (Play *play, jn_snapshot *snapshot);

void play_assert_results (const jn_result *a, const jn_result *b, gsize n);

/* Every read of the engine beside the model's rows. */
void play_compare_all (Play *play);
