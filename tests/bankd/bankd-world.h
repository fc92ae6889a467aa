/* A bank in the test's own thread, with a clock that stands still, and a customer who walks through its door; or the
 * same customer before a bank elsewhere. */
#pragma once

#include "bankd-signer.h"

#include "jn-bankd-book.h"
#include "jn-bankd-door.h"
#include "jn-json.h"

#define WORLD_NOW "2026-11-22T04:30:00Z"
#define WORLD_PIN "258036"

typedef struct
{
  JnManualClock *clock;
  JnBankdCore *core; /* NULL: the bank is a program */
  char *address;
  Signer signer;
  GByteArray *keys; /* the bank's, learned at the first call */
  const char *device_name;
  void (*on_request) (gpointer data, const char *method, const char *target, GHashTable *fields,
                      const char *body); /* sees what is sent */
  gpointer on_request_data;
  char *authorization, *consent, *bban, *account;
} World;

World *world_new (const char *folder);
World *world_new_at (const char *folder, const char *now, guint64 seed);
/* With threads that hash PINs. */
World *world_new_threaded (const char *folder, guint threads);
/* The same customer before a bank that runs as a program. */
World *world_new_remote (const char *address);
void world_free (World *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

typedef struct
{
  guint status; /* 0: no answer */
  char *text;   /* the body's bytes */
  GHashTable *fields;
  JnJsonDoc *doc;
  JnJson *json;
  gboolean replayed;
  gboolean committed;
  guint wait;
} Reply;

void reply_free (Reply *reply);
void reply_parse (Reply *reply, const char *text, gsize length);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)

char *world_make_id (World *self);

/* @key NULL: a new one. @body NULL: none. */
Reply *world_call (World *self, const char *method, const char *target, const char *key,
                   const char *body);
/* The fields of a request of this device, not signed; a request with fields of the caller's making, whose answer is not
 * looked at. */
GHashTable *world_fields (World *self, const char *key);
Reply *world_send (World *self, const char *method, const char *target, GHashTable *fields,
                   const char *body);
const char *reply_string (Reply *reply, const char *path);
gint64 reply_amount (Reply *reply, const char *path); /* of an amount object, minor units */
void reply_assert (Reply *reply, guint status, const char *reason);

void world_enrol (World *self);

/* The account of a payee whom the customer knows. Caller frees. */
char *world_find_friend (World *self);

/* The body that begins an enrolment of this device. Caller frees. */
char *world_enrolment_body (World *self);

/* Goes on as the device of @other, before another bank. */
void world_become (World *self, const World *other);

/* The newest code on the test phone. Caller frees. */
char *world_read_code (World *self);

/* Body of a payment of the coffee at @payload (a fresh code when NULL); of a transfer to a seeded payee. */
char *world_coffee_body (World *self, const char *intent, const char *payload, const char *coupon);
char *world_transfer_body (World *self, const char *intent, const char *amount, const char *bban,
                           const char *name);
char *world_coffee_code (World *self);

/* Starts an authorisation of a payment; returns the path to PUT to. Caller frees. */
char *world_authorise (World *self, const char *product, Reply *payment);
char *world_proof (World *self, Reply *payment, const char *path, const char *pin);

/* Coffee from order to booking; returns the intent. Caller frees. */
char *world_buy_coffee (World *self);
