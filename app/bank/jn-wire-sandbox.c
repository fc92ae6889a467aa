/* What only the sandbox bank has: the test phone's messages and the shops. */
#include "jn-wire-read.h"

#include <string.h>

static void
sms_free (gpointer data)
{
  JnWireSms *sms = data;
  if (sms == NULL)
    return;
  g_free (sms->code);
  g_free (sms->payee_name);
  g_free (sms);
}

static gpointer
read_sms (JnWireReader *reader, JnJson *json)
{
  static const char *const kinds[] = { "enrolmentCode", "paymentCode", NULL };
  JnWireSms *sms = g_new0 (JnWireSms, 1);

  sms->sequence =
      (guint64) jn_wire_take_integer (reader, json, "sequence", 1, G_MAXINT32, JN_WIRE_REQUIRED);
  sms->sent_at = jn_wire_take_instant (reader, json, "sentAt", JN_WIRE_REQUIRED);
  sms->is_payment = jn_wire_take_choice (reader, json, "kind", kinds) == 1;
  sms->code = jn_wire_take_token (reader, json, "code", JN_WIRE_REQUIRED);
  sms->amount = jn_wire_take_money (reader, json, "amount", JN_WIRE_OPTIONAL);
  sms->payee_name = jn_wire_take_name (reader, json, "payeeName", JN_WIRE_OPTIONAL);
  return sms;
}

GPtrArray *
jn_wire_read_messages (JnJson *json, GError **error)
{
  JnWireReader reader = { NULL };
  g_autoptr (GPtrArray) messages =
      jn_wire_take_list (&reader, json, "messages", read_sms, sms_free);
  return jn_wire_reader_end (&reader, error) ? g_steal_pointer (&messages) : NULL;
}

static void
shop_free (gpointer data)
{
  JnWireShop *shop = data;
  if (shop == NULL)
    return;
  g_free (shop->shop_id);
  g_free (shop->name);
  g_free (shop->branch);
  g_free (shop->payload);
  g_free (shop);
}

/* A code's text is checked by its own parser; here only that it can be one (EMVCo: at most 512 bytes). */
static char *
take_payload (JnWireReader *reader, JnJson *json)
{
  const char *text = jn_json_string (jn_json_get (json, "payload"));
  if (text != NULL && strlen (text) >= 4 && strlen (text) <= 512)
    return g_strdup (text);
  jn_wire_reader_fail (reader, "payload");
  return NULL;
}

static gpointer
read_shop (JnWireReader *reader, JnJson *json)
{
  JnWireShop *shop = g_new0 (JnWireShop, 1);
  shop->shop_id = jn_wire_take_path_id (reader, json, "shopId");
  shop->name = jn_wire_take_name (reader, json, "name", JN_WIRE_REQUIRED);
  shop->branch = jn_wire_take_name (reader, json, "branch", JN_WIRE_OPTIONAL);
  shop->payload = take_payload (reader, json);
  shop->category = jn_wire_take_category (reader, json, "category", JN_WIRE_REQUIRED);
  shop->amount = jn_wire_take_money (reader, json, "amount", JN_WIRE_OPTIONAL);
  return shop;
}

GPtrArray *
jn_wire_read_shops (JnJson *json, GError **error)
{
  JnWireReader reader = { NULL };
  g_autoptr (GPtrArray) shops = jn_wire_take_list (&reader, json, "shops", read_shop, shop_free);
  return jn_wire_reader_end (&reader, error) ? g_steal_pointer (&shops) : NULL;
}
