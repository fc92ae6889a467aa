/* A statement as a list: rows are read in blocks when somebody looks at them, and forgotten again. */
#pragma once

#include "jn-items-private.h"
#include "jn-storage.h"

G_BEGIN_DECLS

#define JN_TYPE_ENTRY_LIST (jn_entry_list_get_type ())
G_DECLARE_FINAL_TYPE (JnEntryList, jn_entry_list, JN, ENTRY_LIST, GObject)

/* What the list is made of. Booked rows are only ever added at the new end: a block is counted from the oldest row, so that
 * it keeps its number when new rows come. */
typedef struct
{
  JnStorage *storage;
  JnCurrency currency;
  JnMonth month;       /* 0: all */
  JnCategory category; /* NONE: all */
  guint64 n_booked;    /* rows that the filter holds */
  guint64 revision;    /* another one: rows that were booked before look different now */
} JnEntrySource;

JnEntryList *jn_entry_list_new (void);

/* Shows @top (JnEntryItem), then the booked rows of @source, newest first. Rows that were there stay the same objects but the newest. */
void jn_entry_list_show (JnEntryList *self, const JnEntrySource *source, GPtrArray *top);

/* Shows exactly these items. */
void jn_entry_list_show_fixed (JnEntryList *self, GPtrArray *items);

void jn_entry_list_clear (JnEntryList *self);

G_END_DECLS
