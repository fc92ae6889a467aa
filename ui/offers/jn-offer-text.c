/* Every rule is a clause of its own, so that each language can order the words inside it as it must. */
#include "jn-offer-text.h"

#include <glib/gi18n.h>

#include "jn-format.h"

/* "88" for 12 % off, "8" for 20 %: what is left of the price in tenths, as Chinese names a reduction (88 折). */
static char *
dup_tenths (int percent)
{
  int left = CLAMP (100 - percent, 0, 100);

  return left % 10 == 0 ? g_strdup_printf ("%d", left / 10) : g_strdup_printf ("%d", left);
}

static char *
dup_percent (int percent)
{
  g_autofree char *number = g_strdup_printf ("%d %%", percent);
  g_autofree char *tenths = dup_tenths (percent);
  /* Translators: {percent} is the reduction (12 %), {tenths} what is left as Chinese says it (88 for 88 折). Use one of them. */
  g_autoptr (GString) text = g_string_new (_ ("{percent} off"));

  g_string_replace (text, "{percent}", number, 0);
  g_string_replace (text, "{tenths}", tenths, 0);
  return g_strdup (text->str);
}

char *
jn_offer_text_dup_value (JnOfferItem *offer, gboolean masked)
{
  switch (jn_offer_item_get_kind (offer))
    {
    case JN_OFFER_PERCENT_OFF:
      return dup_percent (jn_offer_item_get_percent (offer));
    case JN_OFFER_POINTS_MULTIPLE:
      return g_strdup_printf (_ ("%d× points"), jn_offer_item_get_multiple (offer));
    case JN_OFFER_AMOUNT_OFF:
    default:
      return jn_format_money (jn_offer_item_get_amount (offer), JN_MONEY_FORMAT_PLAIN, masked);
    }
}

static char *
dup_gain (JnOfferItem *offer, gboolean masked)
{
  JnMoney minimum = jn_offer_item_get_minimum (offer);
  gboolean bound = minimum.currency != JN_CURRENCY_NONE && minimum.minor > 0;
  g_autofree char *value = jn_offer_text_dup_value (offer, masked);
  g_autofree char *from = bound ? jn_format_money (minimum, JN_MONEY_FORMAT_PLAIN, masked) : NULL;

  if (jn_offer_item_get_kind (offer) != JN_OFFER_AMOUNT_OFF)
    /* Translators: what a coupon gives ("12 % off", "2× points") and the least amount it wants. */
    return bound ? g_strdup_printf (_ ("%s from %s"), value, from) : g_steal_pointer (&value);
  /* Translators: "¥3.00 off from ¥20.00": first the reduction, then the least amount. */
  return bound ? g_strdup_printf (_ ("%s off from %s"), value, from)
               : g_strdup_printf (_ ("%s off"), value);
}

static char *
dup_place (JnOfferItem *offer)
{
  const char *merchant = jn_offer_item_get_merchant (offer);
  JnCategory category = jn_offer_item_get_category (offer);

  if (merchant)
    return g_strdup_printf (_ ("only at %s"), merchant);
  if (category != JN_CATEGORY_NONE)
    return g_strdup_printf (_ ("only for %s"), jn_format_category (category));
  return NULL;
}

static char *
dup_validity (JnOfferItem *offer, JnInstant now)
{
  g_autofree char *from = jn_format_day_inside (jn_offer_item_get_valid_from (offer), now);
  g_autofree char *until = jn_format_day_inside (jn_offer_item_get_valid_until (offer), now);

  if (jn_offer_item_get_state (offer) == JN_OFFER_EXPIRED)
    return g_strdup_printf (_ ("was valid until %s"), until);
  if (jn_offer_item_get_valid_from (offer) > jn_date_at (now))
    return g_strdup_printf (_ ("from %s until %s"), from, until);
  return g_strdup_printf (_ ("valid until %s"), until);
}

char *
jn_offer_text_dup_rules (JnOfferItem *offer, JnInstant now, gboolean masked)
{
  g_autofree char *gain = dup_gain (offer, masked);
  g_autofree char *place = dup_place (offer);
  g_autofree char *validity = dup_validity (offer, now);
  /* Translators: stands between the rules of a coupon. */
  const char *comma = C_ ("between clauses", ", ");

  if (place)
    return g_strconcat (gain, comma, place, comma, validity, NULL);
  return g_strconcat (gain, comma, validity, NULL);
}
