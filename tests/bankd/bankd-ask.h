/* One request to a bank in the test's own thread, which may have to wait until a PIN is hashed. */
#pragma once

#include "bankd-world.h"

typedef struct
{
  World *world;
  char *method, *target, *body;
  GHashTable *fields;
  GArray *headers;
  JnBankdReply got;
  guint waits, told; /* how often a job had to be waited for, and was said to be over */
} Ask;

/* Handles it for the first time. */
Ask *ask_new (World *world, const char *method, const char *target, GHashTable *fields,
              const char *body);
/* The same as a request of the world's device, signed, under @key or a new one. */
Ask *ask_signed (World *world, const char *method, const char *target, const char *key,
                 const char *body);
void ask_free (Ask *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ask, ask_free)

/* Whether there is no answer yet. */
gboolean ask_waits (Ask *self);
/* Lets time pass until there is one. Caller frees. */
Reply *ask_finish (Ask *self);
