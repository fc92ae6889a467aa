/* Merchant-presented payment codes: EMV QR Code Specification for Payment Systems, Merchant-Presented Mode 1.1. */
#pragma once

#include "jn-money.h"

G_BEGIN_DECLS

#define JN_EMV_MAX_CHARS 512

typedef enum
{
  JN_EMV_INITIATION_NONE, /* not stated */
  JN_EMV_INITIATION_STATIC,
  JN_EMV_INITIATION_DYNAMIC,
} JnEmvInitiation;

typedef enum
{
  JN_EMV_TIP_NONE,
  JN_EMV_TIP_PROMPT,
  JN_EMV_TIP_FIXED,
  JN_EMV_TIP_PERCENTAGE,
} JnEmvTip;

/* Account of the merchant at one scheme: ids 02–25 carry a bare value, 26–51 a template whose object 00 names the
 * scheme. */
typedef struct
{
  guint id;
  char *guid;  /* NULL for a bare value */
  char *value; /* the whole value as it stands in the code */
} JnEmvAccount;

/* One code. Strings are owned by the code and NULL when absent. Nothing in it is trusted: it is what a stranger
 * printed, and the bank resolves the payee. */
typedef struct
{
  char *payload; /* the whole text; not read by build */
  JnEmvInitiation initiation;
  GPtrArray *accounts; /* JnEmvAccount */
  char *mcc;           /* ISO 18245, four digits */
  JnCurrency currency;
  gboolean has_amount; /* otherwise the payer types it */
  JnMoney amount;
  JnEmvTip tip;
  JnMoney tip_fixed;
  guint tip_hundredths; /* of a percent: 1..9999 */
  char *country;        /* ISO 3166-1 alpha-2 */
  char *name;
  char *city;
  char *postal_code;
  /* Additional data (62); "***" asks the payer. */
  char *bill;
  char *mobile;
  char *store;
  char *loyalty;
  char *reference;
  char *customer;
  char *terminal;
  char *purpose;
  char *data_request; /* some of A M E */
  /* Language template (64). */
  char *language;
  char *local_name;
  char *local_city;
} JnEmvCode;

/* An empty code to fill and build; payload NULL. */
JnEmvCode *jn_emv_code_new (void);
void jn_emv_code_free (JnEmvCode *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnEmvCode, jn_emv_code_free)

/* Whether @text looks like such a code at all (begins with the payload format), so that errors about it make sense. */
gboolean jn_emv_code_is_likely (const char *text);

/* Reads a code; blanks around it are ignored, unknown ids are skipped. On success *@out is the caller's. Errors, all
 * JN_ERROR: CODE_FORMAT (structure, lengths, missing or doubled ids, more than JN_EMV_MAX_CHARS), CODE_CHECKSUM,
 * CODE_CURRENCY, CODE_AMOUNT (no amount above zero in the currency's decimals: "1e9"), CODE_TEXT (control,
 * bidi or markup characters). Pure, any thread. */
gboolean jn_emv_code_parse (const char *text, JnEmvCode **out, GError **error);

/* Adds a template @id (26–51) with object 00 = @guid and object @sub_id = @value. FALSE when it does not fit. */
gboolean jn_emv_code_add_account (JnEmvCode *self, guint id, const char *guid, guint sub_id,
                                  const char *value);

/* Writes the code with its checksum. Fails with the error that jn_emv_code_parse would give for the result.
 * Caller frees. */
char *jn_emv_code_build (const JnEmvCode *self, GError **error);

/* The account of scheme @guid (compared without case), or NULL. Borrowed. */
const JnEmvAccount *jn_emv_code_find_account (const JnEmvCode *self, const char *guid);

/* A copy of object @sub_id of a template, or NULL. Caller frees. */
char *jn_emv_account_get (const JnEmvAccount *self, guint sub_id);

/* The name to show beside the bank's own: the local one when there is one. Borrowed. */
const char *jn_emv_code_get_name (const JnEmvCode *self);

G_END_DECLS
