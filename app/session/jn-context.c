/* The owner of everything a window shows: state, properties, what others may ask. */
#include "jn-context-state.h"

#include "jn-camera.h"
#include "jn-capital-amount.h"
#include "jn-error.h"

G_DEFINE_FINAL_TYPE (JnContext, jn_context, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STAGE,
  PROP_KEEPING,
  PROP_CONNECTION,
  PROP_AS_OF,
  PROP_NOTICE,
  PROP_PROTECTING,
  PROP_MASKED,
  PROP_CUT,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  PAYMENT_SETTLED,
  PAYMENT_REOPENED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
jn_context_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  JnContext *self = JN_CONTEXT (object);
  switch (id)
    {
    case PROP_STAGE:
      g_value_set_int (value, (int) self->stage);
      break;
    case PROP_KEEPING:
      g_value_set_int (value, (int) self->keeping);
      break;
    case PROP_CONNECTION:
      g_value_set_int (value, (int) self->connection);
      break;
    case PROP_AS_OF:
      g_value_set_int64 (value, self->as_of);
      break;
    case PROP_NOTICE:
      g_value_set_int (value, (int) self->notice);
      break;
    case PROP_PROTECTING:
      g_value_set_int (value, jn_context_get_protecting (self));
      break;
    case PROP_MASKED:
      g_value_set_boolean (value, self->masked);
      break;
    case PROP_CUT:
      g_value_set_boolean (value, jn_context_get_cut (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
jn_context_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  JnContext *self = JN_CONTEXT (object);
  if (id == PROP_MASKED)
    jn_context_set_masked (self, g_value_get_boolean (value));
  else if (id == PROP_CUT)
    jn_context_set_cut (self, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
jn_context_dispose (GObject *object)
{
  JnContext *self = JN_CONTEXT (object);
  jn_context_shutdown (self);
  g_clear_object (&self->home);
  g_clear_object (&self->bills);
  g_clear_object (&self->offers);
  g_clear_object (&self->inbox);
  g_clear_object (&self->test_phone);
  g_clear_object (&self->payees);
  g_clear_object (&self->keyring);
  G_OBJECT_CLASS (jn_context_parent_class)->dispose (object);
}

static void
jn_context_finalize (GObject *object)
{
  JnContext *self = JN_CONTEXT (object);
  g_clear_pointer (&self->profile, jn_bank_profile_free);
  g_clear_pointer (&self->data_dir, g_free);
  g_clear_pointer (&self->scan_program, g_free);
  g_clear_pointer (&self->camera_program, g_free);
  g_clear_pointer (&self->vfs, g_free);
  g_clear_object (&self->clock);
  g_clear_object (&self->entropy);
  g_clear_object (&self->wallet);
  g_clear_object (&self->cut);
  g_clear_object (&self->door);
  g_clear_object (&self->bank);
  g_clear_object (&self->uncut_bank);
  g_clear_pointer (&self->payments, g_ptr_array_unref);
  g_clear_pointer (&self->heads, jn_head_keeper_unref);
  g_clear_pointer (&self->run_key, jn_secret_unref);
  g_free (self->aside);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (jn_context_parent_class)->finalize (object);
}

static void
jn_context_class_init (JnContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags both = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = jn_context_get_property;
  object_class->set_property = jn_context_set_property;
  object_class->dispose = jn_context_dispose;
  object_class->finalize = jn_context_finalize;
  props[PROP_STAGE] = g_param_spec_int ("stage", NULL, NULL, 0, JN_STAGE_BROKEN, 0, read);
  props[PROP_KEEPING] = g_param_spec_int ("keeping", NULL, NULL, 0, JN_KEEPING_LOCKED, 0, read);
  props[PROP_CONNECTION] =
      g_param_spec_int ("connection", NULL, NULL, 0, JN_CONNECTION_DISTRUST, 0, read);
  props[PROP_AS_OF] = g_param_spec_int64 ("as-of", NULL, NULL, 0, G_MAXINT64, 0, read);
  props[PROP_NOTICE] =
      g_param_spec_int ("notice", NULL, NULL, 0, JN_CONTEXT_NOTICE_OTHER_CUSTOMER_OLDER, 0, read);
  props[PROP_PROTECTING] = g_param_spec_int ("protecting", NULL, NULL, -1, 1000, -1, read);
  props[PROP_MASKED] = g_param_spec_boolean ("masked", NULL, NULL, FALSE, both);
  props[PROP_CUT] = g_param_spec_boolean ("cut", NULL, NULL, FALSE, both);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[PAYMENT_SETTLED] =
      g_signal_new ("payment-settled", JN_TYPE_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, JN_TYPE_ENTRY_ITEM, G_TYPE_BOOLEAN);
  signals[PAYMENT_REOPENED] = g_signal_new ("payment-reopened", JN_TYPE_CONTEXT, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 1, JN_TYPE_PAYMENT);
}

static void
jn_context_init (JnContext *self)
{
  self->protecting = -1;
  self->wallet = g_cancellable_new ();
  self->payments = g_ptr_array_new_with_free_func (g_object_unref);
  self->payees = g_list_store_new (JN_TYPE_PAYEE_ITEM);
}

static void
make_views (JnContext *self)
{
  self->home = jn_home_new ();
  self->bills = jn_bills_new (self);
  self->offers = jn_offers_new ();
  self->inbox = jn_inbox_new (self);
  self->test_phone = jn_test_phone_new (self->uncut_bank, self->clock);
}

JnContext *
jn_context_new (const JnContextOptions *options, GError **error)
{
  g_autoptr (JnBankProfile) profile = jn_bank_profile_load (options->profile_path, error);
  if (profile == NULL)
    return NULL;
  if (jn_currency_from_code (profile->currency) == JN_CURRENCY_NONE)
    {
      g_set_error (error, JN_ERROR, JN_ERROR_INVALID, "the profile's currency is not known");
      return NULL;
    }

  JnContext *self = g_object_new (JN_TYPE_CONTEXT, NULL);
  self->profile = g_steal_pointer (&profile);
  self->data_dir = g_strdup (options->data_dir);
  self->scan_program = g_strdup (options->scan_program);
  self->camera_program = g_strdup (options->camera_program);
  self->start_bank = options->start_bank;
  self->stop_bank = options->stop_bank;
  self->start_bank_data = options->start_bank_data;
  self->make_transport = options->make_transport;
  self->make_worker = options->make_worker;
  self->make_data = options->make_data;
  self->vfs = g_strdup (options->vfs);
  self->keyring_kept = options->keyring != NULL && options->keyring_kept;
  self->clock = options->clock != NULL ? g_object_ref (options->clock) : jn_system_clock_new ();
  self->entropy =
      options->entropy != NULL ? g_object_ref (options->entropy) : jn_system_entropy_new ();
  if (options->keyring != NULL)
    self->keyring = g_object_ref (options->keyring);
  else if (self->data_dir == NULL)
    self->keyring = jn_keyring_new_memory ();
  else
    self->keyring = jn_keyring_new_system (self->profile->id);
  self->door = jn_late_transport_new ();
  self->cut = jn_cut_transport_new (JN_TRANSPORT (self->door));
  self->bank = jn_bank_new (JN_TRANSPORT (self->cut), self->clock, self->entropy);
  self->uncut_bank = jn_bank_new (JN_TRANSPORT (self->door), self->clock, self->entropy);
  jn_context_trust_begin (self);
  make_views (self);
  return self;
}

void
jn_context_set_stage (JnContext *self, JnStage stage)
{
  if (self->stage == stage)
    return;
  self->stage = stage;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STAGE]);
}

void
jn_context_set_keeping (JnContext *self, JnKeeping keeping)
{
  if (self->keeping == keeping)
    return;
  self->keeping = keeping;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KEEPING]);
}

void
jn_context_set_notice (JnContext *self, JnContextNotice notice)
{
  if (self->notice == notice)
    return;
  self->notice = notice;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NOTICE]);
}

void
jn_context_notify_protecting (JnContext *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROTECTING]);
}

void
jn_context_break (JnContext *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  jn_context_set_stage (self, JN_STAGE_BROKEN);
}

void
jn_context_update_connection (JnContext *self)
{
  JnConnection connection = JN_CONNECTION_NEVER;
  JnInstant as_of = self->facts != NULL ? self->facts->as_of : 0;
  const GError *error = self->sync != NULL ? jn_sync_get_error (self->sync) : NULL;
  JnSyncState state = self->sync != NULL ? jn_sync_get_state (self->sync) : JN_SYNC_IDLE;

  /* What could not be read is not shown yet. */
  if (self->sync != NULL && self->reread_s == 0)
    as_of = MAX (as_of, jn_sync_get_as_of (self->sync));
  if (jn_context_get_cut (self))
    connection = JN_CONNECTION_OFFLINE;
  else if (state == JN_SYNC_RUNNING)
    connection = JN_CONNECTION_SYNCING;
  else if (error != NULL)
    connection = jn_context_trust_judge (error);
  else if (self->sync != NULL && jn_sync_get_as_of (self->sync) != 0)
    connection = self->reread_s == 0 ? JN_CONNECTION_CURRENT : JN_CONNECTION_SYNCING;
  if (self->stage != JN_STAGE_BROKEN && state != JN_SYNC_RUNNING)
    {
      g_clear_error (&self->error);
      if (error != NULL)
        self->error = g_error_copy (error);
    }
  if (self->as_of != as_of)
    {
      self->as_of = as_of;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AS_OF]);
    }
  if (self->connection != connection)
    {
      self->connection = connection;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CONNECTION]);
    }
}

void
jn_context_emit_settled (JnContext *self, JnEntryItem *row, gboolean made)
{
  g_signal_emit (self, signals[PAYMENT_SETTLED], 0, row, made);
}

gboolean
jn_context_is_reopened_heard (JnContext *self)
{
  return g_signal_has_handler_pending (self, signals[PAYMENT_REOPENED], 0, FALSE);
}

void
jn_context_emit_reopened (JnContext *self, JnPayment *payment)
{
  g_signal_emit (self, signals[PAYMENT_REOPENED], 0, payment);
}

JnStage
jn_context_get_stage (JnContext *self)
{
  return self->stage;
}

const GError *
jn_context_get_error (JnContext *self)
{
  return self->error;
}

JnKeeping
jn_context_get_keeping (JnContext *self)
{
  return self->keeping;
}

JnConnection
jn_context_get_connection (JnContext *self)
{
  return self->connection;
}

JnInstant
jn_context_get_as_of (JnContext *self)
{
  return self->as_of;
}

JnContextNotice
jn_context_get_notice (JnContext *self)
{
  return self->notice;
}

void
jn_context_dismiss_notice (JnContext *self)
{
  jn_context_set_notice (self, JN_CONTEXT_NOTICE_NONE);
}

gboolean
jn_context_get_masked (JnContext *self)
{
  return self->masked;
}

void
jn_context_set_masked (JnContext *self, gboolean masked)
{
  masked = !!masked;
  if (self->masked == masked)
    return;
  self->masked = masked;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MASKED]);
}

gboolean
jn_context_get_cut (JnContext *self)
{
  return jn_cut_transport_get_cut (self->cut);
}

void
jn_context_set_cut (JnContext *self, gboolean cut)
{
  if (jn_context_get_cut (self) == !!cut)
    return;
  jn_cut_transport_set_cut (self->cut, !!cut);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CUT]);
  jn_context_update_connection (self);
  if (!cut && self->sync != NULL)
    {
      jn_resolver_kick (self->resolver);
      jn_sync_follow (self->sync, FALSE);
      jn_sync_follow (self->sync, TRUE);
      jn_context_sync (self);
    }
}

gboolean
jn_context_is_sandbox (JnContext *self)
{
  return jn_bank_profile_is_sandbox (self->profile);
}

gboolean
jn_context_is_bank_embedded (JnContext *self)
{
  return self->profile->address == NULL;
}

const char *
jn_context_get_bank_id (JnContext *self)
{
  return self->profile->id;
}

const char *
jn_context_get_bank_name (JnContext *self)
{
  return jn_bank_profile_get_name (self->profile);
}

const char *
jn_context_get_hotline (JnContext *self)
{
  return self->profile->hotline;
}

const char *
jn_context_get_customer_name (JnContext *self)
{
  return self->facts != NULL && self->facts->profile != NULL ? self->facts->profile->name : NULL;
}

JnCurrency
jn_context_get_currency (JnContext *self)
{
  return jn_currency_from_code (self->profile->currency);
}

JnInstant
jn_context_now (JnContext *self)
{
  return jn_clock_now (self->clock);
}

gboolean
jn_context_is_sending (JnContext *self)
{
  for (guint i = 0; i < self->payments->len; i++)
    if (jn_payment_get_state (self->payments->pdata[i]) == JN_PAYMENT_APPROVING)
      return TRUE;
  return FALSE;
}

gboolean
jn_context_is_checking (JnContext *self)
{
  for (guint i = 0; self->facts != NULL && i < self->facts->unknown->len; i++)
    if (jn_entry_item_get_state (self->facts->unknown->pdata[i]) == JN_ENTRY_UNKNOWN)
      return TRUE;
  return FALSE;
}

JnEnrolment *
jn_context_get_enrolment (JnContext *self)
{
  return self->enrolment;
}

JnHome *
jn_context_get_home (JnContext *self)
{
  return self->home;
}

JnBills *
jn_context_get_bills (JnContext *self)
{
  return self->bills;
}

JnOffers *
jn_context_get_offers (JnContext *self)
{
  return self->offers;
}

JnTestPhone *
jn_context_get_test_phone (JnContext *self)
{
  return self->test_phone;
}

GListModel *
jn_context_get_payees (JnContext *self)
{
  return G_LIST_MODEL (self->payees);
}

JnPayment *
jn_context_create_payment (JnContext *self)
{
  return jn_payment_new (self);
}

JnTransfer *
jn_context_create_transfer (JnContext *self)
{
  return jn_transfer_new (self);
}

char *
jn_context_dup_capital_amount (JnMoney money)
{
  return jn_capital_amount (money);
}

JnBank *
jn_context_get_bank (JnContext *self)
{
  return self->bank;
}

JnBank *
jn_context_get_uncut_bank (JnContext *self)
{
  return self->uncut_bank;
}

JnStorage *
jn_context_get_storage (JnContext *self)
{
  return self->storage;
}

JnWorker *
jn_context_get_worker (JnContext *self)
{
  return self->storage != NULL ? jn_storage_get_worker (self->storage) : NULL;
}

JnDevice *
jn_context_get_device (JnContext *self)
{
  return self->device;
}

JnFacts *
jn_context_get_facts (JnContext *self)
{
  return self->facts;
}

JnClock *
jn_context_get_clock (JnContext *self)
{
  return self->clock;
}

const char *
jn_context_get_scan_program (JnContext *self)
{
  return self->scan_program;
}

JnCamera *
jn_context_create_camera (JnContext *self)
{
  return jn_camera_new (self->camera_program, self->scan_program, self->clock);
}

JnId
jn_context_make_id (JnContext *self)
{
  return jn_id_make (self->clock, self->entropy);
}

GCancellable *
jn_context_get_cancellable (JnContext *self)
{
  return self->wallet;
}

void
jn_context_expect_sms (JnContext *self)
{
  if (jn_context_is_sandbox (self))
    jn_test_phone_watch (self->test_phone, 300);
}
