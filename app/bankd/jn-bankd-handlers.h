/* The bank's answers by endpoint. Each ends its call with an answer or a failure; a write runs inside a transaction
 * that the router commits. A failed call keeps its effects (a counted PIN try), except with a status of 500 and above. */
#pragma once

#include "jn-bankd-call.h"

G_BEGIN_DECLS

typedef void (*JnBankdHandler) (JnBankdCall *call);

/* jn-bankd-enrol-api.c */
void jn_bankd_handle_enrolment_start (JnBankdCall *call);
void jn_bankd_handle_enrolment_code (JnBankdCall *call);
void jn_bankd_handle_enrolment_pin (JnBankdCall *call);
void jn_bankd_handle_enrolment_identity (JnBankdCall *call);
void jn_bankd_handle_enrolment_card (JnBankdCall *call);
void jn_bankd_handle_enrolment_finish (JnBankdCall *call);

/* jn-bankd-accounts-api.c */
void jn_bankd_handle_accounts (JnBankdCall *call);
void jn_bankd_handle_account (JnBankdCall *call);
void jn_bankd_handle_balances (JnBankdCall *call);
void jn_bankd_handle_transactions (JnBankdCall *call);
void jn_bankd_handle_transaction (JnBankdCall *call);

/* jn-bankd-consents-api.c */
void jn_bankd_handle_consent_create (JnBankdCall *call);
void jn_bankd_handle_consent (JnBankdCall *call);
void jn_bankd_handle_consent_status (JnBankdCall *call);
void jn_bankd_handle_consent_delete (JnBankdCall *call);

/* jn-bankd-payments-api.c */
void jn_bankd_handle_payment_start (JnBankdCall *call);
void jn_bankd_handle_payment (JnBankdCall *call);
void jn_bankd_handle_payment_status (JnBankdCall *call);
void jn_bankd_handle_payment_cancel (JnBankdCall *call);
void jn_bankd_handle_funds (JnBankdCall *call);
void jn_bankd_handle_intent (JnBankdCall *call);
void jn_bankd_handle_settlement (JnBankdCall *call);

/* jn-bankd-authorisation-api.c */
void jn_bankd_handle_authorisation_start (JnBankdCall *call);
void jn_bankd_handle_authorisation (JnBankdCall *call);
void jn_bankd_handle_authorisation_update (JnBankdCall *call);

/* jn-bankd-wallet-api.c */
void jn_bankd_handle_qr_resolve (JnBankdCall *call);
void jn_bankd_handle_payee_check (JnBankdCall *call);
void jn_bankd_handle_profile (JnBankdCall *call);
void jn_bankd_handle_events (JnBankdCall *call);
void jn_bankd_handle_event_stream (JnBankdCall *call);

/* jn-bankd-offers.c, jn-bankd-points.c */
void jn_bankd_handle_offers (JnBankdCall *call);
void jn_bankd_handle_points (JnBankdCall *call);

/* jn-bankd-money-api.c */
void jn_bankd_handle_return (JnBankdCall *call);

/* jn-bankd-keys.c */
void jn_bankd_handle_keys (JnBankdCall *call);
void jn_bankd_handle_rotate_key (JnBankdCall *call);

/* jn-bankd-sandbox-api.c */
void jn_bankd_handle_messages (JnBankdCall *call);
void jn_bankd_handle_shops (JnBankdCall *call);
void jn_bankd_handle_reset (JnBankdCall *call);

G_END_DECLS
