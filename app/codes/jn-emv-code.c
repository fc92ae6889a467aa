/* What a merchant code is made of; the writer. The reader is jn-emv-reader.c. */
#include "jn-emv-code.h"

#include "jn-crc16.h"
#include "jn-error.h"
#include "jn-tlv.h"

#include <string.h>

static void
account_free (gpointer data)
{
  JnEmvAccount *account = data;
  g_free (account->guid);
  g_free (account->value);
  g_free (account);
}

JnEmvCode *
jn_emv_code_new (void)
{
  JnEmvCode *self = g_new0 (JnEmvCode, 1);
  self->accounts = g_ptr_array_new_with_free_func (account_free);
  return self;
}

void
jn_emv_code_free (JnEmvCode *self)
{
  if (self == NULL)
    return;
  char *strings[] = { self->payload,    self->mcc,         self->country,      self->name,
                      self->city,       self->postal_code, self->bill,         self->mobile,
                      self->store,      self->loyalty,     self->reference,    self->customer,
                      self->terminal,   self->purpose,     self->data_request, self->language,
                      self->local_name, self->local_city };
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  g_ptr_array_unref (self->accounts);
  g_free (self);
}

gboolean
jn_emv_code_is_likely (const char *text)
{
  while (text != NULL && g_ascii_isspace (*text))
    text++;
  return text != NULL && g_str_has_prefix (text, "000201");
}

gboolean
jn_emv_code_add_account (JnEmvCode *self, guint id, const char *guid, guint sub_id,
                         const char *value)
{
  g_autoptr (GString) body = g_string_new (NULL);

  if (id < 26 || id > 51 || sub_id == 0 || !jn_tlv_append (body, 0, guid)
      || !jn_tlv_append (body, sub_id, value) || g_utf8_strlen (body->str, -1) > 99)
    return FALSE;
  JnEmvAccount *account = g_new0 (JnEmvAccount, 1);
  account->id = id;
  account->guid = g_strdup (guid);
  account->value = g_strdup (body->str);
  g_ptr_array_add (self->accounts, account);
  return TRUE;
}

const JnEmvAccount *
jn_emv_code_find_account (const JnEmvCode *self, const char *guid)
{
  for (guint i = 0; i < self->accounts->len; i++)
    {
      const JnEmvAccount *account = g_ptr_array_index (self->accounts, i);
      if (account->guid != NULL && g_ascii_strcasecmp (account->guid, guid) == 0)
        return account;
    }
  return NULL;
}

char *
jn_emv_account_get (const JnEmvAccount *self, guint sub_id)
{
  const char *p = self->value;
  const char *end = p + strlen (p);
  JnTlv tlv;

  if (self->guid == NULL)
    return NULL;
  while (jn_tlv_next (&p, end, &tlv) == JN_TLV_OBJECT)
    if (tlv.id == sub_id)
      return jn_tlv_dup (&tlv);
  return NULL;
}

const char *
jn_emv_code_get_name (const JnEmvCode *self)
{
  return self->local_name != NULL ? self->local_name : self->name;
}

/* ---- writer ---- */

/* Appends an optional object. */
static gboolean
put (GString *out, guint id, const char *value)
{
  return value == NULL || jn_tlv_append (out, id, value);
}

static gboolean
put_template (GString *out, guint id, GString *body)
{
  return body->len == 0 || jn_tlv_append (out, id, body->str);
}

static gboolean
put_additional_data (GString *out, const JnEmvCode *self)
{
  g_autoptr (GString) body = g_string_new (NULL);
  return put (body, 1, self->bill) && put (body, 2, self->mobile) && put (body, 3, self->store)
         && put (body, 4, self->loyalty) && put (body, 5, self->reference)
         && put (body, 6, self->customer) && put (body, 7, self->terminal)
         && put (body, 8, self->purpose) && put (body, 9, self->data_request)
         && put_template (out, 62, body);
}

static gboolean
put_language (GString *out, const JnEmvCode *self)
{
  g_autoptr (GString) body = g_string_new (NULL);
  return put (body, 0, self->language) && put (body, 1, self->local_name)
         && put (body, 2, self->local_city) && put_template (out, 64, body);
}

static gboolean
put_money (GString *out, const JnEmvCode *self)
{
  g_autofree char *currency = g_strdup_printf ("%03u", self->currency);
  g_autofree char *amount = self->has_amount ? jn_money_to_wire (self->amount) : NULL;

  if (!put (out, 53, currency) || !put (out, 54, amount))
    return FALSE;
  if (self->tip == JN_EMV_TIP_NONE)
    return TRUE;
  g_autofree char *kind = g_strdup_printf ("%02d", (int) self->tip);
  g_autofree char *fixed = jn_money_to_wire (self->tip_fixed);
  g_autofree char *percentage =
      g_strdup_printf ("%u.%02u", self->tip_hundredths / 100, self->tip_hundredths % 100);
  return put (out, 55, kind) && put (out, 56, self->tip == JN_EMV_TIP_FIXED ? fixed : NULL)
         && put (out, 57, self->tip == JN_EMV_TIP_PERCENTAGE ? percentage : NULL);
}

static gboolean
put_accounts (GString *out, const JnEmvCode *self)
{
  for (guint i = 0; i < self->accounts->len; i++)
    {
      const JnEmvAccount *account = g_ptr_array_index (self->accounts, i);
      if (!jn_tlv_append (out, account->id, account->value))
        return FALSE;
    }
  return TRUE;
}

static const char *
initiation_value (const JnEmvCode *self)
{
  if (self->initiation == JN_EMV_INITIATION_NONE)
    return NULL;
  return self->initiation == JN_EMV_INITIATION_STATIC ? "11" : "12";
}

char *
jn_emv_code_build (const JnEmvCode *self, GError **error)
{
  g_autoptr (GString) out = g_string_new ("000201");
  g_autoptr (JnEmvCode) check = NULL;

  if (!put (out, 1, initiation_value (self)) || !put_accounts (out, self)
      || !put (out, 52, self->mcc) || !put_money (out, self) || !put (out, 58, self->country)
      || !put (out, 59, self->name) || !put (out, 60, self->city)
      || !put (out, 61, self->postal_code) || !put_additional_data (out, self)
      || !put_language (out, self))
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_CODE_FORMAT, "a value does not fit");
      return NULL;
    }
  g_string_append (out, "6304");
  g_string_append_printf (out, "%04X", jn_crc16 (out->str, out->len));
  if (!jn_emv_code_parse (out->str, &check, error))
    return NULL;
  return g_strdup (out->str);
}
