/* What money was spent on: the closed list that bank, ledger (as code), view-models and pages share. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  JN_CATEGORY_NONE = 0,
  JN_CATEGORY_GROCERIES = 1,
  JN_CATEGORY_DINING = 2,
  JN_CATEGORY_TRANSPORT = 3,
  JN_CATEGORY_HOUSING = 4,
  JN_CATEGORY_UTILITIES = 5,
  JN_CATEGORY_SHOPPING = 6,
  JN_CATEGORY_LEISURE = 7,
  JN_CATEGORY_HEALTH = 8,
  JN_CATEGORY_EDUCATION = 9,
  JN_CATEGORY_TRAVEL = 10,
  JN_CATEGORY_TELECOM = 11,
  JN_CATEGORY_OTHER = 12,
  JN_CATEGORY_TRANSFER = 13, /* to and from people: not counted as spending */
  JN_CATEGORY_INCOME = 14,
  JN_CATEGORY_OPENING = 15, /* the balance a feed begins with: neither income nor spending */
  JN_N_CATEGORIES
} JnCategory;

/* Stable lower-case name on the wire ("groceries"); NULL for NONE and unknown values. */
const char *jn_category_to_name (JnCategory category);

/* JN_CATEGORY_NONE for an unknown name. */
JnCategory jn_category_from_name (const char *name);

/* Whether money out in this category is spending (not transfer, income or opening). */
gboolean jn_category_is_spending (JnCategory category);

G_END_DECLS
