/* One row of a statement. */
#include "jn-items-private.h"

struct _JnEntryItem
{
  GObject parent_instance;
  JnEntryFacts facts;
};

G_DEFINE_FINAL_TYPE (JnEntryItem, jn_entry_item, G_TYPE_OBJECT)

enum
{
  LOADED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

void
jn_entry_facts_clear (JnEntryFacts *facts)
{
  g_clear_pointer (&facts->payee, g_free);
  g_clear_pointer (&facts->memo, g_free);
  g_clear_pointer (&facts->account, g_free);
  g_clear_pointer (&facts->card, g_free);
  g_clear_pointer (&facts->note, g_free);
}

void
jn_entry_facts_free (JnEntryFacts *facts)
{
  jn_entry_facts_clear (facts);
  g_free (facts);
}

static void
jn_entry_item_finalize (GObject *object)
{
  jn_entry_facts_clear (&JN_ENTRY_ITEM (object)->facts);
  G_OBJECT_CLASS (jn_entry_item_parent_class)->finalize (object);
}

static void
jn_entry_item_class_init (JnEntryItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_entry_item_finalize;
  signals[LOADED] = g_signal_new ("loaded", JN_TYPE_ENTRY_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
jn_entry_item_init (JnEntryItem *self)
{
}

static void
take_facts (JnEntryItem *self, JnEntryFacts *facts)
{
  jn_entry_facts_clear (&self->facts);
  self->facts = *facts;
  facts->payee = facts->memo = facts->account = facts->card = facts->note = NULL;
}

JnEntryItem *
jn_entry_item_new (JnEntryFacts *facts)
{
  JnEntryItem *self = g_object_new (JN_TYPE_ENTRY_ITEM, NULL);
  take_facts (self, facts);
  return self;
}

JnEntryItem *
jn_entry_item_new_loading (void)
{
  return g_object_new (JN_TYPE_ENTRY_ITEM, NULL);
}

void
jn_entry_item_load (JnEntryItem *self, JnEntryFacts *facts)
{
  g_return_if_fail (self->facts.state == JN_ENTRY_LOADING);
  take_facts (self, facts);
  g_signal_emit (self, signals[LOADED], 0);
}

static JnEntryState
state_of_intent (const JnIntent *intent, gboolean live)
{
  if (intent->state == JN_INTENT_NOT_MADE)
    return intent->was_cancelled ? JN_ENTRY_CANCELLED : JN_ENTRY_NOT_MADE;
  return intent->state == JN_INTENT_APPROVED && live ? JN_ENTRY_SENDING : JN_ENTRY_UNKNOWN;
}

JnEntryItem *
jn_entry_item_new_from_intent (const JnIntent *intent, gboolean live)
{
  JnEntryFacts facts = {
    .state = state_of_intent (intent, live),
    .kind = intent->kind == JN_INTENT_TRANSFER ? JN_ENTRY_KIND_TRANSFER
            : intent->kind == JN_INTENT_TOP_UP ? JN_ENTRY_KIND_TOP_UP
                                               : JN_ENTRY_KIND_PAYMENT,
    .id = intent->id,
    .intent = intent->id,
    .payee = g_strdup (intent->payee_name),
    .memo = g_strdup (intent->memo),
    .card = g_strdup (intent->card),
    .category = (JnCategory) intent->category,
    .amount = intent->amount,
    .occurred_at = intent->changed_at,
    .date = jn_date_at (intent->changed_at),
  };
  /* A top-up's account is the customer's own. */
  if (intent->kind != JN_INTENT_TOP_UP)
    {
      facts.account = g_strdup (intent->payee_account);
      facts.amount.minor = -intent->amount.minor;
    }
  return jn_entry_item_new (&facts);
}

const JnId *
jn_entry_item_get_intent (JnEntryItem *self)
{
  return &self->facts.intent;
}

const JnId *
jn_entry_item_get_returns (JnEntryItem *self)
{
  return &self->facts.returns;
}

const JnId *
jn_entry_item_get_returned_by (JnEntryItem *self)
{
  return &self->facts.returned_by;
}

const char *
jn_entry_item_get_note (JnEntryItem *self)
{
  return self->facts.note;
}

void
jn_entry_item_set_own_note (JnEntryItem *self, const char *note)
{
  g_free (self->facts.note);
  self->facts.note = note != NULL && note[0] != '\0' ? g_strdup (note) : NULL;
  g_signal_emit (self, signals[LOADED], 0);
}

const char *
jn_entry_item_get_card (JnEntryItem *self)
{
  return self->facts.card;
}

JnStatus
jn_entry_item_get_status (JnEntryItem *self)
{
  switch (self->facts.state)
    {
    case JN_ENTRY_SENDING:
      return JN_STATUS_SENDING;
    case JN_ENTRY_UNKNOWN:
      return JN_STATUS_CHECKING;
    case JN_ENTRY_NOT_MADE:
      return JN_STATUS_NOT_MADE;
    case JN_ENTRY_CANCELLED:
      return JN_STATUS_CANCELLED;
    case JN_ENTRY_BOOKED:
      if (self->facts.amount.minor >= 0 || self->facts.kind == JN_ENTRY_KIND_OPENING)
        return JN_STATUS_NONE;
      return jn_id_is_zero (&self->facts.returned_by) ? JN_STATUS_MADE : JN_STATUS_RETURNED;
    case JN_ENTRY_LOADING:
    case JN_ENTRY_PENDING:
    case JN_ENTRY_HELD:
    default:
      return JN_STATUS_NONE;
    }
}

gboolean
jn_entry_item_is_settled (JnEntryItem *self)
{
  JnStatus status = jn_entry_item_get_status (self);

  return status == JN_STATUS_NONE || status == JN_STATUS_MADE || status == JN_STATUS_RETURNED;
}

JnEntryState
jn_entry_item_get_state (JnEntryItem *self)
{
  return self->facts.state;
}

JnEntryKind
jn_entry_item_get_kind (JnEntryItem *self)
{
  return self->facts.kind;
}

const JnId *
jn_entry_item_get_id (JnEntryItem *self)
{
  return &self->facts.id;
}

const char *
jn_entry_item_get_payee (JnEntryItem *self)
{
  return self->facts.payee != NULL ? self->facts.payee : "";
}

const char *
jn_entry_item_get_memo (JnEntryItem *self)
{
  return self->facts.memo;
}

const char *
jn_entry_item_get_account (JnEntryItem *self)
{
  return self->facts.account;
}

JnCategory
jn_entry_item_get_category (JnEntryItem *self)
{
  return self->facts.category;
}

JnMoney
jn_entry_item_get_amount (JnEntryItem *self)
{
  return self->facts.amount;
}

JnMoney
jn_entry_item_get_discount (JnEntryItem *self)
{
  return self->facts.discount;
}

JnMoney
jn_entry_item_get_original (JnEntryItem *self)
{
  return self->facts.original;
}

JnMoney
jn_entry_item_get_balance_after (JnEntryItem *self)
{
  return self->facts.balance_after;
}

gint64
jn_entry_item_get_points (JnEntryItem *self)
{
  return self->facts.points;
}

JnInstant
jn_entry_item_get_occurred_at (JnEntryItem *self)
{
  return self->facts.occurred_at;
}

JnInstant
jn_entry_item_get_expires_at (JnEntryItem *self)
{
  return self->facts.expires_at;
}

JnDate
jn_entry_item_get_date (JnEntryItem *self)
{
  return self->facts.date;
}

gboolean
jn_entry_item_starts_day (JnEntryItem *self)
{
  return self->facts.starts_day;
}

JnMoney
jn_entry_item_get_day_sum (JnEntryItem *self)
{
  return self->facts.day_sum;
}
