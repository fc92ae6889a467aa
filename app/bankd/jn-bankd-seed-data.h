/* Who the sample customer deals with. Every name is invented. */
#pragma once

#include "jn-bankd-core.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id; /* number in the register and in payment codes */
  const char *name, *branch, *city, *latin_name, *latin_city, *mcc;
  JnCategory category;
  int shop;           /* place in the sandbox's street, 0 for none */
  gint64 shop_amount; /* of its dynamic code, 0 for a static one */
} JnBankdSeedMerchant;

extern const JnBankdSeedMerchant jn_bankd_seed_merchants[];
extern const guint jn_bankd_seed_n_merchants;

typedef struct
{
  const char *name;
  const char *prefix; /* of the account: which bank */
} JnBankdSeedPerson;

extern const JnBankdSeedPerson jn_bankd_seed_persons[];
extern const guint jn_bankd_seed_n_persons;

/* Places in the tables. */
enum
{
  JN_BANKD_COFFEE,
  JN_BANKD_MARKET,
  JN_BANKD_METRO,
  JN_BANKD_GREENS,
  JN_BANKD_NOODLES,
  JN_BANKD_CANTEEN,
  JN_BANKD_HOTPOT,
  JN_BANKD_TAXI,
  JN_BANKD_RENT,
  JN_BANKD_POWER,
  JN_BANKD_WATER,
  JN_BANKD_GAS,
  JN_BANKD_STORE,
  JN_BANKD_CLOTHES,
  JN_BANKD_CINEMA,
  JN_BANKD_PHARMACY,
  JN_BANKD_BOOKS,
  JN_BANKD_TRAVEL,
  JN_BANKD_HOTEL,
  JN_BANKD_TELECOM,
  JN_BANKD_PARCEL,
  JN_BANKD_BARBER,
};

enum
{
  JN_BANKD_SAVINGS, /* the customer's own account elsewhere */
  JN_BANKD_MOTHER,
  JN_BANKD_FRIEND,
  JN_BANKD_COLLEAGUE,
  JN_BANKD_COUSIN,
};

G_END_DECLS
