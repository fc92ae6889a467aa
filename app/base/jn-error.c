/* Names and classes of errors. */
#include "jn-error.h"

#include "jn-money.h"

typedef struct
{
  int code;
  const char *name;
} Name;

static const Name names[] = {
  { JN_ERROR_INVALID, "INVALID" },
  { JN_ERROR_AMOUNT_ZERO, "AMOUNT_ZERO" },
  { JN_ERROR_SAME_ACCOUNT, "SAME_ACCOUNT" },
  { JN_ERROR_CURRENCY_MISMATCH, "CURRENCY_MISMATCH" },
  { JN_ERROR_UNKNOWN_FLAG, "UNKNOWN_FLAG" },
  { JN_ERROR_ID_RESERVED, "ID_RESERVED" },
  { JN_ERROR_GROUP_OPEN, "GROUP_OPEN" },
  { JN_ERROR_AMOUNT_OVERFLOW, "AMOUNT_OVERFLOW" },
  { JN_ERROR_TOO_MANY, "TOO_MANY" },
  { JN_ERROR_CODE_CHECKSUM, "CODE_CHECKSUM" },
  { JN_ERROR_CODE_FORMAT, "CODE_FORMAT" },
  { JN_ERROR_CODE_CURRENCY, "CODE_CURRENCY" },
  { JN_ERROR_CODE_AMOUNT, "CODE_AMOUNT" },
  { JN_ERROR_CODE_TEXT, "CODE_TEXT" },
  { JN_ERROR_PICTURE_NO_CODE, "PICTURE_NO_CODE" },
  { JN_ERROR_PICTURE_MANY_CODES, "PICTURE_MANY_CODES" },
  { JN_ERROR_PICTURE_TOO_LARGE, "PICTURE_TOO_LARGE" },
  { JN_ERROR_PICTURE_UNREADABLE, "PICTURE_UNREADABLE" },
  { JN_ERROR_NO_ACCOUNT_IN_TEXT, "NO_ACCOUNT_IN_TEXT" },
  { JN_ERROR_CONFLICT, "CONFLICT" },
  { JN_ERROR_NO_FUNDS, "NO_FUNDS" },
  { JN_ERROR_OVER_CEILING, "OVER_CEILING" },
  { JN_ERROR_OVER_LIMIT, "OVER_LIMIT" },
  { JN_ERROR_ACCOUNT_CLOSED, "ACCOUNT_CLOSED" },
  { JN_ERROR_ACCOUNT_FROZEN, "ACCOUNT_FROZEN" },
  { JN_ERROR_ACCOUNT_UNKNOWN, "ACCOUNT_UNKNOWN" },
  { JN_ERROR_PENDING_UNKNOWN, "PENDING_UNKNOWN" },
  { JN_ERROR_PENDING_POSTED, "PENDING_POSTED" },
  { JN_ERROR_PENDING_VOIDED, "PENDING_VOIDED" },
  { JN_ERROR_PENDING_EXPIRED, "PENDING_EXPIRED" },
  { JN_ERROR_POST_TOO_MUCH, "POST_TOO_MUCH" },
  { JN_ERROR_PAYEE_UNKNOWN, "PAYEE_UNKNOWN" },
  { JN_ERROR_CODE_EXPIRED, "CODE_EXPIRED" },
  { JN_ERROR_ORDER_PAID, "ORDER_PAID" },
  { JN_ERROR_CANCELLED, "CANCELLED" },
  { JN_ERROR_REFUSED, "REFUSED" },
  { JN_ERROR_PIN_WRONG, "PIN_WRONG" },
  { JN_ERROR_PIN_BLOCKED, "PIN_BLOCKED" },
  { JN_ERROR_PIN_WEAK, "PIN_WEAK" },
  { JN_ERROR_SMS_WRONG, "SMS_WRONG" },
  { JN_ERROR_SMS_EXPIRED, "SMS_EXPIRED" },
  { JN_ERROR_GROUP_FAILED, "GROUP_FAILED" },
  { JN_ERROR_BUSY, "BUSY" },
  { JN_ERROR_NO_MEMORY, "NO_MEMORY" },
  { JN_ERROR_DISK_FULL, "DISK_FULL" },
  { JN_ERROR_NOT_SENT, "NOT_SENT" },
  { JN_ERROR_RATE_LIMITED, "RATE_LIMITED" },
  { JN_ERROR_OFFLINE, "OFFLINE" },
  { JN_ERROR_READ_ONLY, "READ_ONLY" },
  { JN_ERROR_SYNC_FAILED, "SYNC_FAILED" },
  { JN_ERROR_SENT_NO_ANSWER, "SENT_NO_ANSWER" },
  { JN_ERROR_ANSWER_CUT, "ANSWER_CUT" },
  { JN_ERROR_BANK_5XX, "BANK_5XX" },
  { JN_ERROR_ANSWER_INVALID, "ANSWER_INVALID" },
  { JN_ERROR_PAGE_DAMAGED, "PAGE_DAMAGED" },
  { JN_ERROR_CHAIN_BROKEN, "CHAIN_BROKEN" },
  { JN_ERROR_INVARIANT, "INVARIANT" },
  { JN_ERROR_FORMAT_NEWER, "FORMAT_NEWER" },
  { JN_ERROR_IO, "IO" },
  { JN_ERROR_BALANCE_MISMATCH, "BALANCE_MISMATCH" },
  { JN_ERROR_FILE_OLDER_THAN_HEAD, "FILE_OLDER_THAN_HEAD" },
  { JN_ERROR_BANK_OLDER_THAN_HEAD, "BANK_OLDER_THAN_HEAD" },
  { JN_ERROR_KEY_WRONG, "KEY_WRONG" },
  { JN_ERROR_KEY_MISSING, "KEY_MISSING" },
  { JN_ERROR_SLOT_DAMAGED, "SLOT_DAMAGED" },
  { JN_ERROR_SESSION_EXPIRED, "SESSION_EXPIRED" },
  { JN_ERROR_DEVICE_REVOKED, "DEVICE_REVOKED" },
  { JN_ERROR_SIGNATURE_BAD, "SIGNATURE_BAD" },
  { JN_ERROR_HEAD_MISMATCH, "HEAD_MISMATCH" },
};

G_DEFINE_QUARK (jn_error, jn_error)

JnErrorClass
jn_error_code_get_class (int code)
{
  if (code >= 0 && code < 100)
    return JN_ERROR_CLASS_OK;
  if (code < 0 || code >= 1100)
    return JN_ERROR_CLASS_UNKNOWN;
  return (JnErrorClass) (code / 100);
}

JnErrorClass
jn_error_get_class (const GError *error)
{
  if (error == NULL)
    return JN_ERROR_CLASS_OK;
  if (error->domain == JN_ERROR)
    return jn_error_code_get_class (error->code);
  if (error->domain == JN_MONEY_ERROR)
    return JN_ERROR_CLASS_INVALID;
  return JN_ERROR_CLASS_UNKNOWN;
}

gboolean
jn_error_is (const GError *error, JnErrorCode code)
{
  return g_error_matches (error, JN_ERROR, (int) code);
}

const char *
jn_error_code_get_name (int code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].code == code)
      return names[i].name;
  return NULL;
}

int
jn_error_code_from_name (const char *name)
{
  if (name == NULL)
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].name, name))
      return names[i].code;
  return 0;
}
