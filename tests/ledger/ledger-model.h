/* The ledger as naively as it can be said: arrays, linear search, whole copies to undo. */
#pragma once

#include <glib.h>

#include "jn-ledger.h"

typedef struct
{
  jn_account info;
  int closed;      /* 1 for good, else 2 + index of the hold that closes it */
  jn_balance sums; /* the first four members */
} ModelAccount;

typedef struct
{
  jn_event request; /* texts point into a static pool */
  jn_id outside;    /* the id that a reader sees */
  gboolean own_id;  /* request.id is known to the outside */
  int kind;
  int debit, credit; /* indices */
  gint64 amount;
  gint64 recorded_us;
  jn_event shown; /* date, code, texts after inheriting */
  gint64 posted_after[2];
  /* pending only */
  int state; /* 0 open, then the result that a second resolution gets */
  gint64 expires_us;
  gboolean of_feed;
  int posted;                   /* index of the row that booked it, −1 for none */
  gint64 lot_left, lot_expires; /* granted for a time */
  gboolean engines;             /* a row with an id that only the engine knows how to make */
  int again;                    /* index of the record that replaced it, −1 for none */
} ModelTransfer;

typedef struct
{
  jn_event request;
  jn_status status;
  gint64 recorded_us;
} ModelRefusal;

typedef struct
{
  jn_id id;
  guint first, end; /* indices of its rows */
  gboolean undone;
} ModelImport;

typedef struct
{
  GArray *accounts;    /* ModelAccount */
  GArray *transfers;   /* ModelTransfer; the number of a row is its index + 1 */
  GArray *refusals;    /* ModelRefusal */
  GArray *imports;     /* ModelImport */
  GArray *annotations; /* jn_annotation; values are literals */
  gint64 last_recorded_us;
  gint64 recorded_us;
  guint64 cursor;
  guint64 commits;
} Model;

extern guint model_seen[5]; /* balanced, topped up, closed by a hold, opened again, lapsed */

Model *model_new (void);
void model_free (Model *model);

jn_status model_open_account (Model *model, gint64 now, const jn_account *account);
jn_status model_close_account (Model *model, gint64 now, const jn_id *id);
void model_submit (Model *model, gint64 now, const jn_event *events, gsize n, jn_result *results);
jn_status model_feed (Model *model, gint64 now, const jn_feed_page *page, jn_result *results);
jn_status model_feed_pending (Model *model, gint64 now, const jn_event *pending, gsize n);
jn_status model_import (Model *model, gint64 now, const jn_id *id, const jn_event *events, gsize n,
                        jn_result *results);
jn_status model_import_undo (Model *model, gint64 now, const jn_id *id);
jn_status model_annotate (Model *model, gint64 now, const jn_annotation *annotations, gsize n);
/* NULL when there is none. */
const char *model_annotation (Model *model, const jn_id *id, guint field);
guint model_fields (Model *model, const jn_id *id);
int model_category (Model *model, const ModelTransfer *t); /* that the row shows */
jn_status model_outcome (Model *model, const jn_id *id, jn_result *out);

int model_find_account (Model *model, const jn_id *id);  /* index or −1 */
int model_find_transfer (Model *model, const jn_id *id); /* index or −1 */
gboolean model_same_id (const jn_id *a, const jn_id *b);

/* The INVALID class, or OK. */
jn_status model_check (Model *model, const jn_event *e);
/* EXISTS, or the first field that differs. */
jn_status model_compare (const jn_event *e, const jn_event *known);

/* One case and width of ASCII. */
char *model_fold (const char *text);
/* Whether @part is the pinyin initials of neighbouring Chinese characters of a name. */
gboolean model_initials_have (const char *name, const char *part);
/* Substring after folding case and width of ASCII. */
gboolean model_text_has (const char *text, const char *part);

#define MODEL_ACCOUNT(model, i) (&g_array_index ((model)->accounts, ModelAccount, i))
#define MODEL_TRANSFER(model, i) (&g_array_index ((model)->transfers, ModelTransfer, i))
