#include "jn-bankd-merchants.h"

#include <string.h>

#include "jn-emv-code.h"

#define SCHEME "org.jinnang.sandbox"
#define SCHEME_ID 26
#define MERCHANT_SUB_ID 1

void
jn_bankd_merchant_free (JnBankdMerchant *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->bban);
  g_free (self->name);
  g_free (self->branch);
  g_free (self->city);
  g_free (self->latin_name);
  g_free (self->latin_city);
  g_free (self->mcc);
  g_free (self);
}

static JnBankdMerchant *
load (JnBankdCore *core, sqlite3_stmt *stmt)
{
  JnBankdMerchant *self;

  if (!jn_bankd_db_step (core->db, stmt))
    return NULL;
  self = g_new0 (JnBankdMerchant, 1);
  self->id = g_strdup (jn_bankd_column (stmt, 0));
  self->account = sqlite3_column_int64 (stmt, 1);
  self->bban = g_strdup (jn_bankd_column (stmt, 2));
  self->name = g_strdup (jn_bankd_column (stmt, 3));
  self->branch = g_strdup (jn_bankd_column (stmt, 4));
  self->category = (JnCategory) sqlite3_column_int (stmt, 5);
  self->city = g_strdup (jn_bankd_column (stmt, 6));
  self->latin_name = g_strdup (jn_bankd_column (stmt, 7));
  self->latin_city = g_strdup (jn_bankd_column (stmt, 8));
  self->mcc = g_strdup (jn_bankd_column (stmt, 9));
  jn_bankd_db_done (stmt);
  return self;
}

#define COLUMNS                                                                                    \
  "SELECT merchant.id, account, bban, merchant.name, branch, category, city, latin_name,"          \
  " latin_city, mcc FROM merchant JOIN account ON account.id = account"

JnBankdMerchant *
jn_bankd_merchant_find (JnBankdCore *core, const char *id)
{
  return load (core, jn_bankd_db_query (core->db, COLUMNS " WHERE merchant.id = ?", "s", id));
}

JnBankdMerchant *
jn_bankd_merchant_find_account (JnBankdCore *core, const char *bban)
{
  return load (core, jn_bankd_db_query (core->db, COLUMNS " WHERE bban = ?", "s", bban));
}

char *
jn_bankd_merchant_code (const JnBankdMerchant *self, gint64 amount, const char *reference)
{
  g_autoptr (JnEmvCode) code = jn_emv_code_new ();
  g_autoptr (GError) error = NULL;
  char *payload;

  code->initiation = amount > 0 ? JN_EMV_INITIATION_DYNAMIC : JN_EMV_INITIATION_STATIC;
  code->currency = JN_CURRENCY_CNY;
  code->mcc = g_strdup (self->mcc);
  code->country = g_strdup ("CN");
  code->name = g_strdup (self->latin_name);
  code->city = g_strdup (self->latin_city);
  code->language = g_strdup ("zh");
  code->local_name = g_strdup (self->name);
  code->local_city = g_strdup (self->city);
  code->bill = g_strdup (reference);
  if (amount > 0)
    {
      code->has_amount = TRUE;
      code->amount = jn_money (amount, JN_CURRENCY_CNY);
    }
  if (!jn_emv_code_add_account (code, SCHEME_ID, SCHEME, MERCHANT_SUB_ID, self->id))
    return NULL;
  payload = jn_emv_code_build (code, &error);
  if (payload == NULL)
    g_critical ("bankd: no code for merchant %s: %s", self->id, error->message);
  return payload;
}

void
jn_bankd_code_clear (JnBankdCode *code)
{
  g_clear_pointer (&code->merchant, jn_bankd_merchant_free);
  g_clear_pointer (&code->reference, g_free);
}

static int
check_bill (JnBankdCore *core, JnInstant now, JnBankdCode *code)
{
  int result = JN_ERROR_CODE_EXPIRED; /* the bank keeps every bill it printed */
  sqlite3_stmt *stmt = jn_bankd_db_query (core->db,
                                          "SELECT amount, expires_at, paid_by FROM bill"
                                          " WHERE reference = ? AND merchant = ?",
                                          "ss", code->reference, code->merchant->id);

  if (!jn_bankd_db_step (core->db, stmt))
    return result;
  code->expires_at = sqlite3_column_int64 (stmt, 1);
  if (sqlite3_column_type (stmt, 2) != SQLITE_NULL)
    result = JN_ERROR_ORDER_PAID;
  else if (sqlite3_column_int64 (stmt, 0) != code->amount)
    result = JN_ERROR_CODE_AMOUNT;
  else if (code->expires_at > now)
    result = 0;
  jn_bankd_db_done (stmt);
  return result;
}

int
jn_bankd_code_resolve (JnBankdCore *core, const char *payload, JnInstant now, JnBankdCode *out)
{
  g_autoptr (JnEmvCode) code = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  const JnEmvAccount *account;

  if (!jn_emv_code_parse (payload, &code, &error))
    return error->code;
  if (code->currency != JN_CURRENCY_CNY)
    return JN_ERROR_CODE_CURRENCY;
  account = jn_emv_code_find_account (code, SCHEME);
  if (account != NULL)
    id = jn_emv_account_get (account, MERCHANT_SUB_ID);
  if (id != NULL)
    out->merchant = jn_bankd_merchant_find (core, id);
  if (out->merchant == NULL)
    return JN_ERROR_PAYEE_UNKNOWN;
  out->amount = code->has_amount ? code->amount.minor : 0;
  if (code->bill == NULL || code->initiation != JN_EMV_INITIATION_DYNAMIC)
    return 0;
  out->reference = g_strdup (code->bill);
  return check_bill (core, now, out);
}

typedef struct
{
  const char *prefix, *zh, *en;
} Bank;

/* Invented banks: no prefix here is one of a real bank's. */
static const Bank banks[] = {
  { JN_BANKD_HOUSE_PREFIX, "锦囊沙盒银行", "Jinnang Sandbox Bank" },
  { "629901", "示例银行", "Sample Bank" },
  { "629902", "江南银行", "Jiangnan Bank" },
  { "629903", "远山银行", "Yuanshan Bank" },
  { "629904", "海风银行", "Haifeng Bank" },
};

void
jn_bankd_bank_names (const char *number, const char **zh, const char **en)
{
  *zh = "其他银行";
  *en = "Another bank";
  for (guint i = 0; i < G_N_ELEMENTS (banks); i++)
    if (g_str_has_prefix (number, banks[i].prefix))
      {
        *zh = banks[i].zh;
        *en = banks[i].en;
      }
}

gboolean
jn_bankd_account_is_plausible (const char *number)
{
  gsize length = strlen (number);

  return length >= 12 && length <= 30 && strspn (number, "0123456789") == length;
}
