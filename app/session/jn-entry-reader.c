/* From a ledger row and the bank's detail to the facts of a row. */
#include "jn-entry-reader.h"

gboolean
jn_entry_reader_init (JnEntryReader *self, JnStorage *storage, JnCurrency currency)
{
  jn_id points;
  self->storage = storage;
  self->currency = currency;
  self->snapshot = NULL;
  return jn_storage_get_accounts (storage, &self->account, &points);
}

static JnEntryKind
kind_of_category (const jn_entry_row *row)
{
  switch (row->code)
    {
    case JN_CATEGORY_TRANSFER:
      return JN_ENTRY_KIND_TRANSFER;
    case JN_CATEGORY_INCOME:
      return JN_ENTRY_KIND_INCOME;
    case JN_CATEGORY_OPENING:
      return JN_ENTRY_KIND_OPENING;
    default:
      return row->amount > 0 ? JN_ENTRY_KIND_REFUND : JN_ENTRY_KIND_PAYMENT;
    }
}

static char *
dup_or_null (const char *text)
{
  return text[0] != '\0' ? g_strdup (text) : NULL;
}

static JnEntryKind
kind_of_wire (const JnEntryDetail *detail, const jn_entry_row *row)
{
  switch (detail->kind)
    {
    case JN_WIRE_KIND_PAYMENT:
      return JN_ENTRY_KIND_PAYMENT;
    case JN_WIRE_KIND_TRANSFER:
      return JN_ENTRY_KIND_TRANSFER;
    case JN_WIRE_KIND_INCOME:
      return JN_ENTRY_KIND_INCOME;
    case JN_WIRE_KIND_OPENING:
      return JN_ENTRY_KIND_OPENING;
    case JN_WIRE_KIND_REFUND:
      return JN_ENTRY_KIND_REFUND;
    case JN_WIRE_KIND_BILL:
      return JN_ENTRY_KIND_BILL;
    case JN_WIRE_KIND_TOPUP:
      return JN_ENTRY_KIND_TOP_UP;
    case JN_WIRE_KIND_PENDING:
    case JN_WIRE_KIND_HOLD:
    default:
      return kind_of_category (row);
    }
}

/* What the bank said beyond what the ledger keeps. */
static void
add_detail (const jn_entry_row *row, JnEntryDetail *detail, JnEntryFacts *out)
{
  out->id = detail->bank_id;
  out->intent = detail->intent;
  out->returns = detail->returns;
  out->returned_by = detail->returned_by;
  out->kind = kind_of_wire (detail, row);
  out->original = detail->original;
  out->discount = detail->discount;
  out->points = detail->points_earned;
  out->account = g_steal_pointer (&detail->counterparty_account);
  out->card = g_steal_pointer (&detail->card);
  if (out->state != JN_ENTRY_BOOKED)
    {
      out->state = detail->kind == JN_WIRE_KIND_PENDING ? JN_ENTRY_PENDING : JN_ENTRY_HELD;
      out->expires_at = detail->expires_at;
    }
  if (detail->memo != NULL)
    {
      g_free (out->memo);
      out->memo = g_steal_pointer (&detail->memo);
    }
}

static char *
dup_note (JnEntryReader *self, const jn_entry_row *row)
{
  g_autofree jn_annotation_row *note = NULL;

  if (self->snapshot == NULL || (row->fields & 1u << JN_FIELD_NOTE) == 0)
    return NULL;
  note = g_new (jn_annotation_row, 1);
  return jn_annotation_get (self->snapshot, &row->id, JN_FIELD_NOTE, note) == JN_OK
             ? dup_or_null (note->value)
             : NULL;
}

void
jn_entry_reader_fill (JnEntryReader *self, const jn_entry_row *row, JnEntryFacts *out)
{
  JnId transfer;
  memcpy (transfer.bytes, row->id.b, sizeof transfer.bytes);
  *out = (JnEntryFacts){
    .state = row->kind == JN_PENDING ? JN_ENTRY_HELD : JN_ENTRY_BOOKED,
    .kind = kind_of_category (row),
    .id = transfer,
    .payee = g_strdup (row->payee),
    .memo = dup_or_null (row->memo),
    .note = dup_note (self, row),
    .category = row->code < JN_N_CATEGORIES ? (JnCategory) row->code : JN_CATEGORY_NONE,
    .amount = jn_money (row->amount, self->currency),
    .occurred_at = row->occurred_us,
    .expires_at = row->expires_us,
    .date = row->value_date,
  };
  if (out->state == JN_ENTRY_BOOKED)
    out->balance_after = jn_money (row->posted_after, self->currency);
  g_autoptr (JnEntryDetail) detail = jn_storage_get_entry_detail (self->storage, &transfer);
  if (detail != NULL)
    add_detail (row, detail, out);
}
