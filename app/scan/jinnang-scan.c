/* The decoder: a picture on descriptor 0, one answer on descriptor 1.
 *
 *   OK <length in bytes>\n<text>
 *   ERR <name of a JN_ERROR>\n */
#include "jn-confine.h"
#include "jn-error.h"
#include "jn-picture.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void
write_all (const char *data, gsize length)
{
  while (length > 0)
    {
      gssize done = write (STDOUT_FILENO, data, length);
      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        _exit (1);
      data += done;
      length -= (gsize) done;
    }
}

/* _exit: handlers that run at the end of a process make calls that are no longer allowed. */
static G_NORETURN void
answer_error (int code)
{
  g_autofree char *line = g_strdup_printf ("ERR %s\n", jn_error_code_get_name (code));
  write_all (line, strlen (line));
  _exit (0);
}

static G_NORETURN void
answer_text (const char *text)
{
  g_autofree char *head = g_strdup_printf ("OK %" G_GSIZE_FORMAT "\n", strlen (text));
  write_all (head, strlen (head));
  write_all (text, strlen (text));
  _exit (0);
}

/* Everything on standard input, at most one byte more than is allowed. */
static guint8 *
read_picture (gsize *length)
{
  gsize room = JN_PICTURE_MAX_BYTES + 1;
  guint8 *data = g_malloc (room);

  *length = 0;
  while (*length < room)
    {
      gssize got = read (STDIN_FILENO, data + *length, room - *length);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      *length += (gsize) got;
    }
  return data;
}

static GLogWriterOutput
drop_log (GLogLevelFlags level, const GLogField *fields, gsize count, gpointer data)
{
  return G_LOG_WRITER_HANDLED;
}

int
main (void)
{
  g_autoptr (JnPicture) picture = NULL;
  gboolean undecodable;
  gsize length;

  g_log_set_writer_func (drop_log, NULL, NULL);
  if (!jn_picture_prepare () || !jn_confine ())
    _exit (2);

  g_autofree guint8 *data = read_picture (&length);
  int code = jn_picture_load (data, length, &picture);
  if (code != 0)
    answer_error (code);
  g_autoptr (GPtrArray) texts = jn_picture_find_codes (picture, &undecodable);
  if (texts->len > 1 || (texts->len == 1 && undecodable))
    answer_error (JN_ERROR_PICTURE_MANY_CODES);
  if (texts->len == 0)
    answer_error (undecodable || !picture->whole ? JN_ERROR_PICTURE_UNREADABLE
                                                 : JN_ERROR_PICTURE_NO_CODE);
  answer_text (g_ptr_array_index (texts, 0));
}
