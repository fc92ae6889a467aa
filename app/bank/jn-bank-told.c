/* Dates and the details of a refusal. */
#include "jn-bank-told.h"

#include "jn-wire-read.h"

void
jn_bank_told_begin (JnBankTold *self, JnInstant signed_at, JnInstant now)
{
  g_clear_pointer (&self->paid_on, g_free);
  self->paid_at = 0;
  self->available = self->held = self->missing = jn_money (0, JN_CURRENCY_NONE);
  if (signed_at == 0)
    return;
  self->date = signed_at;
  self->came = now;
}

static void
read_funds (JnBankTold *self, JnJson *problem)
{
  JnWireReader reader = { NULL };
  JnMoney available = jn_wire_take_money (&reader, problem, "available", JN_WIRE_REQUIRED);
  JnMoney held = jn_wire_take_money (&reader, problem, "held", JN_WIRE_REQUIRED);
  JnMoney missing = jn_wire_take_money (&reader, problem, "missing", JN_WIRE_REQUIRED);

  if (reader.failure != NULL || missing.minor <= 0 || held.minor < 0
      || missing.currency != available.currency || missing.currency != held.currency)
    return;
  self->available = available;
  self->held = held;
  self->missing = missing;
}

void
jn_bank_told_read (JnBankTold *self, JnJson *problem)
{
  JnWireReader name = { NULL };
  JnWireReader time = { NULL };

  self->paid_on = jn_wire_take_name (&name, problem, "paidOn", JN_WIRE_OPTIONAL);
  self->paid_at = jn_wire_take_instant (&time, problem, "paidAt", JN_WIRE_OPTIONAL);
  if (jn_json_get (problem, "missing") != NULL)
    read_funds (self, problem);
}
