/* A first sync of 100,000 entries: through the bank's door on loopback into a wallet on the disk, and where the time goes. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "flow.h"
#include "wait.h"

#include "jn-bankd-book.h"
#include "jn-bankd.h"

#define ENTRIES 100000

static void
report (const char *name, gint64 microseconds, gint64 processor, const char *more)
{
  g_print ("BENCH {\"room\":\"bank\",\"name\":\"%s\",\"value\":%" G_GINT64_FORMAT
           ".%03d,\"unit\":\"s\",\"processor\":%" G_GINT64_FORMAT ".%03d%s}\n",
           name, microseconds / G_USEC_PER_SEC, (int) (microseconds % G_USEC_PER_SEC / 1000),
           processor / G_USEC_PER_SEC, (int) (processor % G_USEC_PER_SEC / 1000), more);
}

/* Time on a processor of all threads, the bank's too: what stays the same on a busy machine. */
static gint64
processor_time (void)
{
  struct rusage usage;

  g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec
         + usage.ru_stime.tv_usec;
}

/* Time on a processor of the threads of one name. */
static gint64
thread_time (const char *name)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *task;
  gint64 nanoseconds = 0;

  while (tasks != NULL && (task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *comm_path = g_build_filename ("/proc/self/task", task, "comm", NULL);
      g_autofree char *time_path = g_build_filename ("/proc/self/task", task, "schedstat", NULL);
      g_autofree char *comm = NULL;
      g_autofree char *text = NULL;
      if (g_file_get_contents (comm_path, &comm, NULL, NULL)
          && g_str_equal (g_strchomp (comm), name)
          && g_file_get_contents (time_path, &text, NULL, NULL))
        nanoseconds += g_ascii_strtoll (text, NULL, 10);
    }
  return nanoseconds / 1000;
}

/* Those that have a part in it. */
static const struct
{
  const char *thread, *name;
} parts[] = {
  { "bench-sync", "of it the wallet's main thread: network, signatures" },
  { "reader", "of it the wallet's reader: JSON, members, chain" },
  { "storage", "of it the wallet's storage: ledger, details" },
  { "bankd", "of it the bank" },
};

/* A bank whose customer has had a long life. */
static void
fill_bank (const char *folder)
{
  g_autoptr (GError) error = NULL;
  const JnBankdCoreOptions options = { .folder = folder };
  g_autoptr (JnBankdCore) core = jn_bankd_core_open (&options, &error);
  JnInstant now = jn_clock_now (core->clock);

  g_assert_no_error (error);
  jn_bankd_db_begin (core->db);
  for (guint i = 0; i < ENTRIES; i++)
    {
      gint64 amount = i == 0 ? 1000000000 : -(gint64) (100 + i % 1000);
      JnBankdTransfer transfer = {
        .kind = i == 0 ? "income" : "payment",
        .category = i == 0 ? JN_CATEGORY_INCOME : JN_CATEGORY_DINING,
        .currency = JN_CURRENCY_CNY,
        .at = now,
        .debtor_name = i == 0 ? "某某公司" : "王小明",
        .creditor_name = i == 0 ? "王小明" : "家门口超市",
        .legs = { { JN_BANKD_ACCOUNT_WALLET, amount }, { JN_BANKD_ACCOUNT_CLEARING, -amount } },
        .n_legs = 2,
      };
      g_assert_true (jn_bankd_book_post (core, &transfer, &error));
    }
  g_assert_true (jn_bankd_db_commit (core->db, &error));
}

/* ---- the turns of the wallet's main loop ---- */

static gint64 turn_begun, longest_turn;

static gint64
own_time (void)
{
  struct timespec now;

  g_assert_cmpint (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now), ==, 0);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* A turn goes from one poll to the next; by the thread's own time, as others may be on the processor in between. */
static int
poll_and_measure (GPollFD *fds, guint n, int timeout)
{
  if (turn_begun != 0)
    longest_turn = MAX (longest_turn, own_time () - turn_begun);
  int ready = g_poll (fds, n, timeout);
  turn_begun = own_time ();
  return ready;
}

/* ---- memory ---- */

static void
forget_peak (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents_full ("/proc/self/clear_refs", "5", 1,
                                           G_FILE_SET_CONTENTS_NONE, 0600, &error));
}

/* In KiB, of the process with the bank in it. */
static gint64
memory (const char *member)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  const char *at = strstr (text, member);
  g_assert_nonnull (at);
  return g_ascii_strtoll (at + strlen (member), NULL, 10);
}

typedef struct
{
  gint64 network, network_processor, reading, reading_processor;
  guint entries;
} Shares;

static GBytes *
fetch (Flow *flow, const char *path, GError **error)
{
  Wait wait = { 0 };
  jn_bank_fetch_async (flow->bank, path, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_fetch_finish (flow->bank, result, error);
}

/* The same pages once more, first fetched and then read, without a wallet behind them. */
static void
measure_shares (Flow *flow, Shares *shares)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankDocument) document =
      flow_get (flow, "/psd2/v1/accounts?withBalance=true", &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) accounts = jn_wire_read_accounts (jn_json_doc_root (document->doc), &error);
  const JnWireAccount *account = accounts->pdata[0];
  guint64 from = 0;
  gboolean more = TRUE;

  while (more)
    {
      g_autofree char *path =
          g_strdup_printf ("/psd2/v1/accounts/%s/"
                           "transactions?bookingStatus=both&entryReferenceFrom=%" G_GUINT64_FORMAT
                           "&itemsPerPage=1000",
                           account->resource_id, from);
      gint64 begun = g_get_monotonic_time ();
      gint64 begun_processor = processor_time ();
      g_autoptr (GBytes) bytes = fetch (flow, path, &error);
      g_assert_no_error (error);
      gint64 fetched = g_get_monotonic_time ();
      gint64 fetched_processor = processor_time ();
      g_autoptr (JnJsonDoc) doc =
          jn_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
      g_autoptr (JnWireFeedPage) page = jn_wire_read_feed_page (jn_json_doc_root (doc), &error);
      g_assert_no_error (error);
      shares->network += fetched - begun;
      shares->network_processor += fetched_processor - begun_processor;
      shares->reading += g_get_monotonic_time () - fetched;
      shares->reading_processor += processor_time () - fetched_processor;
      shares->entries += page->booked->len;
      const JnWireEntry *last = page->booked->pdata[page->booked->len - 1];
      from = last->sequence;
      more = page->more;
    }
}

typedef struct
{
  gint64 taken, processor, grown;
  gint64 times[G_N_ELEMENTS (parts)];
} Run;

static void
measure_run (JnSync *sync, Run *run)
{
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    run->times[i] = thread_time (parts[i].thread);
  run->grown = memory ("VmRSS:");
  forget_peak ();
  g_main_context_set_poll_func (NULL, poll_and_measure);
  run->taken = g_get_monotonic_time ();
  run->processor = processor_time ();
  flow_sync (sync, &error);
  run->taken = g_get_monotonic_time () - run->taken;
  run->processor = processor_time () - run->processor;
  g_assert_no_error (error);
  g_main_context_set_poll_func (NULL, NULL);
  run->grown = memory ("VmHWM:") - run->grown;
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    run->times[i] = thread_time (parts[i].thread) - run->times[i];
}

static void
tell (const Run *run, const Shares *shares)
{
  gint64 floor = shares->network_processor + shares->reading_processor;

  report ("first sync of 100,000 entries", run->taken, run->processor,
          ",\"goal\":3.0,\"note\":\"loopback, bank and wallet on the disk\"");
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    report (parts[i].name, run->times[i], run->times[i], ",\"note\":\"processor time\"");
  report ("the same pages fetched alone", shares->network, shares->network_processor,
          ",\"note\":\"the bank's part too\"");
  report ("the same pages, JSON and members read alone", shares->reading, shares->reading_processor,
          ",\"note\":\"each page as a whole, which a sync does not do\"");
  g_print ("BENCH {\"room\":\"bank\",\"name\":\"first sync against its pages fetched and read\","
           "\"value\":%.2f,\"unit\":\"x\",\"note\":\"processor time\"}\n",
           (double) run->processor / (double) floor);
  g_print ("BENCH {\"room\":\"bank\",\"name\":\"longest turn of the wallet's main loop meanwhile\","
           "\"value\":%.1f,\"unit\":\"ms\",\"goal\":10,\"note\":\"processor time\"}\n",
           (double) longest_turn / 1e3);
  g_print ("BENCH {\"room\":\"bank\",\"name\":\"memory of a first sync\",\"value\":%.1f,"
           "\"unit\":\"MB\",\"note\":\"at its most, the bank's share too\"}\n",
           (double) run->grown / 1e3);
}

static void
bench (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bank_folder = g_build_filename (folder, "bank", NULL);
  g_autofree char *wallet_folder = g_build_filename (folder, "wallet", NULL);
  Flow flow;
  Shares shares = { 0 };
  Run run;

  fill_bank (bank_folder);
  const JnBankdOptions bank_options = { .data_dir = bank_folder };
  g_autoptr (JnBankd) bank = jn_bankd_start (&bank_options, &error);
  g_assert_no_error (error);
  flow_init (&flow, jn_soup_transport_new (jn_bankd_get_address (bank), NULL));
  flow_enrol (&flow);
  g_autoptr (JnStorage) storage = jn_storage_open (
      &(JnStorageOptions){ .folder = wallet_folder, .clock = flow.clock, .entropy = flow.entropy },
      &error);
  g_assert_no_error (error);
  g_autoptr (JnWorker) reader = jn_worker_new ("reader");
  g_autoptr (JnSync) sync = jn_sync_new (flow.bank, storage, reader, flow.clock);
  measure_run (sync, &run);
  measure_shares (&flow, &shares);
  g_assert_cmpuint (shares.entries, >=, ENTRIES);
  tell (&run, &shares);
  jn_sync_stop (sync);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&sync);
  jn_storage_close (storage);
  flow_clear (&flow);
  jn_bankd_stop (bank);
}

int
main (void)
{
  g_autofree char *folder = g_dir_make_tmp ("jn-bench-XXXXXX", NULL);
  g_autofree char *command = g_strdup_printf ("rm -r '%s'", folder);

  bench (folder);
  return g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL) ? EXIT_SUCCESS : EXIT_FAILURE;
}
