/* Blocks, day headings and searches. */
#include "jn-entry-block.h"

#include "jn-entry-reader.h"

#define SEARCH_PAGE 128

/* A reading under one snapshot. */
typedef struct
{
  JnEntryReader reader;
  jn_snapshot *snapshot;
  jn_page page; /* the filter */
  jn_day_row days[31];
  size_t n_days;
  JnMonth days_month; /* of what is in @days */
} Reading;

static gboolean
reading_begin (Reading *self, JnStorage *storage, JnCurrency currency, GError **error)
{
  *self = (Reading){ 0 };
  if (!jn_entry_reader_init (&self->reader, storage, currency))
    return TRUE;
  jn_status status = jn_snapshot_begin (jn_storage_get_ledger (storage), &self->snapshot);
  self->reader.snapshot = self->snapshot;
  return jn_storage_check (status, error);
}

static void
reading_end (Reading *self)
{
  jn_snapshot_end (self->snapshot);
}

/* The sum of a day with every category, from the ledger's own sums. */
static jn_status
sum_of_day (Reading *self, JnDate date, gint64 *sum)
{
  jn_status status = JN_OK;

  *sum = 0;
  if (self->days_month != jn_date_month (date))
    {
      self->days_month = jn_date_month (date);
      self->n_days = G_N_ELEMENTS (self->days);
      status = jn_days (self->snapshot, &self->reader.account, self->days_month, self->days,
                        &self->n_days);
    }
  for (size_t i = 0; status == JN_OK && i < self->n_days; i++)
    if (self->days[i].date == date)
      *sum = self->days[i].c - self->days[i].d;
  return status;
}

/* The same of a filtered list: the rows of the day are added up, also those after the block. */
static jn_status
sum_of_rows (Reading *self, const jn_entry_row *rows, size_t n, gint64 *sum)
{
  JnDate date = rows[0].value_date;
  jn_page page = self->page;
  size_t i = 0;

  *sum = 0;
  for (; i < n && rows[i].value_date == date; i++)
    *sum += rows[i].amount;
  if (i < n)
    return JN_OK;

  g_autofree jn_entry_row *more = g_new (jn_entry_row, SEARCH_PAGE);
  page.skip = 0;
  page.before = rows[n - 1].no;
  for (;;)
    {
      size_t got = SEARCH_PAGE;
      jn_status status = jn_entries (self->snapshot, &self->reader.account, &page, more, &got);
      if (status != JN_OK)
        return status;
      for (size_t k = 0; k < got; k++)
        {
          if (more[k].value_date != date)
            return JN_OK;
          *sum += more[k].amount;
        }
      if (got < SEARCH_PAGE)
        return JN_OK;
      page.before = more[got - 1].no;
    }
}

/* @newer: rows of @rows that stand before the block and only tell whether a day goes on. */
static jn_status
fill (Reading *self, const jn_entry_row *rows, size_t n, size_t newer, GPtrArray *out)
{
  for (size_t i = newer; i < n; i++)
    {
      JnEntryFacts *facts = g_new0 (JnEntryFacts, 1);
      jn_status status = JN_OK;
      gint64 sum;

      jn_entry_reader_fill (&self->reader, &rows[i], facts);
      g_ptr_array_add (out, facts);
      facts->starts_day = i == 0 || rows[i - 1].value_date != rows[i].value_date;
      if (!facts->starts_day)
        continue;
      if (self->page.code == 0)
        status = sum_of_day (self, rows[i].value_date, &sum);
      else
        status = sum_of_rows (self, rows + i, n - i, &sum);
      if (status != JN_OK)
        return status;
      facts->day_sum = jn_money (sum, self->reader.currency);
    }
  return JN_OK;
}

static jn_status
read_block (Reading *self, guint64 from, guint64 to, GPtrArray *out)
{
  guint64 count;
  jn_status status = jn_entry_count (self->snapshot, &self->reader.account, &self->page, &count);

  if (status != JN_OK || from >= MIN (to, count))
    return status;
  to = MIN (to, count);
  size_t newer = to < count ? 1 : 0;
  size_t n = (size_t) (to - from) + newer;
  g_autofree jn_entry_row *rows = g_new (jn_entry_row, n);
  jn_page page = self->page;
  page.skip = count - to - newer;
  status = jn_entries (self->snapshot, &self->reader.account, &page, rows, &n);
  if (status == JN_OK && n > newer)
    status = fill (self, rows, n, newer, out);
  return status;
}

GPtrArray *
jn_entry_block_read (const JnEntrySource *source, guint64 from, guint64 to, GError **error)
{
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func ((GDestroyNotify) jn_entry_facts_free);
  Reading reading;
  jn_status status = JN_OK;

  if (!reading_begin (&reading, source->storage, source->currency, error))
    return NULL;
  reading.page.month = source->month;
  reading.page.code = (uint16_t) source->category;
  if (reading.snapshot != NULL)
    status = read_block (&reading, from, to, out);
  reading_end (&reading);
  return jn_storage_check (status, error) ? g_steal_pointer (&out) : NULL;
}

gboolean
jn_entry_count_now (const JnEntrySource *source, guint64 *count, GError **error)
{
  Reading reading;
  jn_status status = JN_OK;

  *count = 0;
  if (!reading_begin (&reading, source->storage, source->currency, error))
    return FALSE;
  reading.page.month = source->month;
  reading.page.code = (uint16_t) source->category;
  if (reading.snapshot != NULL)
    status = jn_entry_count (reading.snapshot, &reading.reader.account, &reading.page, count);
  reading_end (&reading);
  return jn_storage_check (status, error);
}

static jn_status
search (Reading *self, guint limit, GPtrArray *out)
{
  g_autofree jn_entry_row *rows = g_new (jn_entry_row, SEARCH_PAGE);

  while (out->len < limit)
    {
      size_t n = MIN (SEARCH_PAGE, limit - out->len);
      size_t room = n;
      jn_status status = jn_entries (self->snapshot, &self->reader.account, &self->page, rows, &n);
      for (size_t i = 0; status == JN_OK && i < n; i++)
        {
          JnEntryFacts *facts = g_new0 (JnEntryFacts, 1);
          jn_entry_reader_fill (&self->reader, &rows[i], facts);
          g_ptr_array_add (out, facts);
        }
      if (status != JN_OK || n < room)
        return status;
      self->page.before = rows[n - 1].no;
    }
  return JN_OK;
}

/* The day sums of a search are those of what was found. */
static GPtrArray *
group_by_day (GPtrArray *found)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  JnEntryFacts *first = NULL;

  for (guint i = 0; i < found->len; i++)
    {
      JnEntryFacts *facts = found->pdata[i];
      facts->starts_day = first == NULL || first->date != facts->date;
      facts->day_sum = jn_money (0, JN_CURRENCY_NONE);
      if (facts->starts_day)
        {
          first = facts;
          first->day_sum = facts->amount;
        }
      else if (!jn_money_add (first->day_sum, facts->amount, &first->day_sum))
        first->day_sum = jn_money (0, JN_CURRENCY_NONE);
    }
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (items, jn_entry_item_new (found->pdata[i]));
  return items;
}

GPtrArray *
jn_entry_search (JnStorage *storage, JnCurrency currency, JnCategory category, const char *text,
                 guint limit, GError **error)
{
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) jn_entry_facts_free);
  Reading reading;
  jn_status status = JN_OK;

  if (!reading_begin (&reading, storage, currency, error))
    return NULL;
  reading.page.code = (uint16_t) category;
  reading.page.search = text;
  if (reading.snapshot != NULL)
    status = search (&reading, limit, found);
  reading_end (&reading);
  return jn_storage_check (status, error) ? group_by_day (found) : NULL;
}
