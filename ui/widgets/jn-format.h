/* Texts that every page needs: days and times, months, categories, amounts behind the mask, accessible names. */
#pragma once

#include <gtk/gtk.h>

#include "jn-context.h"

G_BEGIN_DECLS

/* Five dots: the same for every hidden amount, so that not even its length is told. */
#define JN_MASK "•••••"

/* Whether the interface speaks Chinese now: which of the bank's two texts to show. */
gboolean jn_format_is_chinese (void);

/* An amount for a person, or JN_MASK. Caller frees. */
char *jn_format_money (JnMoney money, JnMoneyFormat format, gboolean masked);

/* The same for a screen reader: "hidden amount" when masked. Caller frees. */
char *jn_format_money_spoken (JnMoney money, JnMoneyFormat format, gboolean masked);

/* "Dining"; "" for NONE. Static, translated. */
const char *jn_format_category (JnCategory category);

/* Name of the category's symbolic icon. Static. */
const char *jn_format_category_icon (JnCategory category);

/* "14:05" in the bank's time. Caller frees. */
char *jn_format_time (JnInstant at);

/* "Today 14:05", "Yesterday 19:30", "Oct 3", "2025-10-03". Caller frees. */
char *jn_format_when (JnInstant at, JnInstant now);

/* "Today", "Yesterday", "Tomorrow", "Oct 3", "2025-10-03". Caller frees. */
char *jn_format_day (JnDate date, JnInstant now);

/* The same two in the middle of a sentence: "held until tomorrow". Caller frees. */
char *jn_format_day_inside (JnDate date, JnInstant now);
char *jn_format_when_inside (JnInstant at, JnInstant now);

/* "2026-10-03 14:05:06 (UTC+8)". Caller frees. */
char *jn_format_full_time (JnInstant at);

/* "November 2026". Caller frees. */
char *jn_format_month (JnMonth month);

/* "1,280". Caller frees. */
char *jn_format_count (gint64 count);

/* A card as short as it is told apart by: "**** 1234". Caller frees. */
char *jn_format_card (const char *masked);

/* The dim line of a row: "Today 10:41 · Dining · coupon −¥3.00", or the sentence of a state. Caller frees. */
char *jn_format_entry_line (JnEntryItem *item, JnInstant now, gboolean with_day, gboolean masked);

/* Accessible name and description of a control; NULL takes it away. */
void jn_widget_set_name (GtkWidget *widget, const char *name);
void jn_widget_set_description (GtkWidget *widget, const char *text);

/* Keeps the widget's boolean property "masked" equal to the context's; a NULL context leaves it alone. */
void jn_widget_follow_mask (gpointer widget, JnContext *context);

G_END_DECLS
