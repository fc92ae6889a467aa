/* Consents (XS2A 1.3, 6.4): the record of one device's enrolment. It was given with the enrolment and cannot become wider; to delete it
 * revokes the device. */
#include <string.h>

#include "jn-bankd-book.h"
#include "jn-bankd-handlers.h"

typedef struct
{
  char *id, *bban;
  JnInstant created_at, expires_at;
} Consent;

static void
consent_clear (Consent *consent)
{
  g_free (consent->id);
  g_free (consent->bban);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Consent, consent_clear)

/* The consent @id of any device of the customer; NULL: that of the device that asks. */
static gboolean
load (JnBankdCall *call, const char *id, Consent *out)
{
  sqlite3_stmt *stmt =
      jn_bankd_db_query (call->core->db,
                         "SELECT consent, created_at, expires_at FROM device WHERE customer = ?1"
                         " AND CASE WHEN ?2 IS NULL THEN id = ?3 ELSE consent = ?2 END",
                         "iss", call->customer, id, call->device);

  if (!jn_bankd_db_step (call->core->db, stmt))
    {
      jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_INVALID);
      return FALSE;
    }
  out->id = g_strdup (jn_bankd_column (stmt, 0));
  out->created_at = sqlite3_column_int64 (stmt, 1);
  out->expires_at = sqlite3_column_int64 (stmt, 2);
  jn_bankd_db_done (stmt);
  out->bban = jn_bankd_db_text (call->core->db, "SELECT bban FROM account WHERE id = ?", "i",
                                jn_bankd_book_account_of (call->core, call->customer, "wallet"));
  return TRUE;
}

static const char *
status_of (const JnBankdCall *call, const Consent *consent)
{
  if (consent->expires_at == JN_BANKD_REVOKED)
    return "revokedByPsu";
  return consent->expires_at <= call->now ? "expired" : "valid";
}

/* A list of accounts: empty for all of them, or the one that there is. */
static gboolean
names_account (JnJson *list, const char *bban)
{
  if (list == NULL)
    return TRUE;
  if (!jn_json_is_array (list))
    return FALSE;
  for (guint i = 0; i < jn_json_length (list); i++)
    if (!jn_bankd_json_only (jn_json_at (list, i), "bban currency")
        || g_strcmp0 (jn_json_string (jn_json_get (jn_json_at (list, i), "bban")), bban) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
reads_terms (JnBankdCall *call, const Consent *consent)
{
  JnJson *access = jn_json_get (call->body, "access");
  const char *until = jn_json_string (jn_json_get (call->body, "validUntil"));
  gboolean recurring, combined;
  gint64 frequency = 0;
  JnDate date = 0;

  return jn_bankd_json_only (call->body, "access recurringIndicator validUntil frequencyPerDay"
                                         " combinedServiceIndicator")
         && jn_bankd_json_only (access, "accounts balances transactions")
         && names_account (jn_json_get (access, "accounts"), consent->bban)
         && names_account (jn_json_get (access, "balances"), consent->bban)
         && names_account (jn_json_get (access, "transactions"), consent->bban)
         && jn_json_boolean (jn_json_get (call->body, "recurringIndicator"), &recurring)
         && jn_json_boolean (jn_json_get (call->body, "combinedServiceIndicator"), &combined)
         && jn_json_integer (jn_json_get (call->body, "frequencyPerDay"), &frequency)
         && frequency >= 1 && until != NULL && jn_date_from_string (until, &date)
         && date >= jn_date_at (call->now);
}

void
jn_bankd_handle_consent_create (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_auto (Consent) consent = { 0 };

  if (!load (call, NULL, &consent))
    return;
  if (!reads_terms (call, &consent))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "consentStatus", status_of (call, &consent));
  jn_json_writer_string (writer, "consentId", consent.id);
  jn_json_writer_begin_object (writer, "_links");
  jn_bankd_write_link (writer, "self", "/psd2/v1/consents/%s", consent.id);
  jn_bankd_write_link (writer, "status", "/psd2/v1/consents/%s/status", consent.id);
  jn_json_writer_end_object (writer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 201, writer);
  call->answer->embedded_sca = TRUE;
}

static void
write_access (JnJsonWriter *writer, const char *name, const char *bban)
{
  jn_json_writer_begin_array (writer, name);
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "bban", bban);
  jn_json_writer_end_object (writer);
  jn_json_writer_end_array (writer);
}

void
jn_bankd_handle_consent (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_auto (Consent) consent = { 0 };
  gboolean revoked;

  if (!load (call, call->args[0], &consent))
    return;
  revoked = consent.expires_at == JN_BANKD_REVOKED;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_begin_object (writer, "access");
  write_access (writer, "accounts", consent.bban);
  write_access (writer, "balances", consent.bban);
  write_access (writer, "transactions", consent.bban);
  jn_json_writer_end_object (writer);
  jn_json_writer_boolean (writer, "recurringIndicator", TRUE);
  jn_bankd_write_date (writer, "validUntil",
                       jn_date_at (revoked ? consent.created_at : consent.expires_at));
  jn_json_writer_integer (writer, "frequencyPerDay", JN_BANKD_READS_A_DAY);
  jn_bankd_write_date (writer, "lastActionDate", jn_date_at (consent.created_at));
  jn_json_writer_string (writer, "consentStatus", status_of (call, &consent));
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

void
jn_bankd_handle_consent_status (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_auto (Consent) consent = { 0 };

  if (!load (call, call->args[0], &consent))
    return;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "consentStatus", status_of (call, &consent));
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

void
jn_bankd_handle_consent_delete (JnBankdCall *call)
{
  g_auto (Consent) consent = { 0 };

  if (!load (call, call->args[0], &consent))
    return;
  jn_bankd_db_run (call->core->db, "UPDATE device SET expires_at = ? WHERE consent = ?", "is",
                   JN_BANKD_REVOKED, consent.id);
  jn_bankd_call_answer_empty (call, 204);
}
