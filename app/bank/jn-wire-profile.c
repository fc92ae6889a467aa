/* The customer's profile. */
#include "jn-wire-read.h"

static void
card_free (gpointer data)
{
  JnWireCard *card = data;
  if (card == NULL)
    return;
  g_free (card->card_id);
  g_free (card->masked_pan);
  g_free (card->kind);
  jn_wire_name_clear (&card->bank_name);
  g_free (card);
}

static gpointer
read_card (JnWireReader *reader, JnJson *json)
{
  static const char *const kinds[] = { "debit", "credit", NULL };
  JnWireCard *card = g_new0 (JnWireCard, 1);
  card->card_id = jn_wire_take_path_id (reader, json, "cardId");
  card->masked_pan = jn_wire_take_name (reader, json, "maskedPan", JN_WIRE_REQUIRED);
  card->kind = g_strdup (kinds[jn_wire_take_choice (reader, json, "kind", kinds)]);
  card->bank_name = jn_wire_take_names (reader, json, "bankName");
  card->top_up = jn_wire_take_boolean (reader, json, "topUp", JN_WIRE_OPTIONAL);
  card->pays = jn_wire_take_boolean (reader, json, "pays", JN_WIRE_OPTIONAL);
  return card;
}

static void
payee_free (gpointer data)
{
  JnWirePayee *payee = data;
  if (payee == NULL)
    return;
  g_free (payee->payee_id);
  g_free (payee->name);
  g_free (payee->account);
  jn_wire_name_clear (&payee->bank_name);
  g_free (payee);
}

static gpointer
read_payee (JnWireReader *reader, JnJson *json)
{
  JnWirePayee *payee = g_new0 (JnWirePayee, 1);
  payee->payee_id = jn_wire_take_path_id (reader, json, "payeeId");
  payee->name = jn_wire_take_name (reader, json, "name", JN_WIRE_REQUIRED);
  payee->account = jn_wire_take_account (reader, json, "account", JN_WIRE_REQUIRED);
  payee->bank_name = jn_wire_take_names (reader, json, "bankName");
  payee->last_paid_at = jn_wire_take_instant (reader, json, "lastPaidAt", JN_WIRE_OPTIONAL);
  return payee;
}

static void
upcoming_free (gpointer data)
{
  JnWireUpcoming *upcoming = data;
  if (upcoming == NULL)
    return;
  g_free (upcoming->id);
  g_free (upcoming->payee_name);
  g_free (upcoming);
}

static gpointer
read_upcoming (JnWireReader *reader, JnJson *json)
{
  JnWireUpcoming *upcoming = g_new0 (JnWireUpcoming, 1);
  upcoming->id = jn_wire_take_path_id (reader, json, "upcomingId");
  upcoming->payee_name = jn_wire_take_name (reader, json, "payeeName", JN_WIRE_REQUIRED);
  upcoming->amount = jn_wire_take_money (reader, json, "amount", JN_WIRE_REQUIRED);
  upcoming->due = jn_wire_take_date (reader, json, "dueDate", JN_WIRE_REQUIRED);
  upcoming->category = jn_wire_take_category (reader, json, "category", JN_WIRE_REQUIRED);
  upcoming->automatic = jn_wire_take_boolean (reader, json, "automatic", JN_WIRE_REQUIRED);
  return upcoming;
}

static gpointer
read_budget (JnWireReader *reader, JnJson *json)
{
  JnWireBudget *budget = g_new0 (JnWireBudget, 1);
  budget->category = jn_wire_take_category (reader, json, "category", JN_WIRE_REQUIRED);
  budget->monthly = jn_wire_take_money (reader, json, "monthly", JN_WIRE_REQUIRED);
  if (budget->monthly.minor <= 0)
    jn_wire_reader_fail (reader, "monthly");
  return budget;
}

static void
goal_free (gpointer data)
{
  JnWireGoal *goal = data;
  if (goal == NULL)
    return;
  g_free (goal->id);
  jn_wire_name_clear (&goal->name);
  g_free (goal);
}

static gpointer
read_goal (JnWireReader *reader, JnJson *json)
{
  JnWireGoal *goal = g_new0 (JnWireGoal, 1);
  goal->id = jn_wire_take_path_id (reader, json, "goalId");
  goal->name = jn_wire_take_names (reader, json, "name");
  goal->target = jn_wire_take_money (reader, json, "target", JN_WIRE_REQUIRED);
  goal->saved = jn_wire_take_money (reader, json, "saved", JN_WIRE_REQUIRED);
  goal->due = jn_wire_take_date (reader, json, "dueDate", JN_WIRE_REQUIRED);
  if (goal->target.minor <= 0 || goal->saved.currency != goal->target.currency)
    jn_wire_reader_fail (reader, "target");
  return goal;
}

JnWireProfile *
jn_wire_read_profile (JnJson *json, GError **error)
{
  JnWireReader reader = { NULL };
  g_autoptr (JnWireProfile) profile = g_new0 (JnWireProfile, 1);

  profile->name = jn_wire_take_name (&reader, json, "customer/name", JN_WIRE_REQUIRED);
  profile->masked_phone =
      jn_wire_take_name (&reader, json, "customer/maskedPhone", JN_WIRE_REQUIRED);
  profile->tier = jn_wire_take_name (&reader, json, "customer/tier", JN_WIRE_REQUIRED);
  profile->limits.payment =
      jn_wire_take_money (&reader, json, "customer/limits/payment", JN_WIRE_REQUIRED);
  profile->limits.day = jn_wire_take_money (&reader, json, "customer/limits/day", JN_WIRE_REQUIRED);
  profile->limits.year =
      jn_wire_take_money (&reader, json, "customer/limits/year", JN_WIRE_REQUIRED);
  profile->cards = jn_wire_take_list (&reader, json, "cards", read_card, card_free);
  profile->payees = jn_wire_take_list (&reader, json, "payees", read_payee, payee_free);
  profile->upcoming = jn_wire_take_list (&reader, json, "upcoming", read_upcoming, upcoming_free);
  profile->budgets = jn_wire_take_list (&reader, json, "budgets", read_budget, g_free);
  profile->goals = jn_wire_take_list (&reader, json, "goals", read_goal, goal_free);
  return jn_wire_reader_end (&reader, error) ? g_steal_pointer (&profile) : NULL;
}

void
jn_wire_profile_free (JnWireProfile *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->masked_phone);
  g_free (self->tier);
  g_clear_pointer (&self->cards, g_ptr_array_unref);
  g_clear_pointer (&self->payees, g_ptr_array_unref);
  g_clear_pointer (&self->upcoming, g_ptr_array_unref);
  g_clear_pointer (&self->budgets, g_ptr_array_unref);
  g_clear_pointer (&self->goals, g_ptr_array_unref);
  g_free (self);
}
