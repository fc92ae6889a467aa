#include "jn-format.h"

#include "jn-status-face.h"

#include <glib/gi18n.h>

static const char *const month_names[] = {
  NC_ ("month", "January"), NC_ ("month", "February"), NC_ ("month", "March"),
  NC_ ("month", "April"),   NC_ ("month", "May"),      NC_ ("month", "June"),
  NC_ ("month", "July"),    NC_ ("month", "August"),   NC_ ("month", "September"),
  NC_ ("month", "October"), NC_ ("month", "November"), NC_ ("month", "December"),
};

static const char *const short_month_names[] = {
  NC_ ("short month", "Jan"), NC_ ("short month", "Feb"), NC_ ("short month", "Mar"),
  NC_ ("short month", "Apr"), NC_ ("short month", "May"), NC_ ("short month", "Jun"),
  NC_ ("short month", "Jul"), NC_ ("short month", "Aug"), NC_ ("short month", "Sep"),
  NC_ ("short month", "Oct"), NC_ ("short month", "Nov"), NC_ ("short month", "Dec"),
};

static const struct
{
  const char *name;
  const char *icon;
} categories[JN_N_CATEGORIES] = {
  [JN_CATEGORY_NONE] = { "", "jn-other-symbolic" },
  [JN_CATEGORY_GROCERIES] = { NC_ ("category", "Groceries"), "jn-groceries-symbolic" },
  [JN_CATEGORY_DINING] = { NC_ ("category", "Dining"), "jn-dining-symbolic" },
  [JN_CATEGORY_TRANSPORT] = { NC_ ("category", "Transport"), "jn-transport-symbolic" },
  [JN_CATEGORY_HOUSING] = { NC_ ("category", "Housing"), "jn-home-symbolic" },
  [JN_CATEGORY_UTILITIES] = { NC_ ("category", "Utilities"), "jn-utilities-symbolic" },
  [JN_CATEGORY_SHOPPING] = { NC_ ("category", "Shopping"), "jn-shopping-symbolic" },
  [JN_CATEGORY_LEISURE] = { NC_ ("category", "Leisure"), "jn-leisure-symbolic" },
  [JN_CATEGORY_HEALTH] = { NC_ ("category", "Health"), "jn-health-symbolic" },
  [JN_CATEGORY_EDUCATION] = { NC_ ("category", "Education"), "jn-education-symbolic" },
  [JN_CATEGORY_TRAVEL] = { NC_ ("category", "Travel"), "jn-travel-symbolic" },
  [JN_CATEGORY_TELECOM] = { NC_ ("category", "Telecom"), "jn-phone-symbolic" },
  [JN_CATEGORY_OTHER] = { NC_ ("category", "Other"), "jn-other-symbolic" },
  [JN_CATEGORY_TRANSFER] = { NC_ ("category", "Transfer"), "jn-transfers-symbolic" },
  [JN_CATEGORY_INCOME] = { NC_ ("category", "Income"), "jn-income-symbolic" },
  [JN_CATEGORY_OPENING] = { NC_ ("category", "Opening balance"), "jn-wallet-symbolic" },
};

gboolean
jn_format_is_chinese (void)
{
  /* Translators: the code of the language that this file translates to, for example "zh". */
  return g_str_has_prefix (C_ ("language code", "en"), "zh");
}

char *
jn_format_money (JnMoney money, JnMoneyFormat format, gboolean masked)
{
  return masked ? g_strdup (JN_MASK) : jn_money_format (money, format);
}

char *
jn_format_money_spoken (JnMoney money, JnMoneyFormat format, gboolean masked)
{
  return masked ? g_strdup (_ ("hidden amount")) : jn_money_format (money, format);
}

const char *
jn_format_category (JnCategory category)
{
  if (category <= JN_CATEGORY_NONE || category >= JN_N_CATEGORIES)
    return "";
  return g_dpgettext2 (NULL, "category", categories[category].name);
}

const char *
jn_format_category_icon (JnCategory category)
{
  if (category < 0 || category >= JN_N_CATEGORIES)
    category = JN_CATEGORY_NONE;
  return categories[category].icon;
}

char *
jn_format_time (JnInstant at)
{
  int hour = 0, minute = 0;

  jn_time_of_day_at (at, &hour, &minute);
  return g_strdup_printf ("%02d:%02d", hour, minute);
}

char *
jn_format_day (JnDate date, JnInstant now)
{
  JnDate today = jn_date_at (now);
  int distance = jn_date_days_between (today, date);

  if (distance == 0)
    return g_strdup (_ ("Today"));
  if (distance == -1)
    return g_strdup (_ ("Yesterday"));
  if (distance == 1)
    return g_strdup (_ ("Tomorrow"));
  if (distance == 2)
    return g_strdup (C_ ("day", "In two days"));
  if (jn_date_year (date) == jn_date_year (today) || (distance > 0 && distance < 180))
    {
      const char *month =
          g_dpgettext2 (NULL, "short month", short_month_names[jn_date_month_number (date) - 1]);

      /* Translators: month and day of the month, as in "Oct 3". No line breaks between them: the space is a no-break one. */
      return g_strdup_printf (C_ ("date", "%1$s %2$d"), month, jn_date_day (date));
    }
  return jn_date_to_string (date);
}

char *
jn_format_day_inside (JnDate date, JnInstant now)
{
  int distance = jn_date_days_between (jn_date_at (now), date);

  if (distance == 0)
    return g_strdup (C_ ("inside a sentence", "today"));
  if (distance == -1)
    return g_strdup (C_ ("inside a sentence", "yesterday"));
  if (distance == 1)
    return g_strdup (C_ ("inside a sentence", "tomorrow"));
  if (distance == 2)
    return g_strdup (C_ ("inside a sentence", "the day after tomorrow"));
  return jn_format_day (date, now);
}

/* A day that is near has its time. Takes @day. */
static char *
with_time (char *day, JnInstant at, JnInstant now)
{
  g_autofree char *taken = day;
  g_autofree char *time = NULL;
  int distance = jn_date_days_between (jn_date_at (now), jn_date_at (at));

  if (distance < -1 || distance > 1)
    return g_steal_pointer (&taken);
  time = jn_format_time (at);
  /* Translators: day and time, as in "Today 14:05". */
  return g_strdup_printf (C_ ("day and time", "%1$s %2$s"), taken, time);
}

char *
jn_format_when_inside (JnInstant at, JnInstant now)
{
  return with_time (jn_format_day_inside (jn_date_at (at), now), at, now);
}

char *
jn_format_when (JnInstant at, JnInstant now)
{
  return with_time (jn_format_day (jn_date_at (at), now), at, now);
}

char *
jn_format_full_time (JnInstant at)
{
  g_autofree char *date = jn_date_to_string (jn_date_at (at));
  g_autofree char *time = jn_format_time (at);
  int second = (int) ((at / JN_SECOND) % 60);

  return g_strdup_printf ("%s %s:%02d (UTC+8)", date, time, second);
}

char *
jn_format_month (JnMonth month)
{
  const char *name = g_dpgettext2 (NULL, "month", month_names[CLAMP (month % 100, 1, 12) - 1]);

  /* Translators: month and year, as in "November 2026". */
  return g_strdup_printf (C_ ("month and year", "%1$s %2$d"), name, month / 100);
}

char *
jn_format_count (gint64 count)
{
  return jn_money_format (jn_money (count, JN_CURRENCY_POINTS), JN_MONEY_FORMAT_NO_SYMBOL);
}

char *
jn_format_card (const char *masked)
{
  const char *end = strrchr (masked, ' ');

  return g_strdup_printf ("**** %s", end ? end + 1 : masked);
}

static char *
state_sentence (JnEntryItem *item, JnInstant now)
{
  g_autofree char *until = NULL;

  switch (jn_entry_item_get_state (item))
    {
    case JN_ENTRY_PENDING:
      return g_strdup (_ ("Pending"));
    case JN_ENTRY_HELD:
      if (jn_entry_item_get_expires_at (item) == 0)
        return g_strdup (_ ("Held"));
      until = jn_format_day_inside (jn_date_at (jn_entry_item_get_expires_at (item)), now);
      return g_strdup_printf (_ ("Held until %s"), until);
    case JN_ENTRY_BOOKED:
      return jn_entry_item_get_status (item) == JN_STATUS_RETURNED
                 ? g_strdup (jn_status_get_face (JN_STATUS_RETURNED).line)
                 : NULL;
    case JN_ENTRY_UNKNOWN:
    case JN_ENTRY_NOT_MADE:
    case JN_ENTRY_SENDING:
    case JN_ENTRY_CANCELLED:
    case JN_ENTRY_LOADING:
    default:
      return NULL;
    }
}

char *
jn_format_entry_line (JnEntryItem *item, JnInstant now, gboolean with_day, gboolean masked)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  JnInstant at = jn_entry_item_get_occurred_at (item);
  JnMoney discount = jn_entry_item_get_discount (item);
  const char *category = jn_entry_item_get_kind (item) == JN_ENTRY_KIND_TOP_UP
                             ? _ ("Top-up")
                             : jn_format_category (jn_entry_item_get_category (item));
  const char *card = jn_entry_item_get_card (item);
  char *sentence = state_sentence (item, now);

  if (!jn_entry_item_is_settled (item))
    return g_strdup (jn_status_get_face (jn_entry_item_get_status (item)).line);
  g_ptr_array_add (parts, with_day ? jn_format_when (at, now) : jn_format_time (at));
  if (sentence)
    g_ptr_array_add (parts, sentence);
  if (jn_entry_item_get_kind (item) == JN_ENTRY_KIND_REFUND)
    g_ptr_array_add (parts, g_strdup (_ ("Refund")));
  if (*category)
    g_ptr_array_add (parts, g_strdup (category));
  if (card && jn_entry_item_get_amount (item).minor < 0)
    {
      g_autofree char *number = jn_format_card (card);

      g_ptr_array_add (parts, g_strdup_printf (_ ("Card %s"), number));
    }
  if (discount.currency != JN_CURRENCY_NONE && discount.minor != 0)
    {
      g_autofree char *amount = NULL;
      JnMoney off = jn_money (-ABS (discount.minor), discount.currency);

      amount = jn_format_money (off, JN_MONEY_FORMAT_PLAIN, masked);
      g_ptr_array_add (parts, g_strdup_printf (_ ("coupon %s"), amount));
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

void
jn_widget_set_name (GtkWidget *widget, const char *name)
{
  if (name)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

void
jn_widget_set_description (GtkWidget *widget, const char *text)
{
  if (text)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    text, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

void
jn_widget_follow_mask (gpointer widget, JnContext *context)
{
  if (context)
    g_object_bind_property (context, "masked", widget, "masked", G_BINDING_SYNC_CREATE);
}
