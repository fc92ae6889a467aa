/* A strict RFC 8259 reader in front of json-glib, and a writer. json-glib 1.6 alone crashes on deep nesting, wraps
 * large integers and keeps the last of duplicate keys; nothing reaches it here before our own scan has passed.
 * Amounts never travel as JSON numbers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define JN_JSON_MAX_DEPTH 32
#define JN_JSON_MAX_BYTES (4u * 1024u * 1024u)
/* Small ones grow the most: as a tree a number takes 80 bytes, a member of an object twice that, an empty object 300: an
 * object or a list counts as so many values. */
#define JN_JSON_MAX_VALUES 131072u
#define JN_JSON_CONTAINER 4u

/* A value inside a document; valid while a JnJsonDoc is. NULL stands for "absent" and every reader accepts it. */
typedef struct _JnJson JnJson;
typedef struct _JnJsonDoc JnJsonDoc;

/* Reads a whole document. Refuses with JN_ERROR_ANSWER_INVALID: more than JN_JSON_MAX_BYTES or JN_JSON_MAX_VALUES,
 * deeper than JN_JSON_MAX_DEPTH, duplicate keys, anything outside RFC 8259, invalid UTF-8, NUL, integers outside
 * ±(2^53−1), trailing bytes, empty text. Pure, any thread. */
JnJsonDoc *jn_json_parse (const char *data, gsize length, GError **error);
JnJson *jn_json_doc_root (JnJsonDoc *doc);
void jn_json_doc_free (JnJsonDoc *doc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnJsonDoc, jn_json_doc_free)

/* The same for a document with a long list in it: as a tree it is some ten times as large, so that the list, the array at @path ("a/b"), is
 * read a few elements at a time. Accepts and refuses what jn_json_parse does. @data has to stay until the reader is freed. */
typedef struct _JnJsonParts JnJsonParts;
JnJsonParts *jn_json_parts_new (const char *data, gsize length, const char *path, GError **error);
void jn_json_parts_free (JnJsonParts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnJsonParts, jn_json_parts_free)
/* The document with an empty list; with all that is in it when there is no array at the path. */
JnJsonDoc *jn_json_parts_read_rest (JnJsonParts *self, GError **error);
/* The next elements, @most or less, as an array; NULL without an error behind the last one. */
JnJsonDoc *jn_json_parts_read_next (JnJsonParts *self, guint most, GError **error);

gboolean jn_json_is_object (JnJson *json);
gboolean jn_json_is_array (JnJson *json);

/* Member of an object, or NULL when @json is no object or has no such member. */
JnJson *jn_json_get (JnJson *json, const char *name);
/* Walks members by a path separated by '/': "transactionAmount/amount". */
JnJson *jn_json_path (JnJson *json, const char *path);

guint jn_json_length (JnJson *array); /* 0 when not an array */
JnJson *jn_json_at (JnJson *array, guint index);

/* Scalars; FALSE / NULL when the value is absent or of another type. Strings are borrowed from the document. */
const char *jn_json_string (JnJson *json);
gboolean jn_json_integer (JnJson *json, gint64 *out);
gboolean jn_json_boolean (JnJson *json, gboolean *out);

/* Writer. Members stand in the order they are written; jn_json_writer_end_* close what begin opened. Strings are
 * escaped by RFC 8259; invalid UTF-8 is a programming error. */
typedef struct _JnJsonWriter JnJsonWriter;
JnJsonWriter *jn_json_writer_new (void);
void jn_json_writer_free (JnJsonWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnJsonWriter, jn_json_writer_free)
/* @name is NULL inside an array and at the root. */
void jn_json_writer_begin_object (JnJsonWriter *self, const char *name);
void jn_json_writer_end_object (JnJsonWriter *self);
void jn_json_writer_begin_array (JnJsonWriter *self, const char *name);
void jn_json_writer_end_array (JnJsonWriter *self);
void jn_json_writer_string (JnJsonWriter *self, const char *name,
                            const char *value); /* NULL value: member omitted */
void jn_json_writer_integer (JnJsonWriter *self, const char *name, gint64 value);
void jn_json_writer_boolean (JnJsonWriter *self, const char *name, gboolean value);
/* Inserts an already serialised value. */
void jn_json_writer_raw (JnJsonWriter *self, const char *name, const char *json);
/* Takes the text and empties the writer. Caller frees. */
char *jn_json_writer_finish (JnJsonWriter *self, gsize *length);

/* RFC 8785 canonical form of a document whose numbers are integers: sorted keys, no blanks. Caller frees. */
char *jn_json_canonical (JnJson *json, gsize *length);
/* The same without one member, by its path ("wallet/chain"); without that member it is the same as jn_json_canonical. */
char *jn_json_canonical_without (JnJson *json, const char *path, gsize *length);

G_END_DECLS
