/* A log that never repeats what it must not know: runs of four or more digits, 26-character ids' random part and
 * anything after "pin", "code" or "token" are replaced before a line is written. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  JN_LOG_DEBUG,
  JN_LOG_INFO,
  JN_LOG_WARNING,
  JN_LOG_ERROR
} JnLogLevel;

/* Writes one redacted line to stderr when @level is at least the level set (default WARNING). Any thread. */
void jn_log (JnLogLevel level, const char *room, const char *format, ...) G_GNUC_PRINTF (3, 4);
void jn_log_set_level (JnLogLevel level);

/* The redaction alone, for tests. Caller frees. */
char *jn_log_redact (const char *line);

G_END_DECLS
