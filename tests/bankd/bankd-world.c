#include "bankd-world.h"

#include <string.h>

#include "bankd-ask.h"
#include "bankd-wire.h"

static World *
open_world (const JnBankdCoreOptions *given, const char *now)
{
  World *self = g_new0 (World, 1);
  g_autoptr (GError) error = NULL;
  JnBankdCoreOptions options = *given;
  JnInstant instant;

  g_assert_true (jn_instant_from_string (now, &instant));
  self->clock = jn_manual_clock_new (instant);
  options.clock = JN_CLOCK (self->clock);
  self->core = jn_bankd_core_open (&options, &error);
  g_assert_no_error (error);
  signer_init (&self->signer, NULL);
  return self;
}

World *
world_new_at (const char *folder, const char *now, guint64 seed)
{
  const JnBankdCoreOptions options = { .folder = folder, .seed = seed };

  return open_world (&options, now);
}

World *
world_new_threaded (const char *folder, guint threads)
{
  const JnBankdCoreOptions options = { .folder = folder, .threads = threads };

  return open_world (&options, WORLD_NOW);
}

World *
world_new (const char *folder)
{
  return world_new_at (folder, WORLD_NOW, 0);
}

World *
world_new_remote (const char *address)
{
  World *self = g_new0 (World, 1);

  g_assert_cmpint (sodium_init (), >=, 0);
  self->address = g_strdup (address);
  self->clock = jn_manual_clock_new (g_get_real_time ());
  signer_init (&self->signer, NULL);
  return self;
}

void
world_free (World *self)
{
  g_autoptr (GError) error = NULL;

  /* Whatever a test did, the book must balance at its end. */
  if (self->core != NULL)
    jn_bankd_book_verify (self->core, &error);
  g_assert_no_error (error);
  jn_bankd_core_close (self->core);
  g_clear_pointer (&self->keys, g_byte_array_unref);
  g_free (self->address);
  g_object_unref (self->clock);
  g_free (self->authorization);
  g_free (self->consent);
  g_free (self->bban);
  g_free (self->account);
  g_free (self);
}

void
reply_free (Reply *reply)
{
  g_clear_pointer (&reply->doc, jn_json_doc_free);
  g_clear_pointer (&reply->fields, g_hash_table_unref);
  g_free (reply->text);
  g_free (reply);
}

char *
world_make_id (World *self)
{
  g_autoptr (JnEntropy) entropy = jn_system_entropy_new ();
  JnId id = jn_id_make (JN_CLOCK (self->clock), entropy);

  return jn_id_to_string (&id);
}

void
reply_parse (Reply *reply, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;

  reply->text = g_strndup (text, length);
  reply->doc = jn_json_parse (text, length, &error);
  g_assert_no_error (error);
  reply->json = jn_json_doc_root (reply->doc);
}

static Reply *
call_remote (World *self, const char *method, const char *target, GHashTable *fields,
             const char *body)
{
  g_autoptr (WireReply) wire = wire_send_fields (self->address, method, target, fields, body);
  Reply *reply = g_new0 (Reply, 1);

  reply->fields = wire_reply_fields (wire);
  if (wire->status == 0 || !wire->whole)
    return reply;
  reply->status = wire->status;
  if (wire->body[0] != '\0')
    reply_parse (reply, wire->body, strlen (wire->body));
  return reply;
}

static Reply *
call_here (World *self, const char *method, const char *target, GHashTable *fields,
           const char *body)
{
  g_autoptr (Ask) ask = ask_new (self, method, target, fields, body);

  return ask_finish (ask);
}

GHashTable *
world_fields (World *self, const char *key)
{
  GHashTable *fields = fields_new ();
  g_autofree char *made = key == NULL ? world_make_id (self) : NULL;
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", key != NULL ? key : made);
  g_autofree char *request_id = g_uuid_string_random ();

  fields_set (fields, "x-request-id", request_id);
  fields_set (fields, "content-type", "application/json");
  fields_set (fields, "idempotency-key", quoted);
  fields_set (fields, "psu-ip-address", "127.0.0.1");
  if (self->consent != NULL)
    {
      fields_set (fields, "authorization", self->authorization);
      fields_set (fields, "consent-id", self->consent);
    }
  return fields;
}

Reply *
world_send (World *self, const char *method, const char *target, GHashTable *fields,
            const char *body)
{
  Reply *reply = self->core != NULL ? call_here (self, method, target, fields, body)
                                    : call_remote (self, method, target, fields, body);

  reply->replayed = g_hash_table_contains (reply->fields, "idempotency-replayed");
  reply->committed = g_hash_table_contains (reply->fields, "server-timing");
  return reply;
}

static void
learn_keys (World *self)
{
  g_autoptr (GHashTable) fields = world_fields (self, NULL);
  g_autoptr (Reply) reply = world_send (self, "GET", "/wallet/v1/keys", fields, NULL);

  if (reply->status == 0)
    return;
  g_assert_cmpuint (reply->status, ==, 200);
  self->keys = read_keys (reply->text);
}

Reply *
world_call (World *self, const char *method, const char *target, const char *key, const char *body)
{
  g_autoptr (GHashTable) fields = world_fields (self, key);
  Reply *reply;

  if (self->keys == NULL)
    learn_keys (self);
  signer_sign (&self->signer, method, target, fields, body);
  if (self->on_request != NULL)
    self->on_request (self->on_request_data, method, target, fields, body);
  reply = world_send (self, method, target, fields, body);
  /* Whatever a test asks, the bank has signed what it says. */
  if (reply->status != 0)
    g_assert_true (answer_is_signed (self->keys->data, self->keys->len / JN_HTTP_KEY_BYTES, method,
                                     target, fields, reply->status, reply->fields, reply->text,
                                     reply->text != NULL ? strlen (reply->text) : 0));
  return reply;
}

const char *
reply_string (Reply *reply, const char *path)
{
  return jn_json_string (jn_json_path (reply->json, path));
}

gint64
reply_amount (Reply *reply, const char *path)
{
  JnJson *json = jn_json_path (reply->json, path);
  JnMoney money = { 0 };

  g_assert_true (jn_money_from_wire (jn_json_string (jn_json_get (json, "amount")),
                                     jn_json_string (jn_json_get (json, "currency")), &money,
                                     NULL));
  return money.minor;
}

void
reply_assert (Reply *reply, guint status, const char *reason)
{
  if (reply->status != status)
    g_test_message ("answer: %s", reply->text != NULL ? reply->text : "(empty)");
  g_assert_cmpuint (reply->status, ==, status);
  if (reason != NULL)
    g_assert_cmpstr (reply_string (reply, "reason"), ==, reason);
}

char *
world_read_code (World *self)
{
  g_autoptr (Reply) reply =
      world_call (self, "GET", "/wallet/v1/test-phone/messages?after=0", NULL, NULL);
  JnJson *messages = jn_json_get (reply->json, "messages");

  g_assert_cmpuint (jn_json_length (messages), >, 0);
  return g_strdup (
      jn_json_string (jn_json_get (jn_json_at (messages, jn_json_length (messages) - 1), "code")));
}

static void
step (World *self, const char *enrolment, const char *name, const char *body)
{
  g_autofree char *path = g_strdup_printf ("/wallet/v1/enrolments/%s/%s", enrolment, name);
  g_autoptr (Reply) reply = world_call (self, "PUT", path, NULL, body);

  reply_assert (reply, 200, NULL);
}

char *
world_enrolment_body (World *self)
{
  g_autofree char *key = g_base64_encode (self->signer.public_key, sizeof self->signer.public_key);

  return g_strdup_printf ("{\"phone\":\"13800138000\",\"devicePublicKey\":\"%s\","
                          "\"deviceName\":\"%s\"}",
                          key, self->device_name != NULL ? self->device_name : "desk");
}

void
world_become (World *self, const World *other)
{
  self->signer = other->signer;
  g_free (self->authorization);
  g_free (self->consent);
  g_free (self->bban);
  g_free (self->account);
  self->authorization = g_strdup (other->authorization);
  self->consent = g_strdup (other->consent);
  self->bban = g_strdup (other->bban);
  self->account = g_strdup (other->account);
}

void
world_enrol (World *self)
{
  g_autofree char *body = world_enrolment_body (self);
  g_autofree char *code = NULL;
  g_autofree char *code_body = NULL;
  g_autofree char *enrolment = NULL;
  g_autofree char *finish = NULL;

  {
    g_autoptr (Reply) reply = world_call (self, "POST", "/wallet/v1/enrolments", NULL, body);

    reply_assert (reply, 201, NULL);
    enrolment = g_strdup (reply_string (reply, "enrolmentId"));
  }
  code = world_read_code (self);
  code_body = g_strdup_printf ("{\"code\":\"%s\"}", code);
  step (self, enrolment, "code", code_body);
  step (self, enrolment, "pin", "{\"pin\":\"" WORLD_PIN "\"}");
  step (self, enrolment, "identity", "{\"sample\":true}");
  step (self, enrolment, "card", "{\"sample\":true}");
  finish = g_strdup_printf ("/wallet/v1/enrolments/%s/finish", enrolment);
  {
    g_autoptr (Reply) reply = world_call (self, "POST", finish, NULL, "{}");

    reply_assert (reply, 201, NULL);
    g_free (self->authorization);
    g_free (self->consent);
    self->authorization = g_strdup_printf ("Bearer %s", reply_string (reply, "sessionSecret"));
    self->consent = g_strdup (reply_string (reply, "consentId"));
  }
  {
    g_autoptr (Reply) reply = world_call (self, "GET", "/psd2/v1/accounts", NULL, NULL);
    JnJson *account = jn_json_at (jn_json_get (reply->json, "accounts"), 0);

    g_free (self->bban);
    g_free (self->account);
    self->bban = g_strdup (jn_json_string (jn_json_get (account, "bban")));
    self->account = g_strdup (jn_json_string (jn_json_get (account, "resourceId")));
  }
}

char *
world_find_friend (World *self)
{
  g_autoptr (Reply) profile = world_call (self, "GET", "/wallet/v1/profile", NULL, NULL);
  JnJson *payees = jn_json_get (profile->json, "payees");

  for (guint i = 0; i < jn_json_length (payees); i++)
    if (g_strcmp0 (jn_json_string (jn_json_get (jn_json_at (payees, i), "name")), "李思雨") == 0)
      return g_strdup (jn_json_string (jn_json_get (jn_json_at (payees, i), "account")));
  return NULL;
}

char *
world_coffee_code (World *self)
{
  g_autoptr (Reply) shops = world_call (self, "GET", "/wallet/v1/sandbox/shops", NULL, NULL);
  JnJson *shop = jn_json_at (jn_json_get (shops->json, "shops"), 0);

  g_assert_cmpstr (jn_json_string (jn_json_get (shop, "name")), ==, "晨光咖啡");
  return g_strdup (jn_json_string (jn_json_get (shop, "payload")));
}

char *
world_coffee_body (World *self, const char *intent, const char *payload, const char *coupon)
{
  g_autofree char *fresh = payload == NULL ? world_coffee_code (self) : NULL;
  g_autofree char *ask =
      g_strdup_printf ("{\"payload\":\"%s\"}", payload != NULL ? payload : fresh);
  g_autoptr (Reply) resolved = world_call (self, "POST", "/wallet/v1/qr/resolve", NULL, ask);

  reply_assert (resolved, 200, NULL);
  return g_strdup_printf ("{\"endToEndIdentification\":\"%s\",\"debtorAccount\":{\"bban\":\"%s\"},"
                          "\"instructedAmount\":{\"currency\":\"CNY\",\"amount\":\"22.00\"},"
                          "\"creditorAccount\":{\"bban\":\"%s\"},\"creditorName\":\"晨光咖啡\","
                          "\"wallet\":{\"qrPayload\":\"%s\",\"coupon\":\"%s\"}}",
                          intent, self->bban, reply_string (resolved, "payee/account"),
                          payload != NULL ? payload : fresh, coupon);
}

char *
world_transfer_body (World *self, const char *intent, const char *amount, const char *bban,
                     const char *name)
{
  return g_strdup_printf ("{\"endToEndIdentification\":\"%s\",\"debtorAccount\":{\"bban\":\"%s\"},"
                          "\"instructedAmount\":{\"currency\":\"CNY\",\"amount\":\"%s\"},"
                          "\"creditorAccount\":{\"bban\":\"%s\"},\"creditorName\":\"%s\"}",
                          intent, self->bban, amount, bban, name);
}

char *
world_authorise (World *self, const char *product, Reply *payment)
{
  g_autofree char *path = g_strdup_printf ("/psd2/v1/payments/%s/%s/authorisations", product,
                                           reply_string (payment, "paymentId"));
  g_autoptr (Reply) reply = world_call (self, "POST", path, NULL, "{}");

  reply_assert (reply, 201, NULL);
  return g_strdup_printf ("%s/%s", path, reply_string (reply, "authorisationId"));
}

char *
world_proof (World *self, Reply *payment, const char *path, const char *pin)
{
  g_autofree char *message =
      g_strdup_printf ("%s:%s", reply_string (payment, "orderDigest"), strrchr (path, '/') + 1);
  guint8 signature[crypto_sign_BYTES];
  char text[sodium_base64_ENCODED_LEN (crypto_sign_BYTES, sodium_base64_VARIANT_ORIGINAL)];

  crypto_sign_detached (signature, NULL, (const guint8 *) message, strlen (message),
                        self->signer.secret_key);
  sodium_bin2base64 (text, sizeof text, signature, sizeof signature,
                     sodium_base64_VARIANT_ORIGINAL);
  return g_strdup_printf ("{\"psuData\":{\"password\":\"%s\"},\"deviceSignature\":\"%s\"}", pin,
                          text);
}

char *
world_buy_coffee (World *self)
{
  g_autofree char *intent = world_make_id (self);
  g_autofree char *body = world_coffee_body (self, intent, NULL, "best");
  g_autoptr (Reply) payment =
      world_call (self, "POST", "/psd2/v1/payments/qr-payments", intent, body);
  g_autofree char *path = NULL;
  g_autofree char *proof = NULL;
  g_autoptr (Reply) made = NULL;

  reply_assert (payment, 201, NULL);
  path = world_authorise (self, "qr-payments", payment);
  proof = world_proof (self, payment, path, WORLD_PIN);
  made = world_call (self, "PUT", path, NULL, proof);
  reply_assert (made, 200, NULL);
  g_assert_cmpstr (reply_string (made, "transactionStatus"), ==, "ACSC");
  return g_steal_pointer (&intent);
}
