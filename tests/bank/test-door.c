/* The door: requests go out signed and in order, answers are believed when the bank has signed them for this very request. */
#include "script-bank.h"
#include "wait.h"

#include "jn-bank-keys.h"
#include "jn-bank.h"
#include "jn-error.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define START 1763770000

typedef struct
{
  BankKey key, next, other;
  ScriptBank *script;
  JnClock *clock;
  JnEntropy *entropy;
  JnDevice *device;
  JnBank *bank;
  guint keys_changed;

  guint status; /* of the next answers */
  const char *body;
  const char *header, *value; /* added to answers that nobody signs */
  BankKey *signer;            /* NULL: nobody signs */
  guint counters_used;        /* so many answers say COUNTER_USED first */
  const char *highest;
  JnAnswer *kept; /* given instead of a fresh answer */
  int fail;       /* an error of the transport instead */
} Fixture;

static JnAnswer *
copy_answer (const JnAnswer *answer)
{
  JnAnswer *copy = jn_answer_new (answer->status);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, answer->headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_replace (copy->headers, g_strdup (name), g_strdup (value));
  copy->body = g_bytes_ref (answer->body);
  return copy;
}

static JnAnswer *
make_answer (gpointer data, const JnRequest *request, GError **error)
{
  Fixture *f = data;
  if (f->fail != 0)
    {
      g_set_error_literal (error, JN_ERROR, f->fail, "the transport says so");
      return NULL;
    }
  if (f->kept != NULL)
    return copy_answer (f->kept);
  JnAnswer *answer = script_answer (f->status, f->body);
  if (f->counters_used > 0)
    {
      g_autofree char *text = g_strdup_printf (
          "{\"code\":\"SIGNATURE_INVALID\",\"reason\":\"COUNTER_USED\",\"counter\":\"%s\"}",
          f->highest);
      jn_answer_free (answer);
      answer = script_answer (401, text);
      f->counters_used--;
    }
  if (f->header != NULL)
    g_hash_table_replace (answer->headers, g_strdup (f->header), g_strdup (f->value));
  if (f->signer != NULL)
    bank_key_sign_answer (f->signer, answer, request);
  return answer;
}

static void
on_keys_changed (JnBank *bank, gpointer data)
{
  ++*(guint *) data;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (JnSecret) secret = jn_secret_new ("sessionsecret", 13);
  bank_key_init (&f->key, 1);
  bank_key_init (&f->next, 2);
  bank_key_init (&f->other, 3);
  f->script = script_bank_new (&f->key, make_answer, f);
  f->clock = JN_CLOCK (jn_manual_clock_new (START * JN_SECOND));
  f->entropy = jn_seeded_entropy_new (5);
  f->device = jn_device_new ();
  f->bank = jn_bank_new (JN_TRANSPORT (f->script), f->clock, f->entropy);
  jn_bank_set_device (f->bank, f->device);
  jn_bank_set_session (f->bank, "consent", secret);
  g_signal_connect (f->bank, "keys-changed", G_CALLBACK (on_keys_changed), &f->keys_changed);
  f->status = 200;
  f->body = "{\"ok\":true}";
  f->signer = &f->key;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (f->bank);
  g_assert_finalize_object (f->script);
  g_object_unref (f->clock);
  g_object_unref (f->entropy);
  jn_device_free (f->device);
  g_clear_pointer (&f->kept, jn_answer_free);
}

static gboolean
read_once (Fixture *f, GError **error)
{
  Wait wait = { 0 };
  jn_bank_get_async (f->bank, "/wallet/v1/offers?a=b", NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  g_autoptr (JnBankDocument) document = jn_bank_get_finish (f->bank, result, error);
  return document != NULL;
}

static gboolean
write_once (Fixture *f, GError **error)
{
  Wait wait = { 0 };
  JnId intent = { { 7 } };
  JnWireIntent out;
  jn_bank_settle_async (f->bank, &intent, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_settle_finish (f->bank, result, &out, error);
}

static void
check_read (Fixture *f, int code)
{
  g_autoptr (GError) error = NULL;
  gboolean done = read_once (f, &error);
  if (code == 0)
    g_assert_no_error (error);
  else
    g_assert_cmpstr (jn_error_code_get_name (error->code), ==, jn_error_code_get_name (code));
  g_assert_cmpint (done, ==, code == 0);
}

static void
check_write (Fixture *f, int code)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (write_once (f, &error));
  g_assert_cmpstr (jn_error_code_get_name (error->code), ==, jn_error_code_get_name (code));
}

static const JnRequest *
request_at (Fixture *f, guint i)
{
  GPtrArray *requests = script_bank_get_requests (f->script);
  g_assert_cmpuint (i, <, requests->len);
  return g_ptr_array_index (requests, i);
}

/* The list of keys first, without a signature; then everything signed, with counters that rise from the clock's microseconds. */
static void
test_signed (Fixture *f, gconstpointer data)
{
  guint64 counters[3] = { 0 };
  check_read (f, 0);
  check_write (f, JN_ERROR_ANSWER_INVALID);
  check_read (f, 0);
  g_assert_cmpstr (request_at (f, 0)->path, ==, "/wallet/v1/keys");
  g_assert_null (jn_request_get_header (request_at (f, 0), "Signature"));
  g_assert_null (jn_request_get_header (request_at (f, 0), "Authorization"));
  for (guint i = 0; i < 3; i++)
    g_assert_true (bank_key_request_is_signed (request_at (f, i + 1), &counters[i]));
  g_assert_cmpuint (counters[0], ==, START * JN_SECOND + 1);
  g_assert_cmpuint (counters[1], ==, counters[0] + 1);
  g_assert_cmpuint (counters[2], ==, counters[1] + 1);
  g_assert_nonnull (jn_request_get_header (request_at (f, 2), "Content-Digest"));
  g_assert_null (jn_request_get_header (request_at (f, 1), "Content-Digest"));
  g_assert_cmpuint (f->keys_changed, ==, 1);
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 1);
}

/* What only a sandbox has is not signed. */
static void
test_open_paths (Fixture *f, gconstpointer data)
{
  Wait wait = { 0 };
  g_autoptr (GError) error = NULL;
  jn_bank_get_async (f->bank, "/wallet/v1/sandbox/shops", NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  g_autoptr (JnBankDocument) document = jn_bank_get_finish (f->bank, result, &error);
  g_assert_no_error (error);
  g_assert_null (jn_request_get_header (request_at (f, 1), "Signature"));
  g_assert_null (jn_request_get_header (request_at (f, 1), "Jinnang-Counter"));
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
test_one_write_at_a_time (Fixture *f, gconstpointer data)
{
  JnId intent = { { 7 } };
  guint done = 0;
  check_read (f, 0);
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
test_cancelled_in_the_queue (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  JnId intent = { { 7 } };
  guint done = 0;
  check_read (f, 0);
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
test_counter_used (Fixture *f, gconstpointer data)
{
  guint64 first = 0, second = 0;
  check_read (f, 0);
  f->counters_used = 1;
  f->highest = "1999999999999999";
  check_write (f, JN_ERROR_ANSWER_INVALID);
  const JnRequest *before = request_at (f, 2);
  const JnRequest *after = request_at (f, 3);
  g_assert_true (bank_key_request_is_signed (before, &first));
  g_assert_true (bank_key_request_is_signed (after, &second));
  g_assert_cmpuint (second, ==, G_GUINT64_CONSTANT (2000000000000000));
  g_assert_cmpstr (jn_request_get_header (before, "Idempotency-Key"), ==,
                   jn_request_get_header (after, "Idempotency-Key"));
  g_assert_true (g_bytes_equal (before->body, after->body));

  f->counters_used = 2;
  check_read (f, JN_ERROR_COUNTER_USED);
  g_assert_cmpuint (f->counters_used, ==, 0);
  f->counters_used = 1;
  f->highest = "not a number";
  check_write (f, JN_ERROR_COUNTER_USED);
  check_read (f, 0);
}

/* ---- whose answers are believed ---- */

static void
test_not_the_bank (Fixture *f, gconstpointer data)
{
  check_read (f, 0);
  f->signer = &f->other;
  check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  check_write (f, JN_ERROR_ANSWER_NOT_SIGNED);
  f->signer = NULL;
  check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  check_write (f, JN_ERROR_ANSWER_NOT_SIGNED);
  /* Not even a refusal is taken from somebody else: the payment may be made. */
  f->status = 400;
  f->body = "{\"reason\":\"NO_FUNDS\",\"attemptsLeft\":3}";
  check_write (f, JN_ERROR_ANSWER_NOT_SIGNED);
  g_assert_cmpint (jn_bank_get_attempts_left (f->bank), ==, -1);
  f->signer = &f->key;
  check_write (f, JN_ERROR_NO_FUNDS);
  g_assert_cmpint (jn_bank_get_attempts_left (f->bank), ==, 3);
}

/* An answer that was good for one request is good for no other. */
static void
test_replayed (Fixture *f, gconstpointer data)
{
  check_read (f, 0);
  f->kept = script_answer (200, f->body);
  bank_key_sign_answer (&f->key, f->kept, request_at (f, 1));
  check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  check_write (f, JN_ERROR_ANSWER_NOT_SIGNED);
}

static void
test_keys_pinned (Fixture *f, gconstpointer data)
{
  g_autofree char *text = bank_key_get_text (&f->key);
  g_autofree char *two = g_strconcat (text, ";", NULL);
  g_assert_false (jn_bank_set_keys (f->bank, "no key", TRUE));
  g_assert_true (jn_bank_set_keys (f->bank, two, TRUE));
  check_read (f, 0);
  check_read (f, 0);
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 0);
  f->signer = &f->next;
  script_bank_set_next (f->script, &f->next);
  check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 0);
}

/* The next key is announced, then used; one that was never announced is refused. */
static void
test_keys_rotate (Fixture *f, gconstpointer data)
{
  script_bank_set_next (f->script, &f->next);
  check_read (f, 0);
  g_assert_cmpuint (g_bytes_get_size (jn_bank_get_keys (f->bank)), ==, 64);
  BankKey old = f->key;
  f->key = f->next;
  script_bank_set_next (f->script, &f->other);
  check_read (f, 0);
  spin ();
  /* The list was asked for again, so that the one after that is known too; the old one is not believed any more. */
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 2);
  g_assert_cmpuint (f->keys_changed, ==, 2);
  f->signer = &old;
  check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  f->signer = &f->other;
  check_read (f, 0);
  BankKey stranger;
  bank_key_init (&stranger, 9);
  f->signer = &stranger;
  check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
}

/* Keys from the keyring are held against a fresh list once a run, and then every few hours; a list by a stranger changes nothing. */
static void
test_keys_kept (Fixture *f, gconstpointer data)
{
  g_autofree char *text = bank_key_get_text (&f->key);
  g_assert_true (jn_bank_set_keys (f->bank, text, FALSE));
  check_read (f, 0);
  spin ();
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 1);
  g_assert_cmpuint (f->keys_changed, ==, 0);
  check_read (f, 0);
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 1);
  jn_manual_clock_advance (JN_MANUAL_CLOCK (f->clock), 24 * 3600 * JN_SECOND);
  script_bank_set_next (f->script, &f->next);
  check_read (f, 0);
  spin ();
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 2);
  g_assert_cmpuint (f->keys_changed, ==, 1);

  jn_manual_clock_advance (JN_MANUAL_CLOCK (f->clock), 24 * 3600 * JN_SECOND);
  BankKey good = f->key;
  f->key = f->other;
  f->signer = &good;
  check_read (f, 0);
  spin ();
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 3);
  g_assert_cmpuint (f->keys_changed, ==, 1);
  f->signer = &f->other;
  check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
}

/* ---- keys that were slept through ---- */

#define SLEPT 5 /* the last of them is current, and one more is announced */

/* "key:state:next" by numbers of bank_key_init, next 0 for none; @keys become the list. */
static char *
make_chain (const char *keys)
{
  g_auto (GStrv) parts = g_strsplit (keys, " ", -1);
  GString *list = g_string_new ("{\"keys\":[");
  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint number = 0, after = 0;
      char letter = 0;
      BankKey key, next;
      g_assert_cmpint (sscanf (parts[i], "%u%c%u", &number, &letter, &after), ==, 3);
      bank_key_init (&key, (guint8) number);
      bank_key_init (&next, (guint8) after);
      g_autofree char *entry = bank_key_make_entry (&key,
                                                    letter == 'n'   ? "next"
                                                    : letter == 'c' ? "current"
                                                                    : "retired",
                                                    after != 0 ? &next : NULL);
      g_string_append_printf (list, "%s%s", i > 0 ? "," : "", entry);
    }
  g_string_append (list, "]}");
  return g_string_free (list, FALSE);
}

/* The wallet knows the keys 1 and 2; the bank signs with 5. */
static void
wake_up (Fixture *f)
{
  BankKey second;
  bank_key_init (&second, 2);
  bank_key_init (&f->key, 1);
  g_autofree char *one = bank_key_get_text (&f->key);
  g_autofree char *two = bank_key_get_text (&second);
  g_autofree char *text = g_strjoin (";", one, two, NULL);
  g_assert_true (jn_bank_set_keys (f->bank, text, FALSE));
  bank_key_init (&f->key, SLEPT);
}

/* The list leads from a key that the wallet knows to the one in use: the call that found out is made once more. */
static void
test_keys_slept_through (Fixture *f, gconstpointer data)
{
  static const char *const lists[] = {
    "6n0 5c6 4r5 3r4 2r3 1r2",
    /* The one that was announced, or the one that was in use, is enough. */
    "6n0 5c6 4r5 3r4 2r3",
    "6n0 5c6 4r5 1r4",
    "5c0 2r5",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *list = make_chain (lists[i]);
      guint before = script_bank_count (f->script, "/keys");
      wake_up (f);
      script_bank_set_list (f->script, list);
      check_read (f, 0);
      g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, before + 1);
      check_read (f, 0);
      g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, before + 1);
    }
  /* A write too, under the key that it had. */
  g_autofree char *list = make_chain (lists[0]);
  wake_up (f);
  script_bank_set_list (f->script, list);
  f->body = "{\"intentId\":\"00000000000000000000000000\"}";
  check_write (f, JN_ERROR_ANSWER_INVALID);
  GPtrArray *requests = script_bank_get_requests (f->script);
  const JnRequest *first = request_at (f, requests->len - 3);
  const JnRequest *second = request_at (f, requests->len - 1);
  g_assert_cmpstr (jn_request_get_header (first, "Idempotency-Key"), ==,
                   jn_request_get_header (second, "Idempotency-Key"));
  g_assert_true (bank_key_request_is_signed (second, NULL));
}

static void
check_distrust (Fixture *f, const char *list)
{
  guint changed;
  wake_up (f);
  g_autoptr (GBytes) before = g_bytes_ref (jn_bank_get_keys (f->bank));
  changed = f->keys_changed;
  script_bank_set_list (f->script, list);
  check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  check_write (f, JN_ERROR_ANSWER_NOT_SIGNED);
  g_assert_true (g_bytes_equal (before, jn_bank_get_keys (f->bank)));
  g_assert_cmpuint (f->keys_changed, ==, changed);
}

static void
test_keys_hostile (Fixture *f, gconstpointer data)
{
  static const char *const lists[] = {
    "6n0 5c6 4r5 3r4",             /* none that we know */
    "5c0",                         /* as from a bank of before */
    "6n0 5c6 4r0 3r4 2r3 1r2",     /* 4 says nothing */
    "6n0 5c6 4r9 3r4 2r3 1r2",     /* 4 says that 9 comes after it */
    "6n0 5c6 3r4 2r3 1r2",         /* a step is left out */
    "6n0 5c6 4r5 3r4 2r9 1r2",     /* what 1 says does not help: 2 is the younger one */
    "6n0 5c6 2r1 1r2 2r5",         /* a loop */
    "5c2 2r5 1r2 5r2",             /* the current one is retired as well */
    "6n0 5c6 4r5 2r4 3r4 2r3 1r2", /* a fork: 2 has two heirs */
    "5c6 9c5 4r5 2r4",             /* two are current */
    "4r5 5c6 2r5 1r2",             /* out of order */
    "5c6 6n0 2r5",
    "6n0 5r6 4r5 2r4", /* none is current */
    "6n0 9c6 2r9",     /* whole, but it is not 9 who signs */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *list = make_chain (lists[i]);
      check_distrust (f, list);
    }
  /* One bit of what a key says. */
  g_autofree char *good = make_chain ("6n0 5c6 2r5");
  char *at = g_strrstr (good, "succession\":\"") + strlen ("succession\":\"") + 20;
  *at = *at == 'A' ? 'B' : 'A';
  check_distrust (f, good);
  check_distrust (f, "{\"keys\":[{\"publicKey\":\"\",\"state\":\"current\"}]}");
  check_distrust (f, "{\"keys\":{}}");
  check_distrust (f, "nothing");
}

/* A whole chain of @n keys from one that the wallet knows to the current one. */
static char *
make_long_chain (guint n)
{
  GString *list = g_string_new ("{\"keys\":[");
  BankKey key, next;
  for (guint i = 0; i < n; i++)
    {
      guint8 seed[crypto_sign_SEEDBYTES] = { (guint8) (i >> 8), (guint8) i, 77 };
      if (i == 0)
        bank_key_init (&key, SLEPT);
      else if (i == n - 1)
        bank_key_init (&key, 1);
      else
        crypto_sign_seed_keypair (key.public_key, key.secret_key, seed);
      g_autofree char *entry =
          bank_key_make_entry (&key, i == 0 ? "current" : "retired", i == 0 ? NULL : &next);
      g_string_append_printf (list, "%s%s", i > 0 ? "," : "", entry);
      next = key;
    }
  g_string_append (list, "]}");
  return g_string_free (list, FALSE);
}

/* A list may be long, but not endless. */
static void
test_keys_endless (Fixture *f, gconstpointer data)
{
  g_autofree char *longest = make_long_chain (JN_BANK_MAX_LISTED);
  g_autofree char *longer = make_long_chain (JN_BANK_MAX_LISTED + 1);
  g_autofree char *endless = make_long_chain (10000);
  check_distrust (f, longer);
  check_distrust (f, endless);
  wake_up (f);
  script_bank_set_list (f->script, longest);
  check_read (f, 0);
}

/* Pinned keys have no heirs. */
static void
test_keys_pinned_slept (Fixture *f, gconstpointer data)
{
  g_autofree char *text = bank_key_get_text (&f->key);
  g_autofree char *list = make_chain ("6n0 5c6 1r5");
  BankKey today;
  bank_key_init (&today, SLEPT);
  g_assert_true (jn_bank_set_keys (f->bank, text, TRUE));
  f->signer = &today;
  script_bank_set_list (f->script, list);
  check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 0);
}

/* ---- what a front end answers by itself ---- */

static void
test_front_end (Fixture *f, gconstpointer data)
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
  check_read (f, 0);
  f->signer = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      f->status = cases[i].status;
      f->header = cases[i].header;
      f->value = cases[i].value;
      check_read (f, cases[i].read);
      check_write (f, cases[i].write);
      /* What a write may have done is never told to be nothing. */
      g_assert_cmpint (jn_error_code_get_class (cases[i].write), ==, JN_ERROR_CLASS_UNKNOWN);
    }
}

/* Without the bank's keys nothing goes out, and whoever wanted to pay hears that. */
static void
test_no_keys (Fixture *f, gconstpointer data)
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
      check_read (f, cases[i].read);
      check_write (f, cases[i].write);
    }
  g_assert_cmpuint (script_bank_count (f->script, "/offers"), ==, 0);
  g_assert_cmpuint (script_bank_count (f->script, "/settlement"), ==, 0);
  f->fail = 0;
  script_bank_fail_keys (f->script, 0);
  check_read (f, 0);
}

/* Whoever gives up waiting for the keys hears it at once. */
static void
test_cancelled_without_keys (Fixture *f, gconstpointer data)
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
  check_read (f, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
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
  ADD ("/bank/door/keys-slept-through", test_keys_slept_through);
  ADD ("/bank/door/keys-hostile", test_keys_hostile);
  ADD ("/bank/door/keys-endless", test_keys_endless);
  ADD ("/bank/door/keys-pinned-slept", test_keys_pinned_slept);
  ADD ("/bank/door/front-end", test_front_end);
  ADD ("/bank/door/no-keys", test_no_keys);
  ADD ("/bank/door/cancelled-without-keys", test_cancelled_without_keys);
  return g_test_run ();
}
