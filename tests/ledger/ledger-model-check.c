#include "ledger-model.h"

#include <string.h>

static const jn_id MODEL_ZERO;

char *
model_fold (const char *text)
{
  GString *folded = g_string_new (NULL);

  for (; text != NULL && *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xfee0;
      else if (c == 0x3000)
        c = ' ';
      g_string_append_unichar (folded, c < 0x80 ? (gunichar) g_ascii_tolower ((char) c) : c);
    }
  return g_string_free (folded, FALSE);
}

gboolean
model_text_has (const char *text, const char *part)
{
  g_autofree char *a = model_fold (text);
  g_autofree char *b = model_fold (part);

  return strstr (a, b) != NULL;
}

/* Only the characters that tests use, from a dictionary. */
static const char *
initials_of (gunichar c)
{
  static const struct
  {
    const char *character, *letters;
  } known[] = { { "咖", "kg" }, { "啡", "f" },  { "馆", "g" }, { "瑞", "r" }, { "幸", "x" },
                { "房", "f" },  { "租", "z" },  { "中", "z" }, { "文", "w" }, { "店", "d" },
                { "行", "hx" }, { "长", "cz" }, { "银", "y" } };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_utf8_get_char (known[i].character) == c)
      return known[i].letters;
  g_assert_true (c < 0x4e00 || c > 0x9fff);
  return NULL;
}

gboolean
model_initials_have (const char *name, const char *part)
{
  g_autoptr (GPtrArray) letters = g_ptr_array_new ();
  g_autofree char *folded = model_fold (part);
  gsize n = strlen (folded);

  for (; name != NULL && *name != '\0'; name = g_utf8_next_char (name))
    if (initials_of (g_utf8_get_char (name)) != NULL)
      g_ptr_array_add (letters, (gpointer) initials_of (g_utf8_get_char (name)));
  for (guint i = 0; i + n <= letters->len; i++)
    {
      gsize k = 0;

      while (k < n && strchr (letters->pdata[i + k], folded[k]) != NULL)
        k++;
      if (k == n && n > 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
text_equal (const char *a, const char *b)
{
  return g_strcmp0 (a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

static gboolean
id_reserved (const jn_id *id)
{
  jn_id ones;

  memset (&ones, 0xff, 16);
  return model_same_id (id, &MODEL_ZERO) || model_same_id (id, &ones);
}

static guint
allowed_flags (guint kind)
{
  return kind == JN_TRANSFER  ? 1 + 2 + 4 + 64
         : kind == JN_PENDING ? 1 + 2 + 4 + 16 + 32
         : kind == JN_POST    ? 1 + 8
                              : 1;
}

jn_status
model_check (Model *model, const jn_event *e)
{
  gboolean moves = e->kind == JN_TRANSFER || e->kind == JN_PENDING;
  int debit = model_find_account (model, &e->debit);
  int credit = model_find_account (model, &e->credit);
  int hold = model_find_transfer (model, &e->pending);

  if (e->kind < 1 || e->kind > 4 || e->amount < 0 || e->timeout_us < 0
      || (e->timeout_us > 0 && e->kind != JN_PENDING && (e->flags & JN_LOT) == 0)
      || ((e->flags & JN_LOT) != 0
          && (e->kind != JN_TRANSFER || e->timeout_us == 0 || e->currency < 10000))
      || (e->kind == JN_VOID && e->amount != 0)
      || (moves && (e->value_date == 0 || !model_same_id (&e->pending, &MODEL_ZERO)))
      || (!moves
          && (!model_same_id (&e->debit, &MODEL_ZERO) || !model_same_id (&e->credit, &MODEL_ZERO))))
    return JN_INVALID;
  if (moves && e->amount == 0)
    return JN_AMOUNT_ZERO;
  if (moves && model_same_id (&e->debit, &e->credit))
    return JN_SAME_ACCOUNT;
  if (moves
      && ((debit >= 0 && MODEL_ACCOUNT (model, debit)->info.currency != e->currency)
          || (credit >= 0 && MODEL_ACCOUNT (model, credit)->info.currency != e->currency)))
    return JN_CURRENCY_MISMATCH;
  if (!moves && e->currency != 0 && hold >= 0 && MODEL_TRANSFER (model, hold)->kind == JN_PENDING
      && MODEL_TRANSFER (model, hold)->request.currency != e->currency)
    return JN_CURRENCY_MISMATCH;
  if ((e->flags & ~allowed_flags (e->kind)) != 0)
    return JN_UNKNOWN_FLAG;
  if (id_reserved (&e->id)
      || (moves ? id_reserved (&e->debit) || id_reserved (&e->credit) : id_reserved (&e->pending)))
    return JN_ID_RESERVED;
  return JN_OK;
}

jn_status
model_compare (const jn_event *e, const jn_event *known)
{
  if (e->kind != known->kind)
    return JN_CONFLICT_KIND;
  if (e->amount != known->amount)
    return JN_CONFLICT_AMOUNT;
  if (!model_same_id (&e->debit, &known->debit))
    return JN_CONFLICT_DEBIT;
  if (!model_same_id (&e->credit, &known->credit))
    return JN_CONFLICT_CREDIT;
  if (e->currency != known->currency)
    return JN_CONFLICT_CURRENCY;
  if (!model_same_id (&e->pending, &known->pending))
    return JN_CONFLICT_PENDING;
  if (e->flags != known->flags)
    return JN_CONFLICT_FLAGS;
  if (e->code != known->code || e->value_date != known->value_date
      || e->occurred_us != known->occurred_us || e->timeout_us != known->timeout_us
      || !text_equal (e->payee, known->payee) || !text_equal (e->memo, known->memo)
      || !text_equal (e->reference, known->reference))
    return JN_CONFLICT_TEXT;
  return JN_EXISTS;
}
