/* The wallet's door before a scripted bank: whose answers are as a test says, signed or not. */
#pragma once

#include "script-bank.h"

#include "jn-bank.h"

#define DOOR_START 1763770000 /* seconds since 1970 */

typedef struct
{
  BankKey key, next, other;
  ScriptBank *script;
  JnClock *clock;
  JnEntropy *entropy;
  JnDevice *device;
  JnBank *bank;
  guint keys_changed;

  guint status; /* of the next answers */
  const char *body;
  const char *header, *value; /* added to answers that nobody signs */
  BankKey *signer;            /* NULL: nobody signs */
  guint counters_used;        /* so many answers say COUNTER_USED first */
  const char *highest;
  JnAnswer *kept; /* given instead of a fresh answer */
  int fail;       /* an error of the transport instead, once no answer says COUNTER_USED */
} Door;

void door_set_up (Door *f, gconstpointer data);
void door_tear_down (Door *f, gconstpointer data);

/* A read, and a write whose answer is no good settlement: end with this code of JN_ERROR, the read with 0 when it is answered. */
void door_check_read (Door *f, int code);
void door_check_write (Door *f, int code);

/* The request that went out as number @i. */
const JnRequest *door_request_at (Door *f, guint i);
