#include "bankd-ask.h"

#include <string.h>

static void
on_over (gpointer job, gpointer data)
{
  Ask *self = data;

  self->told++;
}

static JnBankdMessage
message_of (Ask *self)
{
  return (JnBankdMessage){
    .method = self->method,
    .target = self->target,
    .headers = (const JnBankdHeader *) (gpointer) self->headers->data,
    .n_headers = self->headers->len,
    .body = self->body,
    .body_length = self->body != NULL ? strlen (self->body) : 0,
  };
}

static void
wait_if_needed (Ask *self)
{
  if (self->got.job == NULL)
    return;
  self->waits++;
  jn_bankd_door_wait (self->world->core, &self->got, on_over, self);
}

Ask *
ask_new (World *world, const char *method, const char *target, GHashTable *fields, const char *body)
{
  Ask *self = g_new0 (Ask, 1);
  GHashTableIter iter;
  gpointer name, value;
  JnBankdMessage message;

  self->world = world;
  self->method = g_strdup (method);
  self->target = g_strdup (target);
  self->body = g_strdup (body);
  self->fields = g_hash_table_ref (fields);
  self->headers = g_array_new (FALSE, FALSE, sizeof (JnBankdHeader));
  g_hash_table_iter_init (&iter, fields);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      JnBankdHeader header = { name, value };

      g_array_append_val (self->headers, header);
    }
  message = message_of (self);
  jn_bankd_door_handle (world->core, &message, &self->got);
  wait_if_needed (self);
  return self;
}

Ask *
ask_signed (World *world, const char *method, const char *target, const char *key, const char *body)
{
  g_autoptr (GHashTable) fields = world_fields (world, key);

  signer_sign (&world->signer, method, target, fields, body);
  return ask_new (world, method, target, fields, body);
}

void
ask_free (Ask *self)
{
  if (self->got.job != NULL && self->world->core != NULL)
    jn_bankd_door_forget (self->world->core, &self->got, self);
  jn_bankd_reply_clear (&self->got);
  g_hash_table_unref (self->fields);
  g_array_unref (self->headers);
  g_free (self->method);
  g_free (self->target);
  g_free (self->body);
  g_free (self);
}

gboolean
ask_waits (Ask *self)
{
  return self->got.job != NULL;
}

Reply *
ask_finish (Ask *self)
{
  Reply *reply = g_new0 (Reply, 1);

  while (self->got.job != NULL)
    {
      JnBankdMessage message = message_of (self);

      while (self->told < self->waits)
        g_main_context_iteration (NULL, TRUE);
      jn_bankd_door_look_again (self->world->core, &message, &self->got);
      wait_if_needed (self);
    }
  reply->status = self->got.status;
  reply->wait = self->got.wait;
  reply->fields = fields_new ();
  for (guint i = 0; i < self->got.headers->len; i++)
    {
      const JnBankdHeader *header = &g_array_index (self->got.headers, JnBankdHeader, i);

      fields_set (reply->fields, header->name, header->value);
    }
  if (self->got.body != NULL)
    reply_parse (reply, self->got.body, self->got.body_length);
  reply->replayed = g_hash_table_contains (reply->fields, "idempotency-replayed");
  return reply;
}
