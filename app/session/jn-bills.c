/* Bills: where did it go. */
#include "jn-bills.h"

#include "jn-analysis.h"
#include "jn-context-private.h"
#include "jn-entry-block.h"
#include "jn-entry-list.h"
#include "jn-views-private.h"

#define MAX_FOUND 1000

struct _JnBills
{
  GObject parent_instance;
  JnContext *context; /* outlives us */
  JnViewState state;
  GError *error;
  JnFacts *facts;

  gboolean month_chosen;
  JnMonth month;
  JnCategory category;
  char *search;

  JnEntryList *entries;
  GListStore *slices;
  JnCashflow flow;
  gint64 days[JN_CASHFLOW_DAYS];

  GCancellable *reading; /* the newest reading; older ones are cancelled */
};

G_DEFINE_FINAL_TYPE (JnBills, jn_bills, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
jn_bills_dispose (GObject *object)
{
  JnBills *self = JN_BILLS (object);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->entries);
  g_clear_object (&self->slices);
  G_OBJECT_CLASS (jn_bills_parent_class)->dispose (object);
}

static void
jn_bills_finalize (GObject *object)
{
  JnBills *self = JN_BILLS (object);
  g_clear_error (&self->error);
  g_clear_pointer (&self->facts, jn_facts_unref);
  g_clear_pointer (&self->search, g_free);
  G_OBJECT_CLASS (jn_bills_parent_class)->finalize (object);
}

static void
jn_bills_class_init (JnBillsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = jn_bills_dispose;
  object_class->finalize = jn_bills_finalize;
  signals[CHANGED] = g_signal_new ("changed", JN_TYPE_BILLS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
jn_bills_init (JnBills *self)
{
  self->search = g_strdup ("");
  self->entries = jn_entry_list_new ();
  self->slices = g_list_store_new (JN_TYPE_SLICE_ITEM);
}

JnBills *
jn_bills_new (JnContext *context)
{
  JnBills *self = g_object_new (JN_TYPE_BILLS, NULL);
  self->context = context;
  return self;
}

/* ---- the reading: first the rows, which somebody waits for, then the sums ---- */

typedef struct
{
  JnEntrySource source;
  JnDate today;
  char *search;
  JnMonth month;
} BillsJob;

typedef struct
{
  guint64 n_booked;
  GPtrArray *found; /* JnEntryItem; NULL without a search */
} BillsRows;

typedef struct
{
  JnCashflow flow;
  GPtrArray *slices; /* JnSliceItem */
} BillsSums;

static BillsJob *
job_new (JnBills *self)
{
  BillsJob *job = g_new0 (BillsJob, 1);
  job->source = (JnEntrySource){
    .storage = g_object_ref (jn_context_get_storage (self->context)),
    .currency = self->facts->currency,
    .month = self->month,
    .category = self->category,
  };
  job->today = self->facts->today;
  job->search = self->search[0] != '\0' ? g_strdup (self->search) : NULL;
  job->month = self->month;
  return job;
}

static void
job_free (gpointer data)
{
  BillsJob *job = data;
  g_object_unref (job->source.storage);
  g_free (job->search);
  g_free (job);
}

static void
rows_free (gpointer data)
{
  BillsRows *rows = data;
  g_clear_pointer (&rows->found, g_ptr_array_unref);
  g_free (rows);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BillsRows, rows_free)

static void
sums_free (gpointer data)
{
  BillsSums *sums = data;
  g_clear_pointer (&sums->slices, g_ptr_array_unref);
  g_free (sums);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BillsSums, sums_free)

static gpointer
read_rows (gpointer data, GCancellable *cancellable, GError **error)
{
  BillsJob *job = data;
  g_autoptr (BillsRows) rows = g_new0 (BillsRows, 1);

  if (job->search != NULL)
    {
      rows->found = jn_entry_search (job->source.storage, job->source.currency,
                                     job->source.category, job->search, MAX_FOUND, error);
      if (rows->found == NULL)
        return NULL;
    }
  else if (!jn_entry_count_now (&job->source, &rows->n_booked, error))
    return NULL;
  return g_steal_pointer (&rows);
}

static jn_status
read_flow (BillsJob *job, jn_snapshot *snapshot, const jn_id *account, BillsSums *sums)
{
  jn_status status;
  JnCurrency currency = job->source.currency;

  if (job->month == 0)
    status = jn_cashflow_read_all (snapshot, account, &sums->flow);
  else
    status = jn_cashflow_read (snapshot, account, job->month, job->today, &sums->flow);
  if (status != JN_OK)
    return status;
  g_autoptr (GArray) slices = jn_analysis_read (snapshot, account, job->month, job->today, &status);
  for (guint i = 0; slices != NULL && i < slices->len; i++)
    {
      const JnSlice *slice = &g_array_index (slices, JnSlice, i);
      if (slice->spent > 0)
        g_ptr_array_add (sums->slices,
                         jn_slice_item_new (slice->category, jn_money (slice->spent, currency),
                                            jn_money (MAX (slice->spent_before, 0), currency),
                                            slice->count));
    }
  return status;
}

static gpointer
read_sums (gpointer data, GCancellable *cancellable, GError **error)
{
  BillsJob *job = data;
  g_autoptr (BillsSums) sums = g_new0 (BillsSums, 1);
  jn_snapshot *snapshot = NULL;
  jn_id account, points;

  sums->slices = g_ptr_array_new_with_free_func (g_object_unref);
  if (!jn_storage_get_accounts (job->source.storage, &account, &points))
    return g_steal_pointer (&sums);
  jn_status status = jn_snapshot_begin (jn_storage_get_ledger (job->source.storage), &snapshot);
  if (status == JN_OK)
    status = read_flow (job, snapshot, &account, sums);
  jn_snapshot_end (snapshot);
  return jn_storage_check (status, error) ? g_steal_pointer (&sums) : NULL;
}

static void
set_error (JnBills *self, const GError *error)
{
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
}

static gboolean
slice_equal (gpointer a, gpointer b)
{
  return jn_slice_item_get_category (a) == jn_slice_item_get_category (b)
         && jn_money_equal (jn_slice_item_get_spent (a), jn_slice_item_get_spent (b))
         && jn_money_equal (jn_slice_item_get_spent_before (a), jn_slice_item_get_spent_before (b))
         && jn_slice_item_get_count (a) == jn_slice_item_get_count (b);
}

static void
on_sums (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnBills) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BillsSums) sums = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result)))
      || self->entries == NULL)
    return;
  if (sums != NULL)
    {
      self->flow = sums->flow;
      for (guint i = 0; i < JN_CASHFLOW_DAYS; i++)
        self->days[i] = MAX (sums->flow.days[i], 0);
      jn_list_update (self->slices, sums->slices, slice_equal);
    }
  else
    set_error (self, error);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What is not booked stands in front, where it would be booked: now. What was not made follows it. */
static GPtrArray *
make_top (JnBills *self)
{
  GPtrArray *top = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *lists[] = { self->facts->unknown, self->facts->open, self->facts->not_made };

  if (self->month != 0 && self->month != jn_date_month (self->facts->today))
    return top;
  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; i < lists[l]->len; i++)
      if (self->category == JN_CATEGORY_NONE
          || jn_entry_item_get_category (lists[l]->pdata[i]) == self->category)
        g_ptr_array_add (top, g_object_ref (lists[l]->pdata[i]));
  return top;
}

static void
show_rows (JnBills *self, BillsRows *rows)
{
  if (rows->found != NULL)
    {
      jn_entry_list_show_fixed (self->entries, rows->found);
    }
  else
    {
      g_autoptr (GPtrArray) top = make_top (self);
      JnEntrySource source = {
        .storage = jn_context_get_storage (self->context),
        .currency = self->facts->currency,
        .month = self->month,
        .category = self->category,
        .n_booked = rows->n_booked,
        .revision = self->facts->n_returns + jn_context_get_n_notes (self->context),
      };
      jn_entry_list_show (self->entries, &source, top);
    }
  self->state =
      g_list_model_get_n_items (G_LIST_MODEL (self->entries)) > 0 ? JN_VIEW_CONTENT : JN_VIEW_EMPTY;
}

static void
on_rows (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnBills) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BillsRows) rows = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))) || self->entries == NULL
      || self->facts == NULL)
    return;
  set_error (self, error);
  if (rows != NULL)
    show_rows (self, rows);
  else
    self->state = JN_VIEW_ERROR;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
reload (JnBills *self)
{
  JnWorker *worker = jn_context_get_worker (self->context);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (self->facts == NULL || worker == NULL)
    return;
  self->reading = g_cancellable_new ();
  jn_worker_run_async (worker, read_rows, job_new (self), job_free, rows_free, self->reading,
                       on_rows, g_object_ref (self));
  jn_worker_run_async (worker, read_sums, job_new (self), job_free, sums_free, self->reading,
                       on_sums, g_object_ref (self));
}

void
jn_bills_apply (JnBills *self, JnFacts *facts, const GError *error)
{
  gboolean usable = facts != NULL && (facts->known || facts->unknown->len > 0);

  g_clear_pointer (&self->facts, jn_facts_unref);
  if (usable)
    {
      self->facts = jn_facts_ref (facts);
      if (!self->month_chosen)
        self->month = jn_date_month (facts->today);
      reload (self);
      return;
    }
  reload (self);
  set_error (self, error);
  self->state = error != NULL ? JN_VIEW_ERROR : JN_VIEW_LOADING;
  self->month_chosen = FALSE;
  self->flow = (JnCashflow){ 0 };
  jn_entry_list_clear (self->entries);
  g_list_store_remove_all (self->slices);
  g_signal_emit (self, signals[CHANGED], 0);
}

JnViewState
jn_bills_get_state (JnBills *self)
{
  return self->state;
}

const GError *
jn_bills_get_error (JnBills *self)
{
  return self->error;
}

JnMonth
jn_bills_get_month (JnBills *self)
{
  return self->month;
}

JnMonth
jn_bills_get_first_month (JnBills *self)
{
  JnMonth last = jn_bills_get_last_month (self);
  return self->facts != NULL && self->facts->first_month != 0 ? MIN (self->facts->first_month, last)
                                                              : last;
}

JnMonth
jn_bills_get_last_month (JnBills *self)
{
  return self->facts != NULL ? jn_date_month (self->facts->today)
                             : jn_date_month (jn_date_at (jn_context_now (self->context)));
}

void
jn_bills_set_month (JnBills *self, JnMonth month)
{
  if (month != 0)
    month = CLAMP (month, jn_bills_get_first_month (self), jn_bills_get_last_month (self));
  if (self->month == month)
    return;
  self->month = month;
  self->month_chosen = month != jn_bills_get_last_month (self);
  reload (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

JnCategory
jn_bills_get_category (JnBills *self)
{
  return self->category;
}

void
jn_bills_set_category (JnBills *self, JnCategory category)
{
  if (self->category == category)
    return;
  self->category = category;
  reload (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

const char *
jn_bills_get_search (JnBills *self)
{
  return self->search;
}

void
jn_bills_set_search (JnBills *self, const char *text)
{
  g_autofree char *clean = g_strstrip (g_strdup (text != NULL ? text : ""));

  if (!g_utf8_validate (clean, -1, NULL) || g_str_equal (clean, self->search))
    return;
  g_free (self->search);
  self->search = g_steal_pointer (&clean);
  reload (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

GListModel *
jn_bills_get_entries (JnBills *self)
{
  return G_LIST_MODEL (self->entries);
}

static JnMoney
flow_money (JnBills *self, gint64 minor)
{
  return jn_money (MAX (minor, 0), jn_context_get_currency (self->context));
}

JnMoney
jn_bills_get_spent (JnBills *self)
{
  return flow_money (self, self->flow.spent);
}

JnMoney
jn_bills_get_income (JnBills *self)
{
  return flow_money (self, self->flow.income);
}

JnMoney
jn_bills_get_spent_before (JnBills *self)
{
  return flow_money (self, self->flow.spent_before);
}

GListModel *
jn_bills_get_slices (JnBills *self)
{
  return G_LIST_MODEL (self->slices);
}

const gint64 *
jn_bills_get_day_spending (JnBills *self, guint *n)
{
  *n = self->flow.n_days;
  return self->days;
}
