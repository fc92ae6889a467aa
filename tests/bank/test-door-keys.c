/* A wallet that was away while its bank's keys changed: it finds its way from a key that it knows, and believes nothing else. */
#include "door.h"

#include "jn-bank-keys.h"
#include "jn-error.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

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
wake_up (Door *f)
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
test_keys_slept_through (Door *f, gconstpointer data)
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
      door_check_read (f, 0);
      g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, before + 1);
      door_check_read (f, 0);
      g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, before + 1);
    }
  /* A write too, under the key that it had. */
  g_autofree char *list = make_chain (lists[0]);
  wake_up (f);
  script_bank_set_list (f->script, list);
  f->body = "{\"intentId\":\"00000000000000000000000000\"}";
  door_check_write (f, JN_ERROR_ANSWER_INVALID);
  GPtrArray *requests = script_bank_get_requests (f->script);
  const JnRequest *first = door_request_at (f, requests->len - 3);
  const JnRequest *second = door_request_at (f, requests->len - 1);
  g_assert_cmpstr (jn_request_get_header (first, "Idempotency-Key"), ==,
                   jn_request_get_header (second, "Idempotency-Key"));
  g_assert_true (bank_key_request_is_signed (second, NULL));
}

/* What becomes of the second sending, from the moment on in which the keys are known. */
typedef struct
{
  Door *door;
  int fail;
  guint status;
  const char *body;
  gboolean forget;
} Second;

static void
on_learnt (JnBank *bank, const Second *second)
{
  second->door->fail = second->fail;
  second->door->status = second->status;
  second->door->body = second->body;
  if (second->forget)
    jn_bank_lose_keys (bank);
}

/* The first sending came to the bank and may have been done: that the second was not says nothing of it. */
static void
test_keys_second_fails (Door *f, gconstpointer data)
{
  static const struct
  {
    Second second;
    guint sent;
    int code;
  } cases[] = {
    { { .fail = JN_ERROR_OFFLINE }, 2, JN_ERROR_ANSWER_NOT_SIGNED },
    { { .fail = JN_ERROR_NOT_SENT }, 2, JN_ERROR_ANSWER_NOT_SIGNED },
    { { .fail = JN_ERROR_SENT_NO_ANSWER }, 2, JN_ERROR_SENT_NO_ANSWER },
    { { .status = 429, .body = "{}" }, 2, JN_ERROR_ANSWER_NOT_SIGNED },
    /* The bank says what the key was answered with before. */
    { { .status = 403, .body = "{\"reason\":\"PIN_WRONG\"}" }, 2, JN_ERROR_PIN_WRONG },
    /* There is no second. */
    { { .forget = TRUE }, 1, JN_ERROR_ANSWER_NOT_SIGNED },
  };
  g_autofree char *list = make_chain ("5c0 2r5");

  script_bank_set_list (f->script, list);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Second second = cases[i].second;
      second.door = f;
      wake_up (f);
      guint before = script_bank_count (f->script, "/settlement");
      gulong handler = g_signal_connect (f->bank, "keys-changed", G_CALLBACK (on_learnt), &second);
      door_check_write (f, cases[i].code);
      g_signal_handler_disconnect (f->bank, handler);
      g_assert_cmpuint (script_bank_count (f->script, "/settlement"), ==, before + cases[i].sent);
      on_learnt (f->bank, &(Second){ .door = f, .status = 200, .body = "{\"ok\":true}" });
    }
  /* Of a read the last error is the whole truth. */
  Second second = { .door = f, .fail = JN_ERROR_OFFLINE };
  wake_up (f);
  gulong handler = g_signal_connect (f->bank, "keys-changed", G_CALLBACK (on_learnt), &second);
  door_check_read (f, JN_ERROR_OFFLINE);
  g_signal_handler_disconnect (f->bank, handler);
}

static void
check_distrust (Door *f, const char *list)
{
  guint changed;
  wake_up (f);
  g_autoptr (GBytes) before = g_bytes_ref (jn_bank_get_keys (f->bank));
  changed = f->keys_changed;
  script_bank_set_list (f->script, list);
  door_check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  door_check_write (f, JN_ERROR_ANSWER_NOT_SIGNED);
  g_assert_true (g_bytes_equal (before, jn_bank_get_keys (f->bank)));
  g_assert_cmpuint (f->keys_changed, ==, changed);
}

static void
test_keys_hostile (Door *f, gconstpointer data)
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
test_keys_endless (Door *f, gconstpointer data)
{
  g_autofree char *longest = make_long_chain (JN_BANK_MAX_LISTED);
  g_autofree char *longer = make_long_chain (JN_BANK_MAX_LISTED + 1);
  g_autofree char *endless = make_long_chain (10000);
  check_distrust (f, longer);
  check_distrust (f, endless);
  wake_up (f);
  script_bank_set_list (f->script, longest);
  door_check_read (f, 0);
}

/* Pinned keys have no heirs. */
static void
test_keys_pinned_slept (Door *f, gconstpointer data)
{
  g_autofree char *text = bank_key_get_text (&f->key);
  g_autofree char *list = make_chain ("6n0 5c6 1r5");
  BankKey today;
  bank_key_init (&today, SLEPT);
  g_assert_true (jn_bank_set_keys (f->bank, text, TRUE));
  f->signer = &today;
  script_bank_set_list (f->script, list);
  door_check_read (f, JN_ERROR_ANSWER_NOT_SIGNED);
  g_assert_cmpuint (script_bank_count (f->script, "/keys"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Door, NULL, door_set_up, function, door_tear_down)
  ADD ("/bank/door/keys-slept-through", test_keys_slept_through);
  ADD ("/bank/door/keys-second-fails", test_keys_second_fails);
  ADD ("/bank/door/keys-hostile", test_keys_hostile);
  ADD ("/bank/door/keys-endless", test_keys_endless);
  ADD ("/bank/door/keys-pinned-slept", test_keys_pinned_slept);
  return g_test_run ();
}
