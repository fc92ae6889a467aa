/* One error domain for everything that can stand between a customer and their money. The class of a code says what
 * happened to the money and whether a retry is safe; text for people is chosen in ui. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The hundreds of a code. */
typedef enum
{
  JN_ERROR_CLASS_OK = 0,
  JN_ERROR_CLASS_INVALID = 1,  /* can never work; nothing moved */
  JN_ERROR_CLASS_CONFLICT = 2, /* the id is used for something else; nothing new moved */
  JN_ERROR_CLASS_REFUSED = 3,  /* state says no; nothing moved; retry only with a new id */
  JN_ERROR_CLASS_GROUP = 4,    /* another member of the group failed; nothing moved */
  JN_ERROR_CLASS_AGAIN = 5,    /* certainly nothing happened; same id, later */
  JN_ERROR_CLASS_UNKNOWN = 6,  /* may or may not have happened; ask by id first */
  JN_ERROR_CLASS_DAMAGED = 7,  /* stored data cannot be trusted */
  JN_ERROR_CLASS_ROLLED_BACK = 8,
  JN_ERROR_CLASS_KEY = 9,
  JN_ERROR_CLASS_SESSION = 10, /* log in again, or never */
} JnErrorClass;

/* The first ten classes share their numbers with jn_status of the ledger; a test holds them together. */
typedef enum
{
  JN_ERROR_INVALID = 100, /* malformed request or answer of our own making */
  JN_ERROR_AMOUNT_ZERO = 101,
  JN_ERROR_SAME_ACCOUNT = 102,
  JN_ERROR_CURRENCY_MISMATCH = 103,
  JN_ERROR_UNKNOWN_FLAG = 104,
  JN_ERROR_ID_RESERVED = 105,
  JN_ERROR_GROUP_OPEN = 106,
  JN_ERROR_AMOUNT_OVERFLOW = 107,
  JN_ERROR_TOO_MANY = 108,
  JN_ERROR_CODE_CHECKSUM = 120, /* payment code: CRC wrong */
  JN_ERROR_CODE_FORMAT = 121,   /* payment code: not an EMVCo code, or a length is wrong */
  JN_ERROR_CODE_CURRENCY = 122, /* payment code: unknown currency */
  JN_ERROR_CODE_AMOUNT = 123,   /* payment code: not an amount */
  JN_ERROR_CODE_TEXT = 124,     /* payment code: control, bidi or markup characters in a name */
  JN_ERROR_PICTURE_NO_CODE = 130,
  JN_ERROR_PICTURE_MANY_CODES = 131,
  JN_ERROR_PICTURE_TOO_LARGE = 132,
  JN_ERROR_PICTURE_UNREADABLE = 133,
  JN_ERROR_NO_ACCOUNT_IN_TEXT = 140, /* pasted text holds no account */

  JN_ERROR_CONFLICT = 200, /* id used for another request */

  JN_ERROR_NO_FUNDS = 300,
  JN_ERROR_OVER_CEILING = 301,
  JN_ERROR_OVER_LIMIT = 302,
  JN_ERROR_ACCOUNT_CLOSED = 303,
  JN_ERROR_ACCOUNT_FROZEN = 304,
  JN_ERROR_ACCOUNT_UNKNOWN = 305,
  JN_ERROR_PENDING_UNKNOWN = 306,
  JN_ERROR_PENDING_POSTED = 307,
  JN_ERROR_PENDING_VOIDED = 308,
  JN_ERROR_PENDING_EXPIRED = 309,
  JN_ERROR_POST_TOO_MUCH = 310,
  JN_ERROR_PAYEE_UNKNOWN = 320,
  JN_ERROR_CODE_EXPIRED = 321, /* order or payment code no longer valid */
  JN_ERROR_ORDER_PAID = 322,   /* this merchant order is already paid */
  JN_ERROR_CANCELLED = 323,    /* closed before it was made */
  JN_ERROR_REFUSED = 324,      /* the bank says no without a reason we know */
  JN_ERROR_PIN_WRONG = 330,
  JN_ERROR_PIN_BLOCKED = 331,
  JN_ERROR_PIN_WEAK = 332,
  JN_ERROR_SMS_WRONG = 333,
  JN_ERROR_SMS_EXPIRED = 334,

  JN_ERROR_GROUP_FAILED = 400,

  JN_ERROR_BUSY = 500, /* another process holds the file; second start */
  JN_ERROR_NO_MEMORY = 501,
  JN_ERROR_DISK_FULL = 502,
  JN_ERROR_NOT_SENT = 503,
  JN_ERROR_RATE_LIMITED = 504,
  JN_ERROR_OFFLINE = 505,
  JN_ERROR_READ_ONLY = 506,
  JN_ERROR_SIGN_IN_PAGE =
      507, /* a read was answered by a page of the network in between, not by the bank */

  JN_ERROR_SYNC_FAILED = 600, /* fsync */
  JN_ERROR_SENT_NO_ANSWER = 601,
  JN_ERROR_ANSWER_CUT = 602,
  JN_ERROR_BANK_5XX = 603,
  JN_ERROR_ANSWER_INVALID = 604, /* HTML, oversized, not strict JSON, wrong shape */
  JN_ERROR_ANSWER_NOT_SIGNED =
      605,                     /* not signed by the bank's key, or signed for another request */
  JN_ERROR_COUNTER_USED = 606, /* the bank has seen this request's counter, or a higher one */

  JN_ERROR_PAGE_DAMAGED = 700,
  JN_ERROR_CHAIN_BROKEN = 701,
  JN_ERROR_INVARIANT = 702,
  JN_ERROR_FORMAT_NEWER = 703,
  JN_ERROR_IO = 704,
  JN_ERROR_BALANCE_MISMATCH = 705, /* the bank's balance does not match its entries */

  JN_ERROR_FILE_OLDER_THAN_HEAD = 800,
  JN_ERROR_BANK_OLDER_THAN_HEAD = 801,

  JN_ERROR_KEY_WRONG = 900,
  JN_ERROR_KEY_MISSING = 901,
  JN_ERROR_SLOT_DAMAGED = 902,
  JN_ERROR_BANK_KEYS_UNREADABLE =
      903, /* the bank's keys that were kept here: nothing is sent, and no others are believed */

  JN_ERROR_SESSION_EXPIRED = 1000,
  JN_ERROR_DEVICE_REVOKED = 1001,
  JN_ERROR_SIGNATURE_BAD = 1002,
  JN_ERROR_HEAD_MISMATCH = 1003,
} JnErrorCode;

#define JN_ERROR (jn_error_quark ())
GQuark jn_error_quark (void);

/* The class of a code. Pure. */
JnErrorClass jn_error_code_get_class (int code);

/* The class of any GError: JN_ERROR by its code, G_IO_ERROR cancelled and everything else by what is safe to say
 * (UNKNOWN is never turned into AGAIN). */
JnErrorClass jn_error_get_class (const GError *error);

/* Whether the error is a JN_ERROR with this code. */
gboolean jn_error_is (const GError *error, JnErrorCode code);

/* Stable name for logs and the wire ("NO_FUNDS"), or NULL. Static string. */
const char *jn_error_code_get_name (int code);
int jn_error_code_from_name (const char *name); /* 0 when unknown */

G_END_DECLS
