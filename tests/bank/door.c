#include "door.h"

#include "jn-error.h"
#include "wait.h"

#include <string.h>

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
  Door *f = data;
  if (f->fail != 0 && f->counters_used == 0)
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

void
door_set_up (Door *f, gconstpointer data)
{
  g_autoptr (JnSecret) secret = jn_secret_new ("sessionsecret", 13);
  bank_key_init (&f->key, 1);
  bank_key_init (&f->next, 2);
  bank_key_init (&f->other, 3);
  f->script = script_bank_new (&f->key, make_answer, f);
  f->clock = JN_CLOCK (jn_manual_clock_new (DOOR_START * JN_SECOND));
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

void
door_tear_down (Door *f, gconstpointer data)
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
read_once (Door *f, GError **error)
{
  Wait wait = { 0 };
  jn_bank_get_async (f->bank, "/wallet/v1/offers?a=b", NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  g_autoptr (JnBankDocument) document = jn_bank_get_finish (f->bank, result, error);
  return document != NULL;
}

static gboolean
write_once (Door *f, GError **error)
{
  Wait wait = { 0 };
  JnId intent = { { 7 } };
  JnWireIntent out;
  jn_bank_settle_async (f->bank, &intent, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_settle_finish (f->bank, result, &out, error);
}

void
door_check_read (Door *f, int code)
{
  g_autoptr (GError) error = NULL;
  gboolean done = read_once (f, &error);
  if (code == 0)
    g_assert_no_error (error);
  else
    g_assert_cmpstr (jn_error_code_get_name (error->code), ==, jn_error_code_get_name (code));
  g_assert_cmpint (done, ==, code == 0);
}

void
door_check_write (Door *f, int code)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (write_once (f, &error));
  g_assert_cmpstr (jn_error_code_get_name (error->code), ==, jn_error_code_get_name (code));
}

const JnRequest *
door_request_at (Door *f, guint i)
{
  GPtrArray *requests = script_bank_get_requests (f->script);
  g_assert_cmpuint (i, <, requests->len);
  return g_ptr_array_index (requests, i);
}
