#include <sodium.h>
#include <string.h>

#include "jn-check-digits.h"
#include "jn-bankd-handlers.h"
#include "jn-bankd-merchants.h"
#include "jn-bankd-pin.h"
#include "jn-bankd-sms.h"
#include "jn-text.h"

#define ENROLMENT_LIFETIME (30 * JN_MINUTE)
#define SESSION_LIFETIME (180 * JN_DAY) /* EU 2022/2360: consent for 180 days */
#define SAMPLE_PAN "6299010008712345"   /* made valid by its check digit */
#define SESSION_BYTES 32

typedef struct
{
  char *id, *phone, *code, *pin, *name, *resident_id, *pan, *device_name;
  guint8 device_key[crypto_sign_PUBLICKEYBYTES];
  JnInstant code_expires_at;
  gint64 code_tries;
  gboolean verified, finished;
} Enrolment;

static void
enrolment_clear (Enrolment *self)
{
  g_free (self->id);
  g_free (self->phone);
  g_free (self->code);
  g_free (self->pin);
  g_free (self->name);
  g_free (self->resident_id);
  g_free (self->pan);
  g_free (self->device_name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Enrolment, enrolment_clear)

static gboolean
load (JnBankdCall *call, Enrolment *self)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (
      call->core->db,
      "SELECT id, phone, code, pin, name, resident_id, pan, device_name, device_key,"
      " code_expires_at, code_tries, verified, finished FROM enrolment"
      " WHERE id = ? AND created_at > ?",
      "si", call->args[0], call->now - ENROLMENT_LIFETIME);

  if (!jn_bankd_db_step (call->core->db, stmt))
    {
      jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_INVALID);
      return FALSE;
    }
  self->id = g_strdup (jn_bankd_column (stmt, 0));
  self->phone = g_strdup (jn_bankd_column (stmt, 1));
  self->code = g_strdup (jn_bankd_column (stmt, 2));
  self->pin = g_strdup (jn_bankd_column (stmt, 3));
  self->name = g_strdup (jn_bankd_column (stmt, 4));
  self->resident_id = g_strdup (jn_bankd_column (stmt, 5));
  self->pan = g_strdup (jn_bankd_column (stmt, 6));
  self->device_name = g_strdup (jn_bankd_column (stmt, 7));
  if (sqlite3_column_bytes (stmt, 8) == (int) sizeof self->device_key)
    memcpy (self->device_key, sqlite3_column_blob (stmt, 8), sizeof self->device_key);
  self->code_expires_at = sqlite3_column_int64 (stmt, 9);
  self->code_tries = sqlite3_column_int64 (stmt, 10);
  self->verified = sqlite3_column_int (stmt, 11) != 0;
  self->finished = sqlite3_column_int (stmt, 12) != 0;
  jn_bankd_db_done (stmt);
  return TRUE;
}

static gboolean
phone_is_valid (const char *phone)
{
  return phone != NULL && strlen (phone) == 11 && phone[0] == '1'
         && strspn (phone, "0123456789") == 11;
}

/* A step after the code wants the phone verified and the enrolment unfinished. */
static gboolean
load_verified (JnBankdCall *call, Enrolment *self)
{
  if (!load (call, self))
    return FALSE;
  if (self->verified && !self->finished)
    return TRUE;
  jn_bankd_call_fail (call, 409, "STATUS_INVALID", JN_ERROR_CONFLICT);
  return FALSE;
}

static JnJsonWriter *
begin_state (const char *id, const char *state)
{
  JnJsonWriter *writer = jn_json_writer_new ();

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "enrolmentId", id);
  jn_json_writer_string (writer, "state", state);
  return writer;
}

static void
finish_state (JnBankdCall *call, guint status, JnJsonWriter *writer)
{
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, status, writer);
}

void
jn_bankd_handle_enrolment_start (JnBankdCall *call)
{
  const char *phone = jn_json_string (jn_json_get (call->body, "phone"));
  const char *key = jn_json_string (jn_json_get (call->body, "devicePublicKey"));
  const char *name = jn_json_string (jn_json_get (call->body, "deviceName"));
  guint8 bytes[crypto_sign_PUBLICKEYBYTES];
  gsize length = 0;
  g_autofree char *id = NULL;
  g_autofree char *code = NULL;
  g_autoptr (JnJsonWriter) writer = NULL;

  if (!jn_bankd_json_only (call->body, "phone devicePublicKey deviceName")
      || !phone_is_valid (phone) || key == NULL || name == NULL || !jn_text_is_name (name, 70)
      || sodium_base642bin (bytes, sizeof bytes, key, strlen (key), NULL, &length, NULL,
                            sodium_base64_VARIANT_ORIGINAL)
             != 0
      || length != sizeof bytes)
    {
      jn_bankd_call_malformed (call);
      return;
    }
  id = jn_bankd_core_make_id (call->core);
  code = jn_bankd_sms_make_code (call->core);
  jn_bankd_sms_send (call->core, "enrolmentCode", code, 0, NULL, call->now);
  jn_bankd_db_run (call->core->db,
                   "INSERT INTO enrolment (id, phone, device_key, device_name, created_at, code,"
                   " code_expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                   "ssbsisi", id, phone, bytes, sizeof bytes, name, call->now, code,
                   call->now + JN_BANKD_SMS_LIFETIME);
  writer = begin_state (id, "codeSent");
  jn_json_writer_integer (writer, "codeLength", JN_BANKD_SMS_DIGITS);
  jn_bankd_write_instant (writer, "expiresAt", call->now + JN_BANKD_SMS_LIFETIME);
  finish_state (call, 201, writer);
}

static void
count_code_try (JnBankdCall *call, const Enrolment *self)
{
  jn_bankd_db_run (call->core->db, "UPDATE enrolment SET code_tries = code_tries + 1 WHERE id = ?",
                   "s", self->id);
  jn_bankd_call_fail_tries (call, 400, "SCA_INVALID", JN_ERROR_SMS_WRONG,
                            (int) (JN_BANKD_SMS_TRIES - self->code_tries - 1));
}

void
jn_bankd_handle_enrolment_code (JnBankdCall *call)
{
  g_auto (Enrolment) self = { 0 };
  const char *code = jn_json_string (jn_json_get (call->body, "code"));
  g_autoptr (JnJsonWriter) writer = NULL;

  if (!jn_bankd_json_only (call->body, "code") || code == NULL)
    {
      jn_bankd_call_malformed (call);
      return;
    }
  if (!load (call, &self))
    return;
  if (self.verified)
    {
      jn_bankd_call_fail (call, 409, "STATUS_INVALID", JN_ERROR_CONFLICT);
      return;
    }
  if (self.code_expires_at <= call->now || self.code_tries >= JN_BANKD_SMS_TRIES)
    {
      jn_bankd_call_fail (call, 400, "SCA_INVALID", JN_ERROR_SMS_EXPIRED);
      return;
    }
  if (!jn_bankd_sms_code_equals (self.code, code))
    {
      count_code_try (call, &self);
      return;
    }
  jn_bankd_db_run (call->core->db, "UPDATE enrolment SET verified = 1 WHERE id = ?", "s", self.id);
  writer = begin_state (self.id, "phoneVerified");
  finish_state (call, 200, writer);
}

void
jn_bankd_handle_enrolment_pin (JnBankdCall *call)
{
  g_auto (Enrolment) self = { 0 };
  const char *pin = jn_json_string (jn_json_get (call->body, "pin"));
  g_autoptr (JnJsonWriter) writer = NULL;

  if (!jn_bankd_json_only (call->body, "pin") || !jn_bankd_pin_is_valid (pin))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  if (!load_verified (call, &self))
    return;
  if (jn_bankd_pin_is_weak (pin))
    {
      jn_bankd_call_fail (call, 400, "FORMAT_ERROR", JN_ERROR_PIN_WEAK);
      return;
    }
  if (call->job == NULL)
    {
      jn_bankd_call_hash (call, pin, NULL);
      return;
    }
  if (jn_bankd_job_get_state (call->job) != JN_BANKD_JOB_MADE)
    {
      jn_bankd_call_fail (call, 503, "INTERNAL_SERVER_ERROR", JN_ERROR_NO_MEMORY);
      return;
    }
  jn_bankd_db_run (call->core->db, "UPDATE enrolment SET pin = ? WHERE id = ?", "ss",
                   jn_bankd_job_get_made (call->job), self.id);
  writer = begin_state (self.id, "pinSet");
  finish_state (call, 200, writer);
}

/* The sample person, or one who types a name and a number. */
static gboolean
read_identity (JnBankdCall *call, char **name, char **resident_id)
{
  const char *given = jn_json_string (jn_json_get (call->body, "name"));
  const char *number = jn_json_string (jn_json_get (call->body, "residentId"));
  gboolean sample = FALSE;

  if (jn_bankd_json_only (call->body, "sample")
      && jn_json_boolean (jn_json_get (call->body, "sample"), &sample) && sample)
    {
      *name = jn_bankd_db_text (call->core->db, "SELECT value FROM meta WHERE name = 'sample-name'",
                                "");
      *resident_id = jn_bankd_db_text (
          call->core->db, "SELECT value FROM meta WHERE name = 'sample-resident-id'", "");
      return *name != NULL && *resident_id != NULL;
    }
  if (!jn_bankd_json_only (call->body, "name residentId") || given == NULL || given[0] == '\0'
      || !jn_text_is_name (given, 30) || !jn_resident_id_is_valid (number))
    return FALSE;
  *name = g_strdup (given);
  *resident_id = g_strdup (number);
  return TRUE;
}

static void
write_limits (JnBankdCall *call, JnJsonWriter *writer)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (call->core->db,
                                          "SELECT tier, limit_payment, limit_day, limit_year"
                                          " FROM customer WHERE id = ?",
                                          "i", JN_BANKD_CUSTOMER);

  if (!jn_bankd_db_step (call->core->db, stmt))
    return;
  jn_json_writer_string (writer, "tier", jn_bankd_column (stmt, 0));
  jn_json_writer_begin_object (writer, "limits");
  jn_bankd_write_amount (writer, "payment", sqlite3_column_int64 (stmt, 1));
  jn_bankd_write_amount (writer, "day", sqlite3_column_int64 (stmt, 2));
  jn_bankd_write_amount (writer, "year", sqlite3_column_int64 (stmt, 3));
  jn_json_writer_end_object (writer);
  jn_bankd_db_done (stmt);
}

void
jn_bankd_handle_enrolment_identity (JnBankdCall *call)
{
  g_auto (Enrolment) self = { 0 };
  g_autofree char *name = NULL;
  g_autofree char *resident_id = NULL;
  g_autoptr (JnJsonWriter) writer = NULL;

  if (!load_verified (call, &self))
    return;
  if (!read_identity (call, &name, &resident_id))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  jn_bankd_db_run (call->core->db, "UPDATE enrolment SET name = ?, resident_id = ? WHERE id = ?",
                   "sss", name, resident_id, self.id);
  writer = begin_state (self.id, "identified");
  jn_json_writer_string (writer, "name", name);
  write_limits (call, writer);
  finish_state (call, 200, writer);
}

static char *
read_card (JnBankdCall *call)
{
  const char *number = jn_json_string (jn_json_get (call->body, "cardNumber"));
  gboolean sample = FALSE;
  char *pan;

  if (jn_bankd_json_only (call->body, "sample")
      && jn_json_boolean (jn_json_get (call->body, "sample"), &sample) && sample)
    {
      pan = g_strdup (SAMPLE_PAN);
      pan[15] = '\0';
      pan[15] = (char) ('0' + jn_luhn_check_digit (pan));
      return pan;
    }
  if (!jn_bankd_json_only (call->body, "cardNumber") || number == NULL || strlen (number) < 16
      || !jn_luhn_is_valid (number))
    return NULL;
  return g_strdup (number);
}

void
jn_bankd_handle_enrolment_card (JnBankdCall *call)
{
  g_auto (Enrolment) self = { 0 };
  g_autofree char *pan = read_card (call);
  g_autofree char *masked = NULL;
  g_autoptr (JnJsonWriter) writer = NULL;
  const char *zh, *en;

  if (!load_verified (call, &self))
    return;
  if (pan == NULL)
    {
      jn_bankd_call_malformed (call);
      return;
    }
  jn_bankd_db_run (call->core->db, "UPDATE enrolment SET pan = ? WHERE id = ?", "ss", pan, self.id);
  masked = jn_text_mask_account (pan);
  jn_bankd_bank_names (pan, &zh, &en);
  writer = begin_state (self.id, "cardBound");
  jn_json_writer_string (writer, "maskedPan", masked);
  jn_bankd_write_bilingual (writer, "bankName", zh, en);
  finish_state (call, 200, writer);
}

/* The enrolled person becomes the sample customer: same wallet, their own phone, name, PIN and card. */
static void
adopt (JnBankdCall *call, const Enrolment *self)
{
  JnBankdDb *db = call->core->db;
  g_autofree char *card = NULL;

  jn_bankd_db_run (
      db,
      "UPDATE customer SET name = ?, phone = ?, resident_id = ?, pin = ?, pin_tries = 0"
      " WHERE id = ?",
      "ssssi", self->name, self->phone, self->resident_id, self->pin, JN_BANKD_CUSTOMER);
  if (self->pan == NULL
      || jn_bankd_db_integer (db, 0, "SELECT count (*) FROM card WHERE pan = ?", "s", self->pan)
             > 0)
    return;
  /* The bound card takes the place of the first one: the wallet shows two. */
  jn_bankd_db_run (db,
                   "UPDATE card SET pan = ? WHERE id = (SELECT min (id) FROM card"
                   " WHERE customer = ? AND kind = 'debit')",
                   "si", self->pan, JN_BANKD_CUSTOMER);
}

static void
open_session (JnBankdCall *call, const Enrolment *self, JnJsonWriter *writer)
{
  guint8 secret[SESSION_BYTES], hash[crypto_hash_sha256_BYTES];
  char text[sodium_base64_ENCODED_LEN (SESSION_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
  g_autofree char *device = jn_bankd_core_make_id (call->core);
  g_autofree char *consent = jn_bankd_core_make_id (call->core);
  g_autofree char *masked =
      g_strdup_printf ("%.3s****%s", self->phone, self->phone + strlen (self->phone) - 4);

  jn_entropy_fill (call->core->entropy, secret, sizeof secret);
  sodium_bin2base64 (text, sizeof text, secret, sizeof secret,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  crypto_hash_sha256 (hash, (const guint8 *) text, strlen (text));
  jn_bankd_db_run (call->core->db,
                   "INSERT INTO device (id, customer, consent, session, public_key, name,"
                   " created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                   "sisbbsii", device, JN_BANKD_CUSTOMER, consent, hash, sizeof hash,
                   self->device_key, sizeof self->device_key, self->device_name, call->now,
                   call->now + SESSION_LIFETIME);
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "deviceId", device);
  jn_json_writer_string (writer, "consentId", consent);
  jn_json_writer_string (writer, "sessionSecret", text);
  jn_json_writer_begin_object (writer, "customer");
  jn_json_writer_string (writer, "name", self->name);
  jn_json_writer_string (writer, "maskedPhone", masked);
  jn_json_writer_end_object (writer);
  jn_json_writer_end_object (writer);
  sodium_memzero (secret, sizeof secret);
  sodium_memzero (text, sizeof text);
}

void
jn_bankd_handle_enrolment_finish (JnBankdCall *call)
{
  g_auto (Enrolment) self = { 0 };
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();

  if (!jn_bankd_json_only (call->body, ""))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  if (!load_verified (call, &self))
    return;
  if (self.pin == NULL || self.name == NULL)
    {
      jn_bankd_call_fail (call, 409, "STATUS_INVALID", JN_ERROR_CONFLICT);
      return;
    }
  adopt (call, &self);
  open_session (call, &self, writer);
  jn_bankd_db_run (call->core->db, "UPDATE enrolment SET finished = 1, pin = NULL WHERE id = ?",
                   "s", self.id);
  jn_bankd_core_tell (call->core, JN_BANKD_CUSTOMER, "profile");
  jn_bankd_call_answer (call, 201, writer);
}
