/* The worker: order, errors, cancellation, the bound, the end. */
#include "jn-error.h"
#include "jn-worker.h"

typedef struct
{
  GMainLoop *loop;
  JnWorker *worker;
  int waiting;
  GString *log;
  GError *error;
  GThread *thread;
} Seen;

static gpointer
name_it (gpointer data, GCancellable *cancellable, GError **error)
{
  return g_strdup_printf ("<%s>", (const char *) data);
}

static gpointer
fail_it (gpointer data, GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, JN_ERROR, JN_ERROR_DISK_FULL, "full");
  return NULL;
}

static gpointer
tell_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  return g_thread_self ();
}

static gpointer
wait_for_gate (gpointer data, GCancellable *cancellable, GError **error)
{
  g_mutex_lock (data);
  g_mutex_unlock (data);
  return NULL;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Seen *seen = user_data;
  g_clear_error (&seen->error);
  g_autofree char *text = jn_worker_run_finish (JN_WORKER (source), result, &seen->error);
  g_assert_true (g_thread_self () == seen->thread);
  g_string_append (seen->log, text != NULL ? text : "!");
  if (--seen->waiting == 0)
    g_main_loop_quit (seen->loop);
}

static void
seen_init (Seen *seen)
{
  *seen = (Seen){ .loop = g_main_loop_new (NULL, FALSE),
                  .worker = jn_worker_new ("test"),
                  .log = g_string_new (NULL),
                  .thread = g_thread_self () };
}

static void
seen_clear (Seen *seen)
{
  g_main_loop_unref (seen->loop);
  g_clear_object (&seen->worker);
  g_string_free (seen->log, TRUE);
  g_clear_error (&seen->error);
}

static void
submit (Seen *seen, JnWorkerFunc func, const char *text, GCancellable *cancellable)
{
  seen->waiting++;
  jn_worker_run_async (seen->worker, func, g_strdup (text), g_free, g_free, cancellable, on_done,
                       seen);
}

static void
test_order (void)
{
  Seen seen;
  seen_init (&seen);
  for (int i = 0; i < 5; i++)
    {
      char text[2] = { (char) ('a' + i), '\0' };
      submit (&seen, name_it, text, NULL);
    }
  g_main_loop_run (seen.loop);
  g_assert_cmpstr (seen.log->str, ==, "<a><b><c><d><e>");
  g_assert_no_error (seen.error);
  seen_clear (&seen);
}

static void
test_error (void)
{
  Seen seen;
  seen_init (&seen);
  submit (&seen, fail_it, "x", NULL);
  g_main_loop_run (seen.loop);
  g_assert_error (seen.error, JN_ERROR, JN_ERROR_DISK_FULL);
  seen_clear (&seen);
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GMutex gate;
  Seen seen;

  seen_init (&seen);
  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  seen.waiting++;
  jn_worker_run_async (seen.worker, wait_for_gate, &gate, NULL, NULL, NULL, on_done, &seen);
  submit (&seen, fail_it, "never runs", cancellable);
  g_cancellable_cancel (cancellable);
  g_mutex_unlock (&gate);
  g_main_loop_run (seen.loop);
  g_assert_error (seen.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (seen.log->str, ==, "!!");
  seen_clear (&seen);
  g_mutex_clear (&gate);
}

static void
test_waited (void)
{
  g_autoptr (JnWorker) worker = jn_worker_new ("test");
  g_autoptr (GError) error = NULL;
  char word[] = "word";
  g_autofree char *text = jn_worker_run (worker, name_it, word, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "<word>");
  g_assert_null (jn_worker_run (worker, fail_it, NULL, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_DISK_FULL);
  gpointer thread = jn_worker_run (worker, tell_thread, NULL, NULL);
  g_assert_true (thread != NULL && thread != g_thread_self ());
  g_assert_true (jn_worker_run (worker, tell_thread, NULL, NULL) == thread);
}

static void
test_bound (void)
{
  GMutex gate;
  Seen seen;
  guint refused = 0;

  seen_init (&seen);
  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  seen.waiting++;
  jn_worker_run_async (seen.worker, wait_for_gate, &gate, NULL, NULL, NULL, on_done, &seen);
  for (int i = 0; i < 1200; i++)
    submit (&seen, name_it, "x", NULL);
  g_mutex_unlock (&gate);
  g_main_loop_run (seen.loop);
  for (const char *p = seen.log->str; *p != '\0'; p++)
    refused += *p == '!' ? 1 : 0;
  /* One "!" is the gate's own; the gate may or may not have left the queue when the others came. */
  g_assert_cmpuint (refused, >=, 1 + 1200 - 1024);
  g_assert_cmpuint (refused, <=, 2 + 1200 - 1024);
  seen_clear (&seen);
  g_mutex_clear (&gate);
}

static void
test_stop (void)
{
  Seen seen;
  g_autoptr (GError) error = NULL;

  seen_init (&seen);
  for (int i = 0; i < 50; i++)
    submit (&seen, name_it, "x", NULL);
  jn_worker_stop (seen.worker);
  jn_worker_stop (seen.worker);
  g_main_loop_run (seen.loop);
  g_assert_cmpuint (seen.log->len, ==, 50 * 3);
  g_assert_null (jn_worker_run (seen.worker, tell_thread, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  submit (&seen, name_it, "x", NULL);
  g_main_loop_run (seen.loop);
  g_assert_error (seen.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  seen_clear (&seen);
}

/* The owner lets go while calls wait: they still come back, and nothing hangs. */
static void
test_last_reference (void)
{
  for (int round = 0; round < 200; round++)
    {
      Seen seen;
      seen_init (&seen);
      for (int i = 0; i < 3; i++)
        submit (&seen, name_it, "x", NULL);
      g_object_unref (g_steal_pointer (&seen.worker));
      g_main_loop_run (seen.loop);
      g_assert_cmpstr (seen.log->str, ==, "<x><x><x>");
      seen_clear (&seen);
    }
}

/* Letting go waits for nothing: the call that runs holds the worker. */
static void
test_last_reference_in_a_call (void)
{
  GMutex gate;
  Seen seen;

  seen_init (&seen);
  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  seen.waiting++;
  jn_worker_run_async (seen.worker, wait_for_gate, &gate, NULL, NULL, NULL, on_done, &seen);
  g_object_unref (g_steal_pointer (&seen.worker));
  g_mutex_unlock (&gate);
  g_main_loop_run (seen.loop);
  g_assert_cmpstr (seen.log->str, ==, "!");
  seen_clear (&seen);
  g_mutex_clear (&gate);
}

/* ---- without a thread ---- */

static gpointer
count_turns (gpointer data, GCancellable *cancellable, GError **error)
{
  guint *turns = data;
  ++*turns;
  return g_strdup_printf ("%u", *turns);
}

static void
test_inline_order (void)
{
  Seen seen;
  guint turns = 0;

  seen_init (&seen);
  g_set_object (&seen.worker, NULL);
  seen.worker = jn_worker_new_inline ("test");
  for (int i = 0; i < 3; i++)
    {
      seen.waiting++;
      jn_worker_run_async (seen.worker, count_turns, &turns, NULL, g_free, NULL, on_done, &seen);
    }
  g_assert_cmpuint (turns, ==, 0);
  g_main_loop_run (seen.loop);
  g_assert_cmpstr (seen.log->str, ==, "123");
  /* Who waits has what was queued before done first. */
  seen.waiting++;
  jn_worker_run_async (seen.worker, count_turns, &turns, NULL, g_free, NULL, on_done, &seen);
  g_autofree char *fifth = jn_worker_run (seen.worker, count_turns, &turns, NULL);
  g_assert_cmpstr (fifth, ==, "5");
  g_main_loop_run (seen.loop);
  g_assert_cmpstr (seen.log->str, ==, "1234");
  g_assert_true (jn_worker_run (seen.worker, tell_thread, NULL, NULL) == g_thread_self ());
  seen_clear (&seen);
}

static void
test_inline_stop (void)
{
  Seen seen;
  g_autoptr (GError) error = NULL;

  seen_init (&seen);
  g_set_object (&seen.worker, NULL);
  seen.worker = jn_worker_new_inline ("test");
  for (int i = 0; i < 50; i++)
    submit (&seen, name_it, "x", NULL);
  jn_worker_stop (seen.worker);
  g_main_loop_run (seen.loop);
  g_assert_cmpuint (seen.log->len, ==, 50 * 3);
  g_assert_null (jn_worker_run (seen.worker, tell_thread, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  seen_clear (&seen);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker/order", test_order);
  g_test_add_func ("/worker/error", test_error);
  g_test_add_func ("/worker/cancelled", test_cancelled);
  g_test_add_func ("/worker/waited", test_waited);
  g_test_add_func ("/worker/bound", test_bound);
  g_test_add_func ("/worker/stop", test_stop);
  g_test_add_func ("/worker/last-reference", test_last_reference);
  g_test_add_func ("/worker/last-reference-in-a-call", test_last_reference_in_a_call);
  g_test_add_func ("/worker/inline/order", test_inline_order);
  g_test_add_func ("/worker/inline/stop", test_inline_stop);
  return g_test_run ();
}
