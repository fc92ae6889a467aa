#include "mock-answer.h"

#include "jn-json.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define ID "01M811CBTBFX60KVJ2QW16XC4V"
#define CHAIN "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

const char *
mock_answer_choose (const char *method, const char *path, const char *body)
{
  if (!g_str_equal (method, "PUT") || strstr (path, "/authorisations/") == NULL || body == NULL)
    return NULL;
  if (strstr (body, "psuData") != NULL)
    return "Update PSU authentication - payment pnitiation (Embedded Approach)";
  if (strstr (body, "authenticationMethodId") != NULL)
    return "Select PSU authentication - payment initiation method (Embedded Approach)";
  return "Transaction authorisation (Embedded Approach)";
}

static JsonNode *
parse (const char *text)
{
  GError *error = NULL;
  JsonNode *node = json_from_string (text, &error);
  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

/* Sets the members of @text's object in @object. */
static void
merge (JsonObject *object, const char *text)
{
  g_autoptr (JsonNode) node = parse (text);
  g_autoptr (GList) names = json_object_get_members (json_node_get_object (node));

  for (GList *name = names; name != NULL; name = name->next)
    json_object_set_member (
        object, name->data,
        json_node_copy (json_object_get_member (json_node_get_object (node), name->data)));
}

static const char BALANCES[] =
    "{\"balances\":["
    "{\"balanceType\":\"expected\",\"balanceAmount\":{\"currency\":\"EUR\",\"amount\":\"1\"}},"
    "{\"balanceType\":\"interimAvailable\",\"balanceAmount\":{\"currency\":\"CNY\",\"amount\":\"900"
    ".00\"}},"
    "{\"balanceType\":\"interimBooked\",\"balanceAmount\":{\"currency\":\"CNY\",\"amount\":\"1000.0"
    "\"}}]}";

static void
complete_account (JsonArray *array, guint index, JsonNode *node, gpointer data)
{
  JsonObject *account = json_node_get_object (node);
  merge (account, "{\"bban\":\"6299880000000000042\",\"ownerName\":\"王小明\"}");
  merge (account, BALANCES);
}

/* Ids and numbers as our bank gives them; names, amounts, dates and texts stay the mock's. */
static void
complete_entry (JsonArray *array, guint index, JsonNode *node, gpointer pending)
{
  JsonObject *entry = json_node_get_object (node);
  g_autofree char *text = g_strdup_printf (
      "{\"transactionId\":\"01M811CBTBFX60KVJ2QW16XC%c%c\",\"entryReference\":\"%u\","
      "\"wallet\":{\"occurredAt\":\"2026-11-22T02:41:00Z\",\"category\":\"a new one\",\"kind\":"
      "\"%s\",\"chain\":\"" CHAIN "\"},\"balanceAfterTransaction\":{\"balanceType\":"
      "\"interimBooked\",\"balanceAmount\":{\"currency\":\"EUR\",\"amount\":\"10.00\"}}}",
      pending != NULL ? 'P' : 'B', 'A' + (int) (index % 8), index + 1,
      pending != NULL ? "hold" : "transfer");
  merge (entry, text);
}

static void
for_each (JsonObject *object, const char *name, JsonArrayForeach func, gpointer data)
{
  if (json_object_has_member (object, name))
    json_array_foreach_element (json_object_get_array_member (object, name), func, data);
}

static void
complete_feed (JsonObject *root)
{
  JsonObject *transactions = json_object_get_object_member (root, "transactions");
  for_each (transactions, "booked", complete_entry, NULL);
  for_each (transactions, "pending", complete_entry, (gpointer) "pending");
  merge (root, BALANCES);
  /* Its signature is the sync's to check. */
  merge (root, "{\"head\":{\"entryReference\":\"2\",\"chain\":\"" CHAIN "\",\"signature\":"
               "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
               "AAAAAAAAAA==\"}}");
}

static const char *
member (JsonNode *request, const char *object, const char *name)
{
  JsonObject *root = json_node_get_object (request);
  if (object != NULL)
    root = json_object_get_object_member (root, object);
  return json_object_get_string_member (root, name);
}

/* The order that the request asks for, with its digest. */
static void
complete_order (JsonObject *root, const char *path, const char *request_body)
{
  g_autoptr (JsonNode) request = parse (request_body);
  const char *amount = member (request, "instructedAmount", "amount");
  g_autofree char *order = g_strdup_printf (
      "{\"intentId\":\"%s\",\"paymentId\":\"%s\",\"product\":\"%s\",\"payee\":{\"name\":\"%s\","
      "\"account\":\"%s\",\"verified\":true},\"original\":{\"currency\":\"CNY\",\"amount\":\"%s\"},"
      "\"discount\":{\"currency\":\"CNY\",\"amount\":\"0.00\"},\"fee\":{\"currency\":\"CNY\","
      "\"amount\":\"0.00\"},\"total\":{\"currency\":\"CNY\",\"amount\":\"%s\"},\"category\":"
      "\"dining\",\"pointsEarned\":0,\"expiresAt\":\"2036-11-22T02:41:00Z\"}",
      member (request, NULL, "endToEndIdentification"),
      json_object_get_string_member (root, "paymentId"), strrchr (path, '/') + 1,
      member (request, NULL, "creditorName"), member (request, "creditorAccount", "bban"), amount,
      amount);
  g_autoptr (JnJsonDoc) doc = jn_json_parse (order, strlen (order), NULL);
  g_autofree char *canonical = jn_json_canonical (jn_json_doc_root (doc), NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, canonical, -1);
  g_autofree char *text =
      g_strdup_printf ("{\"order\":%s,\"orderDigest\":\"%s\",\"requiresSms\":true}", order, digest);
  merge (root, text);
}

static void
complete_object (const char *method, const char *path, const char *request_body, JsonObject *root)
{
  if (g_str_has_prefix (path, "/psd2/v1/accounts"))
    {
      for_each (root, "accounts", complete_account, NULL);
      if (json_object_has_member (root, "transactions"))
        complete_feed (root);
    }
  else if (g_str_has_prefix (path, "/psd2/v1/payments/") && g_str_equal (method, "POST")
           && strstr (path, "/authorisations") == NULL)
    complete_order (root, path, request_body);
  else if (g_str_equal (method, "PUT") && strstr (path, "/authorisations/") != NULL
           && strstr (request_body, "scaAuthenticationData") != NULL)
    merge (root, "{\"transactionStatus\":\"ACSC\",\"transactionId\":\"" ID "\"}");
  else if (g_str_has_prefix (path, "/wallet/v1/intents/"))
    {
      g_autofree char *id = g_strndup (path + strlen ("/wallet/v1/intents/"), strlen (ID));
      g_autofree char *text = g_strdup_printf ("{\"intentId\":\"%s\"}", id);
      merge (root, text);
    }
}

char *
mock_answer_complete (const char *method, const char *path, const char *request_body,
                      const char *body)
{
  g_autoptr (JsonNode) node = parse (body);
  JsonObject *root = json_node_get_object (node);

  complete_object (method, path, request_body, root);
  merge (root, "{\"aMemberOfTomorrow\":{\"list\":[1,null,true,\"x\"]},\"another\":null}");
  return json_to_string (node, FALSE);
}
