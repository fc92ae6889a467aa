/* A transfer being written. */
#include "jn-transfer.h"

#include "jn-context-private.h"
#include "jn-error.h"
#include "jn-payment-text.h"
#include "jn-text.h"
#include "jn-views-private.h"

#include <string.h>

#define CHECK_DELAY_MS 250
#define MAX_MEMO_CHARS 140
#define MAX_NAME_CHARS 70

struct _JnTransfer
{
  GObject parent_instance;
  JnContext *context; /* weak */
  char *name;
  char *account; /* without blanks */
  char *amount_text;
  char *memo;
  JnMoney amount; /* currency NONE: not an amount */
  GError *text_error;
  GError *name_error;
  GError *account_error;
  GError *amount_error;

  JnPayeeCheck check;
  JnWirePayeeCheck *answer;
  gboolean accepted;
  GCancellable *checking;
  guint timer;
};

G_DEFINE_FINAL_TYPE (JnTransfer, jn_transfer, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
jn_transfer_dispose (GObject *object)
{
  JnTransfer *self = JN_TRANSFER_DRAFT (object);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->checking);
  g_clear_object (&self->checking);
  g_clear_weak_pointer (&self->context);
  G_OBJECT_CLASS (jn_transfer_parent_class)->dispose (object);
}

static void
jn_transfer_finalize (GObject *object)
{
  JnTransfer *self = JN_TRANSFER_DRAFT (object);
  g_free (self->name);
  g_free (self->account);
  g_free (self->amount_text);
  g_free (self->memo);
  g_clear_error (&self->text_error);
  g_clear_error (&self->name_error);
  g_clear_error (&self->account_error);
  g_clear_error (&self->amount_error);
  g_clear_pointer (&self->answer, jn_wire_payee_check_free);
  G_OBJECT_CLASS (jn_transfer_parent_class)->finalize (object);
}

static void
jn_transfer_class_init (JnTransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = jn_transfer_dispose;
  object_class->finalize = jn_transfer_finalize;
  signals[CHANGED] = g_signal_new ("changed", JN_TYPE_TRANSFER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
jn_transfer_init (JnTransfer *self)
{
  self->name = g_strdup ("");
  self->account = g_strdup ("");
  self->amount_text = g_strdup ("");
  self->memo = g_strdup ("");
}

JnTransfer *
jn_transfer_new (JnContext *context)
{
  JnTransfer *self = g_object_new (JN_TYPE_TRANSFER, NULL);
  g_set_weak_pointer (&self->context, context);
  return self;
}

static void
changed (JnTransfer *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- the payee check ---- */

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnTransfer) self = user_data;
  g_autoptr (GError) error = NULL;
  JnWirePayeeCheck *answer = jn_bank_check_payee_finish (JN_BANK (source), result, &error);

  /* A later check, or none, has taken the place of this one. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->check != JN_PAYEE_CHECKING)
    {
      g_clear_pointer (&answer, jn_wire_payee_check_free);
      return;
    }
  g_clear_pointer (&self->answer, jn_wire_payee_check_free);
  self->answer = answer;
  if (answer == NULL)
    {
      self->check = JN_PAYEE_CANNOT_CHECK;
      if (jn_error_get_class (error) == JN_ERROR_CLASS_INVALID
          || jn_error_is (error, JN_ERROR_SAME_ACCOUNT)
          || jn_error_get_class (error) == JN_ERROR_CLASS_REFUSED)
        g_set_error (&self->account_error, JN_ERROR, error->code, "%s", error->message);
    }
  else
    self->check = answer->result == JN_WIRE_PAYEE_MATCH      ? JN_PAYEE_MATCH
                  : answer->result == JN_WIRE_PAYEE_CLOSE    ? JN_PAYEE_CLOSE
                  : answer->result == JN_WIRE_PAYEE_NO_MATCH ? JN_PAYEE_NO_MATCH
                                                             : JN_PAYEE_CANNOT_CHECK;
  changed (self);
}

static gboolean
on_check_timer (gpointer user_data)
{
  JnTransfer *self = user_data;

  self->timer = 0;
  if (self->context == NULL)
    return G_SOURCE_REMOVE;
  self->checking = g_cancellable_new ();
  jn_bank_check_payee_async (jn_context_get_bank (self->context), self->account, self->name,
                             self->checking, on_checked, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/* Name or account changed: what was checked before says nothing any more. */
static void
check_again (JnTransfer *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->checking);
  g_clear_object (&self->checking);
  g_clear_pointer (&self->answer, jn_wire_payee_check_free);
  self->accepted = FALSE;
  self->check = JN_PAYEE_UNCHECKED;
  if (self->name[0] == '\0' || self->account[0] == '\0' || self->name_error != NULL
      || self->account_error != NULL)
    return;
  self->check = JN_PAYEE_CHECKING;
  if (self->context != NULL)
    self->timer = jn_clock_add_timer (jn_context_get_clock (self->context), CHECK_DELAY_MS,
                                      on_check_timer, self);
}

/* ---- fields ---- */

static gboolean
replace (char **field, char *value)
{
  g_autofree char *old = *field;
  *field = value;
  return g_strcmp0 (old, value) != 0;
}

static gboolean
take_name (JnTransfer *self, const char *name)
{
  g_autofree char *clean = g_strstrip (g_strdup (name != NULL ? name : ""));

  if (!replace (&self->name, g_utf8_make_valid (clean, -1)))
    return FALSE;
  g_clear_error (&self->name_error);
  if (self->name[0] != '\0' && !jn_text_is_name (self->name, MAX_NAME_CHARS))
    g_set_error_literal (&self->name_error, JN_ERROR, JN_ERROR_INVALID, "not fit for a name");
  return TRUE;
}

/* Bank accounts have 8 to 30 digits; an IBAN begins with letters. */
static gboolean
is_account (const char *text)
{
  gsize length = strlen (text);
  gsize digits = 0;
  for (gsize i = 0; i < length; i++)
    if (g_ascii_isdigit (text[i]))
      digits++;
    else if (!g_ascii_isupper (text[i]))
      return FALSE;
  return length >= 8 && length <= 34
         && (digits == length || (g_ascii_isupper (text[0]) && g_ascii_isupper (text[1])));
}

static gboolean
take_account (JnTransfer *self, const char *account)
{
  g_autofree char *folded = jn_text_fold_width (account != NULL ? account : "");
  g_autoptr (GString) clean = g_string_new (NULL);
  JnFacts *facts = self->context != NULL ? jn_context_get_facts (self->context) : NULL;

  for (const char *p = folded; *p != '\0'; p++)
    if (*p != ' ' && *p != '-' && *p != '\t' && *p != '\n')
      g_string_append_c (clean, g_ascii_toupper (*p));
  if (!replace (&self->account, g_utf8_make_valid (clean->str, -1)))
    return FALSE;
  g_clear_error (&self->account_error);
  if (self->account[0] == '\0')
    return TRUE;
  if (!is_account (self->account))
    g_set_error_literal (&self->account_error, JN_ERROR, JN_ERROR_INVALID, "not an account");
  else if (facts != NULL && g_strcmp0 (facts->account, self->account) == 0)
    g_set_error_literal (&self->account_error, JN_ERROR, JN_ERROR_SAME_ACCOUNT, "our own");
  return TRUE;
}

static gboolean
take_amount (JnTransfer *self, const char *text)
{
  JnFacts *facts = self->context != NULL ? jn_context_get_facts (self->context) : NULL;
  JnCurrency currency =
      self->context != NULL ? jn_context_get_currency (self->context) : JN_CURRENCY_NONE;

  if (!replace (&self->amount_text, g_utf8_make_valid (text != NULL ? text : "", -1)))
    return FALSE;
  g_clear_error (&self->amount_error);
  self->amount = jn_money (0, JN_CURRENCY_NONE);
  if (self->amount_text[0] == '\0'
      || !jn_money_parse (self->amount_text, currency, &self->amount, &self->amount_error))
    return TRUE;
  if (self->amount.minor <= 0)
    g_set_error_literal (&self->amount_error, JN_ERROR, JN_ERROR_AMOUNT_ZERO, "above zero");
  else if (facts != NULL && facts->known && self->amount.minor > facts->available.minor)
    g_set_error_literal (&self->amount_error, JN_ERROR, JN_ERROR_NO_FUNDS, "above the balance");
  return TRUE;
}

static gboolean
take_memo (JnTransfer *self, const char *memo)
{
  g_autofree char *valid = g_utf8_make_valid (memo != NULL ? memo : "", -1);
  glong chars = g_utf8_strlen (valid, -1);
  return replace (&self->memo, g_utf8_substring (valid, 0, MIN (chars, MAX_MEMO_CHARS)));
}

void
jn_transfer_set_text (JnTransfer *self, const char *text)
{
  g_clear_error (&self->text_error);
  if (text == NULL || text[0] == '\0')
    {
      changed (self);
      return;
    }
  g_autoptr (JnPaymentText) found = jn_payment_text_parse (text, &self->text_error);
  if (found == NULL)
    {
      changed (self);
      return;
    }
  gboolean had_account = self->account[0] != '\0';
  gboolean payee = take_account (self, found->account);
  gboolean other_payee = had_account && payee;
  if (found->name != NULL)
    payee |= take_name (self, found->name);
  if (found->has_amount)
    {
      g_autofree char *amount =
          jn_money_format (found->amount, JN_MONEY_FORMAT_NO_SYMBOL | JN_MONEY_FORMAT_NO_GROUPS);
      take_amount (self, amount);
    }
  else if (other_payee)
    take_amount (self, NULL);
  if (found->memo != NULL || other_payee)
    take_memo (self, found->memo);
  if (payee)
    check_again (self);
  changed (self);
}

void
jn_transfer_set_payee (JnTransfer *self, JnPayeeItem *payee)
{
  gboolean account = take_account (self, jn_payee_item_get_account (payee));
  gboolean name = take_name (self, jn_payee_item_get_name (payee));
  if (!account && !name)
    return;
  check_again (self);
  changed (self);
}

void
jn_transfer_set_name (JnTransfer *self, const char *name)
{
  if (!take_name (self, name))
    return;
  check_again (self);
  changed (self);
}

void
jn_transfer_set_account (JnTransfer *self, const char *account)
{
  if (!take_account (self, account))
    return;
  check_again (self);
  changed (self);
}

void
jn_transfer_set_amount (JnTransfer *self, const char *text)
{
  if (take_amount (self, text))
    changed (self);
}

void
jn_transfer_set_memo (JnTransfer *self, const char *memo)
{
  if (take_memo (self, memo))
    changed (self);
}

void
jn_transfer_accept_mismatch (JnTransfer *self)
{
  if (self->check != JN_PAYEE_NO_MATCH || self->accepted)
    return;
  self->accepted = TRUE;
  changed (self);
}

gboolean
jn_transfer_is_ready (JnTransfer *self)
{
  gboolean checked = self->check == JN_PAYEE_MATCH || self->check == JN_PAYEE_CLOSE
                     || self->check == JN_PAYEE_CANNOT_CHECK
                     || (self->check == JN_PAYEE_NO_MATCH && self->accepted);
  return checked && self->context != NULL && self->name[0] != '\0' && self->account[0] != '\0'
         && self->amount.currency != JN_CURRENCY_NONE && self->name_error == NULL
         && self->account_error == NULL && self->amount_error == NULL;
}

JnPayment *
jn_transfer_open (JnTransfer *self)
{
  g_return_val_if_fail (jn_transfer_is_ready (self), NULL);
  JnTransferOrder order = {
    .product = self->answer != NULL && self->answer->product != NULL ? self->answer->product
                                                                     : "ibps-credit-transfers",
    .account = self->account,
    .name = self->name,
    .memo = self->memo,
    .amount = self->amount,
  };
  return jn_payment_new_transfer (self->context, &order);
}

/* ---- what is known ---- */

const GError *
jn_transfer_get_text_error (JnTransfer *self)
{
  return self->text_error;
}

const char *
jn_transfer_get_name (JnTransfer *self)
{
  return self->name;
}

const char *
jn_transfer_get_account (JnTransfer *self)
{
  return self->account;
}

const char *
jn_transfer_get_amount_text (JnTransfer *self)
{
  return self->amount_text;
}

const char *
jn_transfer_get_memo (JnTransfer *self)
{
  return self->memo;
}

const GError *
jn_transfer_get_name_error (JnTransfer *self)
{
  return self->name_error;
}

const GError *
jn_transfer_get_account_error (JnTransfer *self)
{
  return self->account_error;
}

const GError *
jn_transfer_get_amount_error (JnTransfer *self)
{
  return self->amount_error;
}

JnPayeeCheck
jn_transfer_get_check (JnTransfer *self)
{
  return self->check;
}

const char *
jn_transfer_get_registered_name (JnTransfer *self)
{
  return self->answer != NULL ? self->answer->registered_name : NULL;
}

const char *
jn_transfer_get_bank (JnTransfer *self, gboolean chinese)
{
  if (self->answer == NULL)
    return NULL;
  return chinese ? self->answer->bank_name.zh : self->answer->bank_name.en;
}

gboolean
jn_transfer_is_known (JnTransfer *self)
{
  return self->answer != NULL && self->answer->known;
}
