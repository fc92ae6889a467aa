/* Whatever a bank may send, through each of the client's readers of messages: documents, event streams, signature fields, lists of keys. None
 * may crash, leak or loop; a canonical form is its own canonical form; a stream reads the same whole and in single bytes. */
#include "jn-bank-keys.h"
#include "jn-error.h"
#include "jn-feed-chain.h"
#include "jn-http-signature.h"
#include "jn-sse.h"
#include "jn-wire.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* ---- documents ---- */

#define DROP(type, function, free_func)                                                            \
  do                                                                                               \
    {                                                                                              \
      g_autoptr (GError) error = NULL;                                                             \
      type *value = function (root, &error);                                                       \
      if ((value == NULL) != (error != NULL))                                                      \
        abort ();                                                                                  \
      if (value != NULL)                                                                           \
        free_func (value);                                                                         \
    }                                                                                              \
  while (0)

static void
read_all (JnJson *root)
{
  DROP (GPtrArray, jn_wire_read_accounts, g_ptr_array_unref);
  DROP (JnWireFeedPage, jn_wire_read_feed_page, jn_wire_feed_page_free);
  DROP (JnWireOrder, jn_wire_read_order, jn_wire_order_free);
  DROP (JnWireQr, jn_wire_read_qr, jn_wire_qr_free);
  DROP (JnWirePayeeCheck, jn_wire_read_payee_check, jn_wire_payee_check_free);
  DROP (JnWireProfile, jn_wire_read_profile, jn_wire_profile_free);
  DROP (GPtrArray, jn_wire_read_offers, g_ptr_array_unref);
  DROP (JnWirePoints, jn_wire_read_points, jn_wire_points_free);
  DROP (GPtrArray, jn_wire_read_messages, g_ptr_array_unref);
  DROP (GPtrArray, jn_wire_read_shops, g_ptr_array_unref);
  DROP (GBytes, jn_bank_keys_from_list, g_bytes_unref);
}

static void
check_canonical (JnJson *root)
{
  gsize length = 0, again_length = 0;
  JnFeedHead head;
  g_autofree char *text = jn_json_canonical (root, &length);

  if (text != NULL)
    {
      g_autoptr (JnJsonDoc) doc = jn_json_parse (text, length, NULL);
      g_autofree char *again =
          doc != NULL ? jn_json_canonical (jn_json_doc_root (doc), &again_length) : NULL;
      if (again == NULL || again_length != length || memcmp (text, again, length) != 0)
        abort ();
    }
  jn_feed_head_start (&head, "6222");
  if (jn_feed_head_step (&head, root) != (head.sequence == 1))
    abort ();
}

/* Read in parts a document is accepted and refused as it is as a whole, and has as many entries. */
static void
check_parts (const char *text, gsize length, JnJson *root)
{
  static const char path[] = "transactions/booked";
  g_autoptr (JnJsonParts) parts = jn_json_parts_new (text, length, path, NULL);
  g_autoptr (JnJsonDoc) rest = parts != NULL ? jn_json_parts_read_rest (parts, NULL) : NULL;
  JnJson *list = jn_json_path (root, path);
  JnJsonDoc *some;
  guint n = 0;

  if ((root == NULL) != (rest == NULL))
    abort ();
  if (rest == NULL)
    return;
  while ((some = jn_json_parts_read_next (parts, 3, NULL)) != NULL)
    {
      n += jn_json_length (jn_json_doc_root (some));
      jn_json_doc_free (some);
    }
  if (n != jn_json_length (list))
    abort ();
}

static void
try_document (const char *text, gsize length)
{
  g_autoptr (JnJsonDoc) doc = jn_json_parse (text, length, NULL);

  check_parts (text, length, jn_json_doc_root (doc));
  if (doc == NULL)
    return;
  read_all (jn_json_doc_root (doc));
  check_canonical (jn_json_doc_root (doc));
}

/* ---- event streams ---- */

static void
on_event (gpointer user_data, guint64 id, const char *kind, const char *data)
{
  g_string_append_printf (user_data, "%" G_GUINT64_FORMAT " %s %s\n", id, kind, data);
}

static void
try_stream (const char *text, gsize length)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) single = g_string_new (NULL);
  g_autoptr (JnSse) a = jn_sse_new (on_event, whole);
  g_autoptr (JnSse) b = jn_sse_new (on_event, single);
  gboolean good = jn_sse_feed (a, text, length, NULL), same = TRUE;

  for (gsize i = 0; i < length && same; i++)
    same = jn_sse_feed (b, text + i, 1, NULL);
  if (good != same || !g_string_equal (whole, single))
    abort ();
}

/* ---- signature fields ---- */

typedef struct
{
  char *input, *signature;
} Fields;

static const char *
get_field (gconstpointer data, const char *name)
{
  const Fields *fields = data;
  if (g_str_equal (name, "signature-input"))
    return fields->input;
  return g_str_equal (name, "signature") ? fields->signature : NULL;
}

/* Two fields with a line feed between them. */
static void
try_signature (const char *text, gsize length)
{
  g_autofree char *copy = g_strndup (text, length);
  g_auto (GStrv) parts = g_strsplit (copy, "\n", 2);
  Fields fields = { parts[0], parts[0] != NULL ? parts[1] : NULL };
  JnHttpMessage request = { "GET", "/a?b", NULL, 0, get_field, &fields };
  JnHttpMessage answer = { NULL, NULL, NULL, 200, get_field, &fields };
  guint8 key[JN_HTTP_KEY_BYTES] = { 1 };
  guint64 counter = 0;

  jn_http_signature_read (&request, NULL, NULL);
  /* Nobody signs by chance. */
  if (jn_http_signature_check (&answer, &request, key, 1, NULL) == JN_HTTP_SIGNATURE_GOOD)
    abort ();
  jn_content_digest_check (copy, "x", 1);
  jn_http_counter_parse (copy, &counter);
  g_autoptr (GBytes) keys = jn_bank_keys_from_text (copy);
  g_autofree char *written = keys != NULL ? jn_bank_keys_to_text (keys) : NULL;
  if (written != NULL && !g_str_has_prefix (copy, written))
    abort ();
  g_autoptr (GPtrArray) members = jn_field_parse_dictionary (copy);
  for (guint i = 0; members != NULL && i < members->len; i++)
    {
      const JnFieldItem *item = g_ptr_array_index (members, i);
      g_autoptr (GString) out = g_string_new ("a=");
      jn_field_write (out, item);
      g_autoptr (GPtrArray) again = jn_field_parse_dictionary (out->str);
      if (again == NULL || again->len != 1)
        abort ();
      jn_http_base_free (jn_http_signature_base (&answer, &request, item));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size == 0 || sodium_init () < 0)
    return 0;
  const char *text = (const char *) data + 1;
  switch (data[0] % 3)
    {
    case 0:
      try_document (text, size - 1);
      break;
    case 1:
      try_stream (text, size - 1);
      break;
    default:
      try_signature (text, size - 1);
      break;
    }
  return 0;
}
