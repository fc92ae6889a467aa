/* The door: requests go out signed and in order, answers are believed when the bank has signed them for this very request. */
#include "door.h"
#include "wait.h"

#include "jn-error.h"

#include <string.h>

/* The list of keys first, without a signature; then everything signed, with counters that rise from the clock's microseconds. */
static void
test_signed (Door *f, gconstpointer data)
{
  guint64 counters[3] = { 0 };
  door_check_read (f, 0);
  door_check_write (f, JN_ERROR_ANSWER_INVALID);
  door_check_read (f, 0);
  g_assert_cmpstr (door_request_at (f, 0)->path, ==, "/wallet/v1/keys");
  g_assert_null (jn_request_get_header (door_request_at (f, 0), "Signature"));
  g_assert_null (jn_request_get_header (door_request_at (f, 0), "Authorization"));
  for (guint i = 0; i < 3; i++)
    g_assert_true (bank_key_request_is_signed (door_request_at (f, i + 1), &counters[i]));
  g_assert_cmpuint (counters[0], ==, DOOR_START * JN_SECOND + 1);
  g_assert_cmpuint (counters[1], ==, counters[0] + 1);
  g_assert_cmpuint (counters[2], ==, counters[1] + 1);
  g_assert_nonnull (jn_request_get_header (door_request_at (f, 2), "Content-Digest"));
  g_assert_null (jn_request_get_header (door_request_at (f, 1), "Content-Digest"));
  g_assert_cmpuint (f->keys_changed, ==, 1);
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 1);
}

/* What only a sandbox has is not signed. */
static void
test_open_paths (Door *f, gconstpointer data)
{
  Wait wait = { 0 };
  g_autoptr (GError) error = NULL;
  jn_bank_get_async (f->bank, "/wallet/v1/sandbox/shops", NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  g_autoptr (JnBankDocument) document = jn_bank_get_finish (f->bank, result, &error);
  g_assert_no_error (error);
  g_assert_null (jn_request_get_header (door_request_at (f, 1), "Signature"));
  g_assert_null (jn_request_get_header (door_request_at (f, 1), "Jinnang-Counter"));
}

static void
on_counted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
spin (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* A write waits for the one before it; reads do not. */
static void
test_one_write_at_a_time (Door *f, gconstpointer data)
{
  JnId intent = { { 7 } };
  guint done = 0;
  door_check_read (f, 0);
  script_bank_hold (f->script, TRUE);
  for (guint i = 0; i < 3; i++)
    jn_bank_settle_async (f->bank, &intent, NULL, on_counted, &done);
  jn_bank_get_async (f->bank, "/wallet/v1/offers", NULL, on_counted, &done);
  spin ();
  g_assert_cmpuint (script_bank_count (f->script, "/settlement"), ==, 1);
  g_assert_cmpuint (script_bank_count (f->script, "/offers"), ==, 2);
  for (guint i = 2; i <= 3; i++)
    {
      script_bank_hold (f->script, FALSE);
      script_bank_hold (f->script, TRUE);
      spin ();
      g_assert_cmpuint (script_bank_count (f->script, "/settlement"), ==, i);
    }
  script_bank_hold (f->script, FALSE);
  while (done < 4)
    g_main_context_iteration (NULL, TRUE);
}

/* A queued write that is cancelled never goes out, and those behind it do. */
static void
test_cancelled_in_the_queue (Door *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  JnId intent = { { 7 } };
  guint done = 0;
  door_check_read (f, 0);
  script_bank_hold (f->script, TRUE);
  jn_bank_settle_async (f->bank, &intent, NULL, on_counted, &done);
  jn_bank_settle_async (f->bank, &intent, cancellable, on_counted, &done);
  jn_bank_settle_async (f->bank, &intent, NULL, on_counted, &done);
  g_cancellable_cancel (cancellable);
  script_bank_hold (f->script, FALSE);
  while (done < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (script_bank_count (f->script, "/settlement"), ==, 2);
}

/* The bank has seen a higher counter: once more above it, with the same key; and not for ever. */
static void
test_counter_used (Door *f, gconstpointer data)
{
  guint64 first = 0, second = 0;
  door_check_read (f, 0);
  f->counters_used = 1;
  f->highest = "1999999999999999";
  door_check_write (f, JN_ERROR_ANSWER_INVALID);
  const JnRequest *before = door_request_at (f, 2);
  const JnRequest *after = door_request_at (f, 3);
  g_assert_true (bank_key_request_is_signed (before, &first));
  g_assert_true (bank_key_request_is_signed (after, &second));
  g_assert_cmpuint (second, ==, G_GUINT64_CONSTANT (2000000000000000));
  g_assert_cmpstr (jn_request_get_header (before, "Idempotency-Key"), ==,
                   jn_request_get_header (after, "Idempotency-Key"));
  g_assert_true (g_bytes_equal (before->body, after->body));

  f->counters_used = 2;
  door_check_read (f, JN_ERROR_COUNTER_USED);
  g_assert_cmpuint (f->counters_used, ==, 0);
  /* A copy of the first sending may have been taken: that the second did not go out says nothing of it. */
  f->counters_used = 1;
  f->fail = JN_ERROR_OFFLINE;
  door_check_write (f, JN_ERROR_COUNTER_USED);
  f->counters_used = 1;
  door_check_read (f, JN_ERROR_OFFLINE);
  door_check_write (f, JN_ERROR_OFFLINE);
  f->fail = 0;
  f->counters_used = 1;
  f->highest = "not a number";
  door_check_write (f, JN_ERROR_COUNTER_USED);
  door_check_read (f, 0);
}

/* ---- whose answers are believed ---- */

static void
test_not_the_bank (Door *f, gconstpointer data)
{
  door_check_read (f, 0);
  f->signer = &f->other;
  door_check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  door_check_write (f, JN_ERROR_ANSWER_NOT_SIGNED);
  f->signer = NULL;
  door_check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  door_check_write (f, JN_ERROR_ANSWER_NOT_SIGNED);
  /* Not even a refusal is taken from somebody else: the payment may be made. */
  f->status = 400;
  f->body = "{\"reason\":\"NO_FUNDS\",\"attemptsLeft\":3}";
  door_check_write (f, JN_ERROR_ANSWER_NOT_SIGNED);
  g_assert_cmpint (jn_bank_get_attempts_left (f->bank), ==, -1);
  f->signer = &f->key;
  door_check_write (f, JN_ERROR_NO_FUNDS);
  g_assert_cmpint (jn_bank_get_attempts_left (f->bank), ==, 3);
}

/* An answer that was good for one request is good for no other. */
static void
test_replayed (Door *f, gconstpointer data)
{
  door_check_read (f, 0);
  f->kept = script_answer (200, f->body);
  bank_key_sign_answer (&f->key, f->kept, door_request_at (f, 1));
  door_check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  door_check_write (f, JN_ERROR_ANSWER_NOT_SIGNED);
}

static void
test_keys_pinned (Door *f, gconstpointer data)
{
  g_autofree char *text = bank_key_get_text (&f->key);
  g_autofree char *two = g_strconcat (text, ";", NULL);
  g_assert_false (jn_bank_set_keys (f->bank, "no key", TRUE));
  g_assert_true (jn_bank_set_keys (f->bank, two, TRUE));
  door_check_read (f, 0);
  door_check_read (f, 0);
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 0);
  f->signer = &f->next;
  script_bank_set_next (f->script, &f->next);
  door_check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 0);
}

/* The next key is announced, then used; one that was never announced is refused. */
static void
test_keys_rotate (Door *f, gconstpointer data)
{
  script_bank_set_next (f->script, &f->next);
  door_check_read (f, 0);
  g_assert_cmpuint (g_bytes_get_size (jn_bank_get_keys (f->bank)), ==, 64);
  BankKey old = f->key;
  f->key = f->next;
  script_bank_set_next (f->script, &f->other);
  door_check_read (f, 0);
  spin ();
  /* The list was asked for again, so that the one after that is known too; the old one is not believed any more. */
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 2);
  g_assert_cmpuint (f->keys_changed, ==, 2);
  f->signer = &old;
  door_check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  f->signer = &f->other;
  door_check_read (f, 0);
  BankKey stranger;
  bank_key_init (&stranger, 9);
  f->signer = &stranger;
  door_check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
}

/* Keys from the keyring are held against a fresh list once a run, and then every few hours; a list by a stranger changes nothing. */
static void
test_keys_kept (Door *f, gconstpointer data)
{
  g_autofree char *text = bank_key_get_text (&f->key);
  g_assert_true (jn_bank_set_keys (f->bank, text, FALSE));
  door_check_read (f, 0);
  spin ();
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 1);
  g_assert_cmpuint (f->keys_changed, ==, 0);
  door_check_read (f, 0);
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 1);
  jn_manual_clock_advance (JN_MANUAL_CLOCK (f->clock), 24 * 3600 * JN_SECOND);
  script_bank_set_next (f->script, &f->next);
  door_check_read (f, 0);
  spin ();
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 2);
  g_assert_cmpuint (f->keys_changed, ==, 1);

  jn_manual_clock_advance (JN_MANUAL_CLOCK (f->clock), 24 * 3600 * JN_SECOND);
  BankKey good = f->key;
  f->key = f->other;
  f->signer = &good;
  door_check_read (f, 0);
  spin ();
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 3);
  g_assert_cmpuint (f->keys_changed, ==, 1);
  f->signer = &f->other;
  door_check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
}

/* ---- what a front end answers by itself ---- */

static void
test_front_end (Door *f, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *header, *value;
    int read, write;
  } cases[] = {
    { 502, "content-type", "text/html", JN_ERROR_BANK_5XX, JN_ERROR_BANK_5XX },
    { 503, "content-type", "text/html; charset=utf-8", JN_ERROR_BANK_5XX, JN_ERROR_BANK_5XX },
    { 504, NULL, NULL, JN_ERROR_BANK_5XX, JN_ERROR_BANK_5XX },
    { 500, NULL, NULL, JN_ERROR_BANK_5XX, JN_ERROR_BANK_5XX },
    { 413, "content-type", "application/json", JN_ERROR_INVALID, JN_ERROR_ANSWER_NOT_SIGNED },
    { 414, NULL, NULL, JN_ERROR_INVALID, JN_ERROR_ANSWER_NOT_SIGNED },
    { 429, NULL, NULL, JN_ERROR_RATE_LIMITED, JN_ERROR_ANSWER_NOT_SIGNED },
    { 200, "content-type", "text/html", JN_ERROR_SIGN_IN_PAGE, JN_ERROR_ANSWER_NOT_SIGNED },
    { 200, "content-type", "application/xhtml+xml", JN_ERROR_SIGN_IN_PAGE,
      JN_ERROR_ANSWER_NOT_SIGNED },
    { 301, "location", "http://portal.example/", JN_ERROR_SIGN_IN_PAGE,
      JN_ERROR_ANSWER_NOT_SIGNED },
    { 302, "location", "http://portal.example/", JN_ERROR_SIGN_IN_PAGE,
      JN_ERROR_ANSWER_NOT_SIGNED },
    { 307, "location", "https://portal.example/", JN_ERROR_SIGN_IN_PAGE,
      JN_ERROR_ANSWER_NOT_SIGNED },
    { 511, NULL, NULL, JN_ERROR_SIGN_IN_PAGE, JN_ERROR_ANSWER_NOT_SIGNED },
    { 403, "content-type", "text/html", JN_ERROR_SIGN_IN_PAGE, JN_ERROR_ANSWER_NOT_SIGNED },
    { 404, NULL, NULL, JN_ERROR_ANSWER_NOT_SIGNED, JN_ERROR_ANSWER_NOT_SIGNED },
    { 401, NULL, NULL, JN_ERROR_ANSWER_NOT_SIGNED, JN_ERROR_ANSWER_NOT_SIGNED },
    { 204, NULL, NULL, JN_ERROR_ANSWER_NOT_SIGNED, JN_ERROR_ANSWER_NOT_SIGNED },
  };
  door_check_read (f, 0);
  f->signer = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      f->status = cases[i].status;
      f->header = cases[i].header;
      f->value = cases[i].value;
      door_check_read (f, cases[i].read);
      door_check_write (f, cases[i].write);
      /* What a write may have done is never told to be nothing. */
      g_assert_cmpint (jn_error_code_get_class (cases[i].write), ==, JN_ERROR_CLASS_UNKNOWN);
    }
}

/* Without the bank's keys nothing goes out, and whoever wanted to pay hears that. */
static void
test_no_keys (Door *f, gconstpointer data)
{
  static const struct
  {
    int fail, read, write;
  } cases[] = {
    { JN_ERROR_OFFLINE, JN_ERROR_OFFLINE, JN_ERROR_OFFLINE },
    { JN_ERROR_NOT_SENT, JN_ERROR_NOT_SENT, JN_ERROR_NOT_SENT },
    { JN_ERROR_SENT_NO_ANSWER, JN_ERROR_SENT_NO_ANSWER, JN_ERROR_NOT_SENT },
    { JN_ERROR_ANSWER_CUT, JN_ERROR_ANSWER_CUT, JN_ERROR_NOT_SENT },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      f->fail = cases[i].fail;
      script_bank_fail_keys (f->script, cases[i].fail);
      door_check_read (f, cases[i].read);
      door_check_write (f, cases[i].write);
    }
  g_assert_cmpuint (script_bank_count (f->script, "/offers"), ==, 0);
  g_assert_cmpuint (script_bank_count (f->script, "/settlement"), ==, 0);
  f->fail = 0;
  script_bank_fail_keys (f->script, 0);
  door_check_read (f, 0);
}

/* Whoever gives up waiting for the keys hears it at once. */
static void
test_cancelled_without_keys (Door *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint done = 0;
  script_bank_hold (f->script, TRUE);
  jn_bank_get_async (f->bank, "/wallet/v1/offers", cancellable, on_counted, &done);
  jn_bank_get_async (f->bank, "/wallet/v1/offers", cancellable, on_counted, &done);
  spin ();
  g_cancellable_cancel (cancellable);
  script_bank_hold (f->script, FALSE);
  spin ();
  g_assert_cmpuint (done, ==, 2);
  g_assert_cmpuint (script_bank_count (f->script, "/offers"), ==, 0);
  door_check_read (f, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Door, NULL, door_set_up, function, door_tear_down)
  ADD ("/bank/door/signed", test_signed);
  ADD ("/bank/door/open-paths", test_open_paths);
  ADD ("/bank/door/one-write-at-a-time", test_one_write_at_a_time);
  ADD ("/bank/door/cancelled-in-the-queue", test_cancelled_in_the_queue);
  ADD ("/bank/door/counter-used", test_counter_used);
  ADD ("/bank/door/not-the-bank", test_not_the_bank);
  ADD ("/bank/door/replayed", test_replayed);
  ADD ("/bank/door/keys-pinned", test_keys_pinned);
  ADD ("/bank/door/keys-rotate", test_keys_rotate);
  ADD ("/bank/door/keys-kept", test_keys_kept);
  ADD ("/bank/door/front-end", test_front_end);
  ADD ("/bank/door/no-keys", test_no_keys);
  ADD ("/bank/door/cancelled-without-keys", test_cancelled_without_keys);
  return g_test_run ();
}
