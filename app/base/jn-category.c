#include "jn-category.h"

static const char *const names[JN_N_CATEGORIES] = {
  [JN_CATEGORY_GROCERIES] = "groceries", [JN_CATEGORY_DINING] = "dining",
  [JN_CATEGORY_TRANSPORT] = "transport", [JN_CATEGORY_HOUSING] = "housing",
  [JN_CATEGORY_UTILITIES] = "utilities", [JN_CATEGORY_SHOPPING] = "shopping",
  [JN_CATEGORY_LEISURE] = "leisure",     [JN_CATEGORY_HEALTH] = "health",
  [JN_CATEGORY_EDUCATION] = "education", [JN_CATEGORY_TRAVEL] = "travel",
  [JN_CATEGORY_TELECOM] = "telecom",     [JN_CATEGORY_OTHER] = "other",
  [JN_CATEGORY_TRANSFER] = "transfer",   [JN_CATEGORY_INCOME] = "income",
  [JN_CATEGORY_OPENING] = "opening",
};

const char *
jn_category_to_name (JnCategory category)
{
  return (guint) category < JN_N_CATEGORIES ? names[category] : NULL;
}

JnCategory
jn_category_from_name (const char *name)
{
  for (guint i = 1; i < JN_N_CATEGORIES; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return (JnCategory) i;
  return JN_CATEGORY_NONE;
}

gboolean
jn_category_is_spending (JnCategory category)
{
  return category >= JN_CATEGORY_GROCERIES && category <= JN_CATEGORY_OTHER;
}
