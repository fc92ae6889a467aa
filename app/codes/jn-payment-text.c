/* Reads pasted payment texts: labels first, then what is left. */
#include "jn-payment-text.h"

#include "jn-error.h"
#include "jn-payment-numbers.h"
#include "jn-text.h"

#include <string.h>

#define MAX_CHARS 2000
#define MAX_LABELS 64
#define MAX_NAME_CHARS 70
#define MAX_MEMO_CHARS 140

typedef enum
{
  FIELD_NAME,
  FIELD_ACCOUNT,
  FIELD_AMOUNT,
  FIELD_MEMO,
  FIELD_OTHER, /* known and not wanted: bank, phone, identity number */
} Field;

typedef struct
{
  const char *word;
  Field field;
  gboolean needs_colon; /* the word alone is too common to be a label */
} Label;

/* Longer words stand before those they begin with. */
static const Label labels[] = {
  { "收款人姓名", FIELD_NAME, FALSE },
  { "收款人名称", FIELD_NAME, FALSE },
  { "收款人账号", FIELD_ACCOUNT, FALSE },
  { "收款人帐号", FIELD_ACCOUNT, FALSE },
  { "收款人卡号", FIELD_ACCOUNT, FALSE },
  { "收款户名", FIELD_NAME, FALSE },
  { "收款账户", FIELD_ACCOUNT, FALSE },
  { "收款账号", FIELD_ACCOUNT, FALSE },
  { "收款卡号", FIELD_ACCOUNT, FALSE },
  { "收款银行", FIELD_OTHER, FALSE },
  { "收款人", FIELD_NAME, FALSE },
  { "收款方", FIELD_NAME, FALSE },
  { "账户名称", FIELD_NAME, FALSE },
  { "账户名", FIELD_NAME, FALSE },
  { "户名", FIELD_NAME, FALSE },
  { "姓名", FIELD_NAME, FALSE },
  { "银行账号", FIELD_ACCOUNT, FALSE },
  { "银行卡号", FIELD_ACCOUNT, FALSE },
  { "账号", FIELD_ACCOUNT, FALSE },
  { "帐号", FIELD_ACCOUNT, FALSE },
  { "卡号", FIELD_ACCOUNT, FALSE },
  { "账户", FIELD_ACCOUNT, TRUE },
  { "转账金额", FIELD_AMOUNT, FALSE },
  { "付款金额", FIELD_AMOUNT, FALSE },
  { "金额", FIELD_AMOUNT, FALSE },
  { "备注", FIELD_MEMO, FALSE },
  { "附言", FIELD_MEMO, FALSE },
  { "用途", FIELD_MEMO, FALSE },
  { "留言", FIELD_MEMO, FALSE },
  { "开户银行", FIELD_OTHER, FALSE },
  { "开户行", FIELD_OTHER, FALSE },
  { "身份证号", FIELD_OTHER, FALSE },
  { "身份证", FIELD_OTHER, FALSE },
  { "手机号", FIELD_OTHER, FALSE },
  { "手机", FIELD_OTHER, TRUE },
  { "电话", FIELD_OTHER, FALSE },
  { "account number", FIELD_ACCOUNT, FALSE },
  { "account name", FIELD_NAME, FALSE },
  { "account no", FIELD_ACCOUNT, FALSE },
  { "account", FIELD_ACCOUNT, FALSE },
  { "acct", FIELD_ACCOUNT, FALSE },
  { "iban", FIELD_ACCOUNT, FALSE },
  { "card number", FIELD_ACCOUNT, FALSE },
  { "card no", FIELD_ACCOUNT, FALSE },
  { "card", FIELD_ACCOUNT, TRUE },
  { "payee", FIELD_NAME, FALSE },
  { "beneficiary", FIELD_NAME, FALSE },
  { "recipient", FIELD_NAME, FALSE },
  { "name", FIELD_NAME, TRUE },
  { "to", FIELD_NAME, TRUE },
  { "amount", FIELD_AMOUNT, FALSE },
  { "memo", FIELD_MEMO, FALSE },
  { "note", FIELD_MEMO, FALSE },
  { "remark", FIELD_MEMO, FALSE },
  { "reference", FIELD_MEMO, FALSE },
  { "bank", FIELD_OTHER, TRUE },
  { "phone", FIELD_OTHER, FALSE },
  { "mobile", FIELD_OTHER, FALSE },
};

typedef struct
{
  Field field;
  JnSpan word;
  JnSpan value;
} Found;

typedef struct
{
  char *text; /* what is understood becomes blank, so that the name is looked for in the rest */
  gsize length;
  int count;
  Found found[MAX_LABELS];
  gboolean name_labelled;
  JnPaymentText *out;
} Reader;

void
jn_payment_text_free (JnPaymentText *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->account);
  g_free (self->memo);
  g_free (self);
}

/* Takes a span out of the text without moving anything. */
static void
blank (Reader *self, JnSpan span)
{
  memset (self->text + span.start, ';', span.end - span.start);
}

/* Folds widths, makes every blank a space and every end of line '\n', and cuts. */
static char *
normalise (const char *text)
{
  g_autofree char *folded = jn_text_fold_width (text);
  GString *out = g_string_new (NULL);
  int count = 0;

  for (const char *p = folded; *p != '\0' && count < MAX_CHARS; p = g_utf8_next_char (p), count++)
    {
      gunichar c = g_utf8_get_char (p);
      if (c == '\r' || c == '\n' || c == 0x2028 || c == 0x2029)
        g_string_append_c (out, '\n');
      else if (g_unichar_isspace (c))
        g_string_append_c (out, ' ');
      else if (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT)
        continue;
      else
        g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

/* ---- labels ---- */

/* Bytes from @at to the value when the label stands there, or 0. */
static gsize
label_length (const char *text, gsize at, const Label *label)
{
  gsize length = strlen (label->word);
  gboolean latin = g_ascii_isalpha (label->word[0]);

  if (g_ascii_strncasecmp (text + at, label->word, length) != 0)
    return 0;
  if (latin && ((at > 0 && g_ascii_isalnum (text[at - 1])) || g_ascii_isalnum (text[at + length])))
    return 0;
  gsize end = at + length;
  if (latin && text[end] == '.')
    end++;
  gsize value = end + strspn (text + end, " ");
  gboolean colon = text[value] == ':' || text[value] == '=' || text[value] == '#';
  if (label->needs_colon && !colon)
    return 0;
  if (colon)
    value++;
  return value + strspn (text + value, " ") - at;
}

static void
find_labels (Reader *self)
{
  for (gsize at = 0; at < self->length && self->count < MAX_LABELS;)
    {
      gsize length = 0;
      for (gsize i = 0; i < G_N_ELEMENTS (labels) && length == 0; i++)
        {
          length = label_length (self->text, at, &labels[i]);
          if (length > 0)
            self->found[self->count++] =
                (Found){ labels[i].field, { at, at + length }, { at + length, 0 } };
        }
      at += length > 0 ? length : (gsize) (g_utf8_skip[(guchar) self->text[at]]);
    }
}

/* A comma or semicolon ends a value unless it stands between two digits. */
static gboolean
ends_value (const char *text, gsize at, gsize start)
{
  if (text[at] != ',' && text[at] != ';')
    return FALSE;
  return !(at > start && g_ascii_isdigit (text[at - 1]) && g_ascii_isdigit (text[at + 1]));
}

static void
bound_values (Reader *self)
{
  for (int i = 0; i < self->count; i++)
    {
      Found *found = &self->found[i];
      gsize limit = i + 1 < self->count ? self->found[i + 1].word.start : self->length;
      gsize end = found->value.start;
      while (end < limit && self->text[end] != '\n'
             && (found->field == FIELD_MEMO || !ends_value (self->text, end, found->value.start)))
        end++;
      found->value.end = end;
    }
}

/* ---- fields ---- */

static gboolean
is_separator (gunichar c)
{
  if (c < 0x80)
    return !g_ascii_isalpha ((char) c) && c != '\'';
  /* The dot in transliterated names: 阿依古丽·买买提 */
  return !g_unichar_isalpha (c) && c != 0x00b7 && c != 0x2022;
}

static char *
clean (const char *text, JnSpan span, gsize max_chars)
{
  char *value = g_strndup (text + span.start, span.end - span.start);
  g_strstrip (value);
  gsize length = strlen (value);
  while (length > 0 && strchr (",;.:", value[length - 1]) != NULL)
    value[--length] = '\0';
  g_strstrip (value);
  if (*value == '\0' || !jn_text_is_name (value, max_chars))
    g_clear_pointer (&value, g_free);
  return value;
}

/* A labelled name ends where digits or marks begin. */
static char *
labelled_name (const char *text, JnSpan span)
{
  gsize end = span.start;
  while (end < span.end)
    {
      gunichar c = g_utf8_get_char (text + end);
      if (c != ' ' && c != '(' && c != ')' && c != '.' && c != '-' && is_separator (c))
        break;
      end += (gsize) g_utf8_skip[(guchar) text[end]];
    }
  return clean (text, (JnSpan){ span.start, MIN (end, span.end) }, MAX_NAME_CHARS);
}

static void
take_labelled (Reader *self, const Found *found)
{
  JnPaymentText *out = self->out;
  JnSpan place;

  switch (found->field)
    {
    case FIELD_NAME:
      self->name_labelled = TRUE;
      if (out->name == NULL)
        out->name = labelled_name (self->text, found->value);
      break;
    case FIELD_ACCOUNT:
      if (out->account == NULL)
        {
          out->account = jn_payment_find_account (self->text, found->value, TRUE, &place);
          if (out->account != NULL)
            blank (self, place);
        }
      break;
    case FIELD_AMOUNT:
      if (!out->has_amount)
        {
          out->has_amount = jn_payment_find_amount (self->text, found->value,
                                                    JN_PAYMENT_AMOUNT_BARE, &out->amount, &place);
          blank (self, found->value);
        }
      break;
    case FIELD_MEMO:
      if (out->memo == NULL)
        out->memo = clean (self->text, found->value, MAX_MEMO_CHARS);
      blank (self, found->value);
      break;
    default:
      blank (self, found->value);
      break;
    }
  blank (self, found->word);
}

/* "… for rent": after the account only. */
static void
take_trailing_purpose (Reader *self, gsize from)
{
  const char *at = strstr (self->text + from, " for ");
  if (self->out->memo != NULL || at == NULL)
    return;
  JnSpan span = { (gsize) (at - self->text) + strlen (" for "), 0 };
  span.end = span.start + strcspn (self->text + span.start, "\n;");
  self->out->memo = clean (self->text, span, MAX_MEMO_CHARS);
  blank (self, (JnSpan){ (gsize) (at - self->text), span.end });
}

/* ---- the name in what is left ---- */

static gboolean
is_stop_word (const char *word)
{
  static const char *const words[] = { "pay",   "send",   "transfer", "to",   "please", "give",
                                       "for",   "from",   "cny",      "rmb",  "yuan",   "the",
                                       "money", "amount", "by",       "at",   "元整",   "整",
                                       "谢谢",  "块钱",   "钱",       "转账", "付款",   "汇款",
                                       "打款",  "请",     "银行卡",   "信息" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (word, words[i]) == 0)
      return TRUE;
  return g_str_has_suffix (word, "银行") || g_str_has_suffix (word, "支行")
         || g_str_has_suffix (word, "分行");
}

/* Takes verbs off both ends of a Chinese word: 请转给张三 is 张三. */
static char *
strip_verbs (char *word)
{
  static const char *const verbs[] = { "请",   "麻烦", "转账", "汇款", "付款", "打款",
                                       "支付", "转给", "付给", "汇给", "打给", "给",
                                       "向",   "转",   "到",   "的" };
  gboolean again = TRUE;

  while (again)
    {
      again = FALSE;
      for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
        {
          gsize length = strlen (verbs[i]);
          if (g_str_has_prefix (word, verbs[i]))
            {
              memmove (word, word + length, strlen (word + length) + 1);
              again = TRUE;
            }
          else if (i < 5 && g_str_has_suffix (word, verbs[i]))
            {
              word[strlen (word) - length] = '\0';
              again = TRUE;
            }
        }
    }
  return word;
}

/* The next word at *@at; @joined says that only blanks lie before it. */
static char *
next_word (const char *text, gsize *at, gboolean *joined)
{
  gsize start = *at;
  *joined = TRUE;
  while (text[start] != '\0' && is_separator (g_utf8_get_char (text + start)))
    {
      *joined = *joined && text[start] == ' ';
      start += (gsize) g_utf8_skip[(guchar) text[start]];
    }
  gsize end = start;
  while (text[end] != '\0' && !is_separator (g_utf8_get_char (text + end)))
    end += (gsize) g_utf8_skip[(guchar) text[end]];
  *at = end;
  return end > start ? g_strndup (text + start, end - start) : NULL;
}

/* A Chinese word is a name alone; Latin words that only blanks part are one name. */
static char *
find_name (const char *text)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gsize at = 0;
  gboolean joined;

  for (;;)
    {
      g_autofree char *word = next_word (text, &at, &joined);
      if (word == NULL)
        break;
      gboolean latin = g_ascii_isalpha (word[0]);
      if (!latin)
        strip_verbs (word);
      gboolean stop = *word == '\0' || is_stop_word (word);
      if (name->len > 0 && (!latin || stop || !joined))
        break;
      if (stop)
        continue;
      g_string_append_printf (name, "%s%s", name->len > 0 ? " " : "", word);
      if (!latin)
        break;
    }
  return name->len > 0 ? clean (name->str, (JnSpan){ 0, name->len }, MAX_NAME_CHARS) : NULL;
}

static void
take_rest (Reader *self)
{
  JnPaymentText *out = self->out;
  JnSpan all = { 0, self->length };
  JnSpan place = { 0, 0 };

  if (out->account == NULL)
    {
      out->account = jn_payment_find_account (self->text, all, FALSE, &place);
      if (out->account == NULL)
        return;
      blank (self, place);
    }
  take_trailing_purpose (self, place.end);
  if (!out->has_amount)
    {
      out->has_amount =
          jn_payment_find_amount (self->text, all, JN_PAYMENT_AMOUNT_MARKED, &out->amount, &place)
          || jn_payment_find_amount (self->text, all, JN_PAYMENT_AMOUNT_BARE, &out->amount, &place);
      if (out->has_amount)
        blank (self, place);
    }
  /* A labelled name that is unfit is not replaced by a guess. */
  if (!self->name_labelled)
    out->name = find_name (self->text);
}

JnPaymentText *
jn_payment_text_parse (const char *text, GError **error)
{
  g_autoptr (JnPaymentText) out = g_new0 (JnPaymentText, 1);

  if (text != NULL)
    {
      g_autofree char *normal = normalise (text);
      Reader reader = { .text = normal, .length = strlen (normal), .out = out };
      find_labels (&reader);
      bound_values (&reader);
      for (int i = 0; i < reader.count; i++)
        take_labelled (&reader, &reader.found[i]);
      take_rest (&reader);
    }
  if (out->account == NULL)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_NO_ACCOUNT_IN_TEXT, "no account number");
      return NULL;
    }
  return g_steal_pointer (&out);
}
