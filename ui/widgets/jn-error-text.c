#include "jn-error-text.h"

#include "jn-error.h"
#include "jn-format.h"
#include "jn-money.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

/* What it means for the money: one of few sentences, so that they stay apart. */
#define NOT_MOVED N_ ("Your money has not moved.")
#define NOTHING ""

#define AGAIN_HERE N_ ("Sign in again. Your bills and notes stay.")
#define AGAIN N_ ("You can try again.")
#define LATER N_ ("Try again in a moment.")
#define CALL N_ ("Please call the bank; the number is on the Safety page.")
#define CORRECT N_ ("Correct it and go on.")
#define NEW_CODE N_ ("Ask the shop for a new code.")
#define DO_NOT_PAY N_ ("Do not pay. Ask the shop for a new code.")

static const struct
{
  int code;
  JnErrorText text;
} texts[] = {
  { JN_ERROR_INVALID,
    { N_ ("This was not accepted."), NOTHING, N_ ("Check what you typed and try again.") } },
  { JN_ERROR_AMOUNT_ZERO, { N_ ("The amount must be more than zero."), NOT_MOVED, CORRECT } },
  { JN_ERROR_SAME_ACCOUNT, { N_ ("Payer and payee are the same account."), NOT_MOVED, CORRECT } },
  { JN_ERROR_CURRENCY_MISMATCH, { N_ ("The currencies differ."), NOT_MOVED, CORRECT } },
  { JN_ERROR_AMOUNT_OVERFLOW, { N_ ("The amount is too large."), NOT_MOVED, CORRECT } },
  { JN_ERROR_CODE_CHECKSUM,
    { N_ ("This code is not valid: its check digits do not match."), NOT_MOVED, DO_NOT_PAY } },
  { JN_ERROR_CODE_FORMAT,
    { N_ ("This is not a payment code."), NOT_MOVED,
      N_ ("Choose a picture of a shop’s payment code.") } },
  { JN_ERROR_CODE_CURRENCY,
    { N_ ("This code asks for a currency that the wallet does not know."), NOT_MOVED, NEW_CODE } },
  { JN_ERROR_CODE_AMOUNT,
    { N_ ("This code is not valid: its amount cannot be right."), NOT_MOVED, DO_NOT_PAY } },
  { JN_ERROR_CODE_TEXT,
    { N_ ("This code is not valid: it holds characters that could mislead you."), NOT_MOVED,
      DO_NOT_PAY } },
  { JN_ERROR_PICTURE_NO_CODE,
    { N_ ("There is no code in this picture."), NOT_MOVED,
      N_ ("Choose a picture in which the whole code can be seen.") } },
  { JN_ERROR_PICTURE_MANY_CODES,
    { N_ ("There is more than one code in this picture."), NOT_MOVED,
      N_ ("Cut the picture so that only the code you want to pay is left.") } },
  { JN_ERROR_PICTURE_TOO_LARGE,
    { N_ ("This picture is too large."), NOT_MOVED,
      N_ ("Choose a smaller one, up to 20 megapixels.") } },
  { JN_ERROR_PICTURE_UNREADABLE,
    { N_ ("This file is not a picture that can be read."), NOT_MOVED,
      N_ ("Choose a PNG or JPEG file.") } },
  { JN_ERROR_NO_ACCOUNT_IN_TEXT,
    { N_ ("There is no account number in this text."), NOTHING,
      N_ ("Type the account number yourself, or paste another text.") } },
  { JN_ERROR_CONFLICT,
    { N_ ("This is being paid already. We are checking the result."),
      N_ ("No second payment was made."), N_ ("You will find it in your bills.") } },
  { JN_ERROR_NO_FUNDS,
    { N_ ("The available balance is not enough."), NOT_MOVED, N_ ("Choose a smaller amount.") } },
  { JN_ERROR_OVER_CEILING,
    { N_ ("The payee’s account cannot take this amount."), NOT_MOVED,
      N_ ("Choose a smaller amount.") } },
  { JN_ERROR_OVER_LIMIT,
    { N_ ("This is above your payment limit."), NOT_MOVED,
      N_ ("Choose a smaller amount, or wait until tomorrow.") } },
  { JN_ERROR_ACCOUNT_CLOSED,
    { N_ ("This account is closed."), NOT_MOVED, N_ ("Ask the payee for another account.") } },
  { JN_ERROR_ACCOUNT_FROZEN, { N_ ("This account is frozen."), NOT_MOVED, CALL } },
  { JN_ERROR_ACCOUNT_UNKNOWN,
    { N_ ("There is no such account."), NOT_MOVED, N_ ("Check the account number.") } },
  { JN_ERROR_PAYEE_UNKNOWN, { N_ ("The bank does not know this payee."), NOT_MOVED, NEW_CODE } },
  { JN_ERROR_CODE_EXPIRED, { N_ ("This code is no longer valid."), NOT_MOVED, NEW_CODE } },
  { JN_ERROR_ORDER_PAID,
    { N_ ("This order is already paid."), N_ ("No second payment was made."),
      N_ ("You will find it in your bills.") } },
  { JN_ERROR_CANCELLED,
    { N_ ("The payment was closed before it was made."), NOT_MOVED,
      N_ ("Start again if you still want to pay.") } },
  { JN_ERROR_REFUSED, { N_ ("The bank did not accept it."), NOT_MOVED, CALL } },
  { JN_ERROR_PIN_WRONG,
    { N_ ("The payment PIN is not right."), NOT_MOVED, N_ ("Type it again.") } },
  { JN_ERROR_PIN_BLOCKED,
    { N_ ("The payment PIN is blocked after five wrong entries."), NOT_MOVED, CALL } },
  { JN_ERROR_PIN_WEAK,
    { N_ ("This PIN is easy to guess."), NOTHING,
      N_ ("Choose one without rows, repeats or a birthday.") } },
  { JN_ERROR_SMS_WRONG,
    { N_ ("The code is not right."), NOTHING, N_ ("Use the newest message.") } },
  { JN_ERROR_SMS_EXPIRED,
    { N_ ("The code is no longer valid."), NOTHING, N_ ("Ask for a new one.") } },
  { JN_ERROR_BUSY,
    { N_ ("Jinnang is already running."), NOTHING, N_ ("Use the window that is open.") } },
  { JN_ERROR_NO_MEMORY,
    { N_ ("The computer has no memory left."), NOT_MOVED,
      N_ ("Close other programs and try again.") } },
  { JN_ERROR_DISK_FULL,
    { N_ ("The disk is full."), NOT_MOVED, N_ ("Make room on the disk and try again.") } },
  { JN_ERROR_NOT_SENT, { N_ ("It could not be sent."), NOT_MOVED, AGAIN } },
  { JN_ERROR_RATE_LIMITED, { N_ ("Too many tries in a short time."), NOT_MOVED, LATER } },
  { JN_ERROR_OFFLINE,
    { N_ ("The bank cannot be reached."), NOT_MOVED, N_ ("Check the network and try again.") } },
  { JN_ERROR_SIGN_IN_PAGE,
    { N_ ("This network needs a sign-in page"), NOT_MOVED,
      N_ ("Open the page, sign in, and try again.") } },
  { JN_ERROR_READ_ONLY,
    { N_ ("Jinnang cannot write to its data folder."), NOT_MOVED,
      N_ ("Give yourself the right to write there, then start again.") } },
  { JN_ERROR_ANSWER_NOT_SIGNED,
    { N_ ("An answer did not come from the bank, or was changed on the way."),
      N_ ("Nothing was changed."), N_ ("Try again on another network, or call the bank.") } },
  { JN_ERROR_COUNTER_USED,
    { N_ ("The bank has seen this message before."), N_ ("Nothing was changed."), AGAIN } },
  { JN_ERROR_BALANCE_MISMATCH,
    { N_ ("The bank’s balance does not match its entries."),
      N_ ("You see the last state that was right."), CALL } },
  { JN_ERROR_BANK_OLDER_THAN_HEAD,
    { N_ ("The bank shows fewer entries than it did before."),
      N_ ("You see the last state that was right."), CALL } },
  { JN_ERROR_FORMAT_NEWER,
    { N_ ("The data was written by a newer version of Jinnang."),
      N_ ("Your money at the bank is not touched."), N_ ("Install the newer version.") } },
  { JN_ERROR_KEY_MISSING,
    { N_ ("The key of this wallet is not in the keyring."),
      N_ ("Your money at the bank is not touched."),
      N_ ("Unlock the keyring, or set the wallet up again.") } },
  { JN_ERROR_BANK_KEYS_UNREADABLE,
    { N_ ("The bank’s keys on this computer cannot be read."),
      N_ ("You see the last state that was right."), AGAIN_HERE } },
  { JN_ERROR_SESSION_EXPIRED, { N_ ("The bank has ended this session."), NOT_MOVED, AGAIN_HERE } },
  { JN_ERROR_DEVICE_REVOKED,
    { N_ ("This device is no longer registered at the bank."), NOT_MOVED, AGAIN_HERE } },
  { JN_ERROR_HEAD_MISMATCH,
    { N_ ("The bank’s entries differ from those that it showed before."),
      N_ ("You see the last state that was right."), CALL } },
  { JN_ERROR_SIGNATURE_BAD,
    { N_ ("The bank could not verify this device."), NOT_MOVED, AGAIN_HERE } },
};

static const JnErrorText class_texts[] = {
  [JN_ERROR_CLASS_OK] = { N_ ("Something did not work."), NOTHING, AGAIN },
  [JN_ERROR_CLASS_INVALID] = { N_ ("This was not accepted."), NOT_MOVED,
                               N_ ("Check what you typed and try again.") },
  [JN_ERROR_CLASS_CONFLICT] = { N_ ("This payment was already sent with other details."),
                                N_ ("No second payment was made."),
                                N_ ("Look at your bills before you pay again.") },
  [JN_ERROR_CLASS_REFUSED] = { N_ ("The bank did not accept it."), NOT_MOVED, CALL },
  [JN_ERROR_CLASS_GROUP] = { N_ ("One part could not be done, so nothing was."), NOT_MOVED, AGAIN },
  [JN_ERROR_CLASS_AGAIN] = { N_ ("It did not work this time."), NOT_MOVED, LATER },
  [JN_ERROR_CLASS_UNKNOWN] = { N_ ("The bank’s answer could not be read."),
                               N_ ("Nothing was changed."), N_ ("Try again, or call the bank.") },
  [JN_ERROR_CLASS_DAMAGED] = { N_ ("The data on this computer is damaged."),
                               N_ ("Your money at the bank is not touched."),
                               N_ ("Erase the data in Settings and set the wallet up again.") },
  [JN_ERROR_CLASS_ROLLED_BACK] = { N_ ("The data on this computer is older than it should be."),
                                   N_ ("Your money at the bank is not touched."),
                                   N_ ("Erase the data in Settings and set the wallet up again.") },
  [JN_ERROR_CLASS_KEY] = { N_ ("The data of this wallet cannot be opened."),
                           N_ ("Your money at the bank is not touched."),
                           N_ ("Unlock the keyring, or set the wallet up again.") },
  [JN_ERROR_CLASS_SESSION] = { N_ ("The bank has ended this session."), NOT_MOVED, AGAIN_HERE },
};

static const struct
{
  int code;
  const char *what;
} money_texts[] = {
  { JN_MONEY_ERROR_EMPTY, N_ ("Type an amount.") },
  { JN_MONEY_ERROR_SYNTAX, N_ ("This is not an amount.") },
  { JN_MONEY_ERROR_DECIMALS, N_ ("There are too many digits after the point.") },
  { JN_MONEY_ERROR_RANGE, N_ ("The amount is too large.") },
  { JN_MONEY_ERROR_CURRENCY, N_ ("This currency is not known.") },
};

static const char *
translate (const char *text)
{
  return text && *text ? gettext (text) : "";
}

static JnErrorText
untranslated (const GError *error)
{
  JnErrorText amount = { N_ ("This is not an amount."), NOT_MOVED, CORRECT };

  if (error == NULL)
    return class_texts[JN_ERROR_CLASS_OK];
  if (error->domain == JN_MONEY_ERROR)
    {
      for (guint i = 0; i < G_N_ELEMENTS (money_texts); i++)
        if (money_texts[i].code == error->code)
          amount.what = money_texts[i].what;
      return amount;
    }
  if (error->domain == JN_ERROR)
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
      if (texts[i].code == error->code)
        return texts[i].text;
  return class_texts[CLAMP (jn_error_get_class (error), 0, JN_ERROR_CLASS_SESSION)];
}

JnErrorText
jn_error_text_for (const GError *error)
{
  JnErrorText text = untranslated (error);

  text.what = translate (text.what);
  text.money = translate (text.money);
  text.now = translate (text.now);
  return text;
}

/* Sentences stand side by side with a space between them, without one in Chinese. */
static void
append_sentence (GString *string, const char *sentence)
{
  if (*sentence == '\0')
    return;
  if (string->len > 0)
    g_string_append (string, jn_format_is_chinese () ? "" : " ");
  g_string_append (string, sentence);
}

char *
jn_error_text_dup (const GError *error)
{
  JnErrorText text = jn_error_text_for (error);
  GString *string = g_string_new (text.what);

  append_sentence (string, text.money);
  append_sentence (string, text.now);
  return g_string_free (string, FALSE);
}

char *
jn_error_text_dup_field (const GError *error, int attempts_left)
{
  JnErrorText text = jn_error_text_for (error);
  GString *string = g_string_new (text.what);

  if (attempts_left >= 0)
    {
      g_autofree char *left = g_strdup_printf (
          ngettext ("%d attempt left.", "%d attempts left.", (gulong) attempts_left),
          attempts_left);

      append_sentence (string, left);
    }
  else if (error == NULL || error->domain != JN_MONEY_ERROR)
    append_sentence (string, text.now);
  return g_string_free (string, FALSE);
}
