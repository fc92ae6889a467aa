/* Follows the bank's events: a stream where there can be one, the long poll while there is none, and waits that grow from a second to a
 * minute. An event only says "look". Main thread. */
#pragma once

#include "jn-bank.h"

G_BEGIN_DECLS

#define JN_TYPE_FOLLOW (jn_follow_get_type ())
G_DECLARE_FINAL_TYPE (JnFollow, jn_follow, JN, FOLLOW, GObject)

/* Both may be called as long as the object was not stopped. */
typedef struct
{
  void (*look) (gpointer data);                        /* something may be new */
  void (*failed) (gpointer data, const GError *error); /* the bank could not be heard */
  gpointer data;
} JnFollowFuncs;

JnFollow *jn_follow_new (JnBank *bank, JnClock *clock, const JnFollowFuncs *funcs);

/* The network changed: what waits for its time is tried now. */
void jn_follow_nudge (JnFollow *self);

/* Whether events come over a stream now. */
gboolean jn_follow_is_streaming (JnFollow *self);

/* Ends it, for ever. */
void jn_follow_stop (JnFollow *self);

G_END_DECLS
