/* Reads a merchant code. */
#include "jn-emv-code.h"

#include "jn-crc16.h"
#include "jn-error.h"
#include "jn-text.h"
#include "jn-tlv.h"

#include <string.h>

#define N_IDS 100
#define CRC_DIGITS 4

/* The objects of one level by id; value NULL when absent. */
typedef struct
{
  JnTlv objects[N_IDS];
} Level;

static gboolean
fail (GError **error, JnErrorCode code, const char *what)
{
  g_set_error_literal (error, JN_ERROR, (int) code, what);
  return FALSE;
}

/* Sorts objects into a level. @first is the id that must stand first, or -1; @last gets the id of the last one. */
static gboolean
read_level (const char *text, gsize bytes, int first, Level *level, guint *last, GError **error)
{
  const char *p = text;
  const char *end = text + bytes;
  JnTlvResult result;
  JnTlv tlv;
  gboolean any = FALSE;

  memset (level, 0, sizeof *level);
  while ((result = jn_tlv_next (&p, end, &tlv)) == JN_TLV_OBJECT)
    {
      if (!any && first >= 0 && tlv.id != (guint) first)
        return fail (error, JN_ERROR_CODE_FORMAT, "the wrong object stands first");
      if (level->objects[tlv.id].value != NULL)
        return fail (error, JN_ERROR_CODE_FORMAT, "an object stands twice");
      level->objects[tlv.id] = tlv;
      *last = tlv.id;
      any = TRUE;
    }
  if (result == JN_TLV_BROKEN || !any)
    return fail (error, JN_ERROR_CODE_FORMAT, "a length does not fit");
  return TRUE;
}

static gboolean
is_digits (const JnTlv *tlv)
{
  for (gsize i = 0; i < tlv->bytes; i++)
    if (!g_ascii_isdigit (tlv->value[i]))
      return FALSE;
  return tlv->bytes > 0;
}

static gboolean
is_value (const JnTlv *tlv, const char *text)
{
  return tlv->value != NULL && tlv->bytes == strlen (text)
         && memcmp (tlv->value, text, tlv->bytes) == 0;
}

/* Takes a text a stranger wrote. */
static gboolean
take_text (const Level *level, guint id, gsize min_chars, gsize max_chars, char **out,
           GError **error)
{
  const JnTlv *tlv = &level->objects[id];

  if (tlv->value == NULL)
    return min_chars == 0 || fail (error, JN_ERROR_CODE_FORMAT, "an object is missing");
  if (tlv->chars == 0 || tlv->chars > max_chars)
    return fail (error, JN_ERROR_CODE_FORMAT, "a text is empty or too long");
  *out = jn_tlv_dup (tlv);
  if (!jn_text_is_name (*out, max_chars))
    return fail (error, JN_ERROR_CODE_TEXT, "a text holds characters that have no place in it");
  return TRUE;
}

static gboolean
read_account (JnEmvCode *self, const JnTlv *tlv, GError **error)
{
  g_autofree char *value = jn_tlv_dup (tlv);
  g_autofree char *guid = NULL;
  Level level;
  guint last;

  if (!jn_text_is_name (value, 99))
    return fail (error, JN_ERROR_CODE_TEXT, "an account holds characters that have no place in it");
  if (tlv->chars == 0)
    return fail (error, JN_ERROR_CODE_FORMAT, "an account is empty");
  if (tlv->id >= 26)
    {
      if (!read_level (value, strlen (value), -1, &level, &last, error)
          || !take_text (&level, 0, 1, 32, &guid, error))
        return FALSE;
    }
  JnEmvAccount *account = g_new0 (JnEmvAccount, 1);
  account->id = tlv->id;
  account->guid = g_steal_pointer (&guid);
  account->value = g_steal_pointer (&value);
  g_ptr_array_add (self->accounts, account);
  return TRUE;
}

static gboolean
read_accounts (JnEmvCode *self, const Level *level, GError **error)
{
  for (guint id = 2; id <= 51; id++)
    if (level->objects[id].value != NULL && !read_account (self, &level->objects[id], error))
      return FALSE;
  if (self->accounts->len == 0)
    return fail (error, JN_ERROR_CODE_FORMAT, "no merchant account");
  return TRUE;
}

static gboolean
read_initiation (JnEmvCode *self, const Level *level, GError **error)
{
  const JnTlv *tlv = &level->objects[1];

  if (tlv->value == NULL)
    self->initiation = JN_EMV_INITIATION_NONE;
  else if (is_value (tlv, "11"))
    self->initiation = JN_EMV_INITIATION_STATIC;
  else if (is_value (tlv, "12"))
    self->initiation = JN_EMV_INITIATION_DYNAMIC;
  else
    return fail (error, JN_ERROR_CODE_FORMAT, "unknown point of initiation");
  return TRUE;
}

/* "23.72", "98", "98.", ".5": digits with at most one point, at most 13 characters, above zero. */
static gboolean
read_amount (const JnTlv *tlv, JnCurrency currency, JnMoney *out, GError **error)
{
  g_autofree char *text = jn_tlv_dup (tlv);

  if (tlv->chars > 13 || strspn (text, "0123456789.") != tlv->bytes
      || !jn_money_parse (text, currency, out, NULL) || out->minor <= 0)
    return fail (error, JN_ERROR_CODE_AMOUNT, "not an amount");
  return TRUE;
}

/* "0.01" to "99.99" as hundredths. */
static gboolean
read_percentage (const JnTlv *tlv, guint *out, GError **error)
{
  g_autofree char *text = jn_tlv_dup (tlv);
  guint value = 0;
  int decimals = -1;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '.' && decimals < 0 && p > text)
        decimals = 0;
      else if (g_ascii_isdigit (*p) && decimals < 2 && value < 10000)
        {
          value = value * 10 + (guint) (*p - '0');
          decimals += decimals >= 0 ? 1 : 0;
        }
      else
        return fail (error, JN_ERROR_CODE_AMOUNT, "not a percentage");
    }
  for (int i = MAX (decimals, 0); i < 2; i++)
    value *= 10;
  if (value == 0 || value > 9999)
    return fail (error, JN_ERROR_CODE_AMOUNT, "not a percentage");
  *out = value;
  return TRUE;
}

static gboolean
read_tip (JnEmvCode *self, const Level *level, GError **error)
{
  const JnTlv *kind = &level->objects[55];
  const JnTlv *fixed = &level->objects[56];
  const JnTlv *percentage = &level->objects[57];

  if (kind->value == NULL)
    self->tip = JN_EMV_TIP_NONE;
  else if (is_value (kind, "01"))
    self->tip = JN_EMV_TIP_PROMPT;
  else if (is_value (kind, "02"))
    self->tip = JN_EMV_TIP_FIXED;
  else if (is_value (kind, "03"))
    self->tip = JN_EMV_TIP_PERCENTAGE;
  else
    return fail (error, JN_ERROR_CODE_FORMAT, "unknown tip indicator");
  if ((fixed->value != NULL) != (self->tip == JN_EMV_TIP_FIXED)
      || (percentage->value != NULL) != (self->tip == JN_EMV_TIP_PERCENTAGE))
    return fail (error, JN_ERROR_CODE_FORMAT, "the tip does not fit its indicator");
  if (self->tip == JN_EMV_TIP_FIXED)
    return read_amount (fixed, self->currency, &self->tip_fixed, error);
  if (self->tip == JN_EMV_TIP_PERCENTAGE)
    return read_percentage (percentage, &self->tip_hundredths, error);
  return TRUE;
}

static gboolean
read_money (JnEmvCode *self, const Level *level, GError **error)
{
  const JnTlv *currency = &level->objects[53];
  const JnTlv *amount = &level->objects[54];

  if (currency->value == NULL)
    return fail (error, JN_ERROR_CODE_FORMAT, "no currency");
  if (currency->chars != 3 || !is_digits (currency))
    return fail (error, JN_ERROR_CODE_CURRENCY, "not a currency number");
  self->currency = (JnCurrency) ((currency->value[0] - '0') * 100 + (currency->value[1] - '0') * 10
                                 + (currency->value[2] - '0'));
  if (!jn_currency_is_known (self->currency))
    return fail (error, JN_ERROR_CODE_CURRENCY, "unknown currency");
  self->has_amount = amount->value != NULL;
  if (self->has_amount && !read_amount (amount, self->currency, &self->amount, error))
    return FALSE;
  return read_tip (self, level, error);
}

static gboolean
read_merchant (JnEmvCode *self, const Level *level, GError **error)
{
  const JnTlv *mcc = &level->objects[52];
  const JnTlv *country = &level->objects[58];

  if (mcc->value == NULL || mcc->chars != 4 || !is_digits (mcc))
    return fail (error, JN_ERROR_CODE_FORMAT, "no merchant category");
  if (country->value == NULL || country->bytes != 2 || !g_ascii_isupper (country->value[0])
      || !g_ascii_isupper (country->value[1]))
    return fail (error, JN_ERROR_CODE_FORMAT, "no country");
  self->mcc = jn_tlv_dup (mcc);
  self->country = jn_tlv_dup (country);
  return take_text (level, 59, 1, 25, &self->name, error)
         && take_text (level, 60, 1, 15, &self->city, error)
         && take_text (level, 61, 0, 10, &self->postal_code, error);
}

static gboolean
read_additional_data (JnEmvCode *self, const Level *top, GError **error)
{
  const JnTlv *tlv = &top->objects[62];
  Level level;
  guint last;

  if (tlv->value == NULL)
    return TRUE;
  return read_level (tlv->value, tlv->bytes, -1, &level, &last, error)
         && take_text (&level, 1, 0, 25, &self->bill, error)
         && take_text (&level, 2, 0, 25, &self->mobile, error)
         && take_text (&level, 3, 0, 25, &self->store, error)
         && take_text (&level, 4, 0, 25, &self->loyalty, error)
         && take_text (&level, 5, 0, 25, &self->reference, error)
         && take_text (&level, 6, 0, 25, &self->customer, error)
         && take_text (&level, 7, 0, 25, &self->terminal, error)
         && take_text (&level, 8, 0, 25, &self->purpose, error)
         && take_text (&level, 9, 0, 3, &self->data_request, error);
}

static gboolean
read_language (JnEmvCode *self, const Level *top, GError **error)
{
  const JnTlv *tlv = &top->objects[64];
  Level level;
  guint last;

  if (tlv->value == NULL)
    return TRUE;
  return read_level (tlv->value, tlv->bytes, -1, &level, &last, error)
         && take_text (&level, 0, 1, 2, &self->language, error)
         && take_text (&level, 1, 1, 25, &self->local_name, error)
         && take_text (&level, 2, 0, 15, &self->local_city, error);
}

static gboolean
check_crc (const char *text, gsize bytes, const JnTlv *crc, GError **error)
{
  if (crc->bytes != CRC_DIGITS)
    return fail (error, JN_ERROR_CODE_FORMAT, "the checksum has another length");
  g_autofree char *computed = g_strdup_printf ("%04X", jn_crc16 (text, bytes - CRC_DIGITS));
  if (memcmp (computed, crc->value, CRC_DIGITS) != 0)
    return fail (error, JN_ERROR_CODE_CHECKSUM, "the checksum does not fit");
  return TRUE;
}

static gboolean
read_code (JnEmvCode *self, GError **error)
{
  gsize bytes = strlen (self->payload);
  Level level;
  guint last = 0;

  if (!jn_emv_code_is_likely (self->payload))
    return fail (error, JN_ERROR_CODE_FORMAT, "no EMVCo code");
  if (g_utf8_strlen (self->payload, -1) > JN_EMV_MAX_CHARS)
    return fail (error, JN_ERROR_CODE_FORMAT, "too long");
  if (!read_level (self->payload, bytes, 0, &level, &last, error))
    return FALSE;
  if (last != 63 || !is_value (&level.objects[0], "01"))
    return fail (error, JN_ERROR_CODE_FORMAT, "the checksum does not stand last");
  return check_crc (self->payload, bytes, &level.objects[63], error)
         && read_initiation (self, &level, error) && read_accounts (self, &level, error)
         && read_money (self, &level, error) && read_merchant (self, &level, error)
         && read_additional_data (self, &level, error) && read_language (self, &level, error);
}

gboolean
jn_emv_code_parse (const char *text, JnEmvCode **out, GError **error)
{
  g_return_val_if_fail (out != NULL, FALSE);
  g_autoptr (JnEmvCode) self = jn_emv_code_new ();

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return fail (error, JN_ERROR_CODE_FORMAT, "no text");
  self->payload = g_strstrip (g_strdup (text));
  if (!read_code (self, error))
    return FALSE;
  *out = g_steal_pointer (&self);
  return TRUE;
}
