/* Inside the room: strict readers of members. A reader fails once and for all; what is taken after that is empty. */
#pragma once

#include "jn-wire.h"

G_BEGIN_DECLS

#define JN_WIRE_MAX_ARRAY 10000u
#define JN_WIRE_MAX_NAME                                                                           \
  66u /* characters: 198 bytes at most of Chinese, what the ledger can keep */
#define JN_WIRE_MAX_TEXT 140u
#define JN_WIRE_MAX_TOKEN 64u

typedef struct
{
  char *failure; /* what was wrong first; NULL while all is well */
} JnWireReader;

void jn_wire_reader_fail (JnWireReader *self, const char *member);

/* Ends reading: FALSE with JN_ERROR_ANSWER_INVALID after a failure. */
gboolean jn_wire_reader_end (JnWireReader *self, GError **error);

/* All take a member of @object by name or path ("transactionAmount/amount" walks). */
typedef enum
{
  JN_WIRE_REQUIRED,
  JN_WIRE_OPTIONAL,
} JnWireNeed;

/* Names and titles that people will see. */
char *jn_wire_take_name (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need);
/* Longer free text: as a name, but '<' and '&' may stand in it. */
char *jn_wire_take_text (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need);
/* Printable ASCII without blanks. */
char *jn_wire_take_token (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need);
/* Fit to stand in a path of a request. */
char *jn_wire_take_path_id (JnWireReader *self, JnJson *object, const char *path);
/* An account number: letters and digits. */
char *jn_wire_take_account (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need);
JnMoney jn_wire_take_money (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need);
JnId jn_wire_take_id (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need);
JnInstant jn_wire_take_instant (JnWireReader *self, JnJson *object, const char *path,
                                JnWireNeed need);
JnDate jn_wire_take_date (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need);
gint64 jn_wire_take_integer (JnWireReader *self, JnJson *object, const char *path, gint64 least,
                             gint64 most, JnWireNeed need);
gboolean jn_wire_take_boolean (JnWireReader *self, JnJson *object, const char *path,
                               JnWireNeed need);
/* A category that we do not know is OTHER. */
JnCategory jn_wire_take_category (JnWireReader *self, JnJson *object, const char *path,
                                  JnWireNeed need);
/* @length bytes in lower-case hexadecimal, and in base64 (RFC 4648, with padding). */
void jn_wire_take_hex (JnWireReader *self, JnJson *object, const char *path, guint8 *out,
                       gsize length);
void jn_wire_take_base64 (JnWireReader *self, JnJson *object, const char *path, guint8 *out,
                          gsize length);
JnWireName jn_wire_take_names (JnWireReader *self, JnJson *object, const char *path);
/* The index of the member's text in @names (NULL-terminated); 0 after a failure. */
guint jn_wire_take_choice (JnWireReader *self, JnJson *object, const char *path,
                           const char *const *names);
/* An array of at most JN_WIRE_MAX_ARRAY objects; NULL after a failure. */
JnJson *jn_wire_take_array (JnWireReader *self, JnJson *object, const char *path);

void jn_wire_name_clear (JnWireName *name);

/* Letters, digits, '-' and '_', at most 64; FALSE for NULL. */
gboolean jn_wire_is_path_id (const char *text);

/* One entry of a feed; @pending ones have no sequence and no balance. */
JnWireEntry *jn_wire_read_entry (JnWireReader *reader, JnJson *json, gboolean pending);

/* Reads each value of an array with @read_one: to the end of a list, or as the array at @path into a new one with @free_one. */
typedef gpointer (*JnWireReadOne) (JnWireReader *reader, JnJson *json);
void jn_wire_take_elements (JnWireReader *self, JnJson *array, GPtrArray *list,
                            JnWireReadOne read_one);
GPtrArray *jn_wire_take_list (JnWireReader *self, JnJson *object, const char *path,
                              JnWireReadOne read_one, GDestroyNotify free_one);

G_END_DECLS
