/* Offers: what do I get. */
#include "jn-offers.h"

#include "jn-views-private.h"

struct _JnOffers
{
  GObject parent_instance;
  JnViewState state;
  GError *error;
  GListStore *offers;
  GListStore *history;
  gint64 points;
  gint64 expiring;
  JnDate expiring_on;
};

G_DEFINE_FINAL_TYPE (JnOffers, jn_offers, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
jn_offers_finalize (GObject *object)
{
  JnOffers *self = JN_OFFERS (object);
  g_clear_error (&self->error);
  g_clear_object (&self->offers);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (jn_offers_parent_class)->finalize (object);
}

static void
jn_offers_class_init (JnOffersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_offers_finalize;
  signals[CHANGED] = g_signal_new ("changed", JN_TYPE_OFFERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
jn_offers_init (JnOffers *self)
{
  self->offers = g_list_store_new (JN_TYPE_OFFER_ITEM);
  self->history = g_list_store_new (JN_TYPE_POINTS_ITEM);
}

JnOffers *
jn_offers_new (void)
{
  return g_object_new (JN_TYPE_OFFERS, NULL);
}

/* Available first, by end of validity; then used and expired, the latest first. */
static int
compare_offers (gconstpointer a, gconstpointer b)
{
  JnOfferItem *left = *(JnOfferItem *const *) a;
  JnOfferItem *right = *(JnOfferItem *const *) b;
  JnOfferState state = jn_offer_item_get_state (left);

  if (state != jn_offer_item_get_state (right))
    return (int) state - (int) jn_offer_item_get_state (right);
  int order = jn_offer_item_get_valid_until (left) - jn_offer_item_get_valid_until (right);
  return state == JN_OFFER_AVAILABLE ? order : -order;
}

static gboolean
points_equal (gpointer a, gpointer b)
{
  return jn_points_item_get_occurred_at (a) == jn_points_item_get_occurred_at (b)
         && jn_points_item_get_points (a) == jn_points_item_get_points (b)
         && jn_points_item_get_balance_after (a) == jn_points_item_get_balance_after (b);
}

static void
update_lists (JnOffers *self, JnFacts *facts)
{
  g_autoptr (GPtrArray) offers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; facts->offers != NULL && i < facts->offers->len; i++)
    g_ptr_array_add (offers, jn_offer_item_new (facts->offers->pdata[i]));
  g_ptr_array_sort (offers, compare_offers);
  jn_list_update (self->offers, offers, NULL);
  jn_list_update (self->history, facts->points_history, points_equal);
}

void
jn_offers_apply (JnOffers *self, JnFacts *facts, const GError *error)
{
  g_clear_error (&self->error);
  if (facts != NULL && (facts->offers != NULL || facts->points != NULL))
    {
      update_lists (self, facts);
      self->points = facts->points != NULL ? facts->points->balance : 0;
      self->expiring = facts->points != NULL ? facts->points->expiring : 0;
      self->expiring_on = facts->points != NULL ? facts->points->expiring_on : 0;
      self->state = g_list_model_get_n_items (G_LIST_MODEL (self->offers)) > 0
                            || g_list_model_get_n_items (G_LIST_MODEL (self->history)) > 0
                        ? JN_VIEW_CONTENT
                        : JN_VIEW_EMPTY;
    }
  else
    {
      g_list_store_remove_all (self->offers);
      g_list_store_remove_all (self->history);
      self->points = self->expiring = 0;
      self->expiring_on = 0;
      self->state = error != NULL ? JN_VIEW_ERROR : JN_VIEW_LOADING;
      self->error = error != NULL ? g_error_copy (error) : NULL;
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

JnViewState
jn_offers_get_state (JnOffers *self)
{
  return self->state;
}

const GError *
jn_offers_get_error (JnOffers *self)
{
  return self->error;
}

GListModel *
jn_offers_get_offers (JnOffers *self)
{
  return G_LIST_MODEL (self->offers);
}

gint64
jn_offers_get_points (JnOffers *self)
{
  return self->points;
}

gint64
jn_offers_get_expiring (JnOffers *self, JnDate *on)
{
  if (on != NULL)
    *on = self->expiring_on;
  return self->expiring;
}

GListModel *
jn_offers_get_history (JnOffers *self)
{
  return G_LIST_MODEL (self->history);
}
