/* Stands in for jinnang-camera: what it sends comes from descriptor 3. One record for each question: its length (4 bytes) and its bytes;
 * a length of 0 says no more, and nothing; the end ends it. With --probe: as the name says. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
  char question;
  uint32_t length;

  if (argc == 2 && strcmp (argv[1], "--probe") == 0)
    return strstr (argv[0], "without") != NULL;
  while (read (0, &question, 1) == 1)
    {
      if (read (3, &length, sizeof length) != (ssize_t) sizeof length)
        return 0;
      if (length == 0)
        continue;
      char *record = malloc (length);
      if (record == NULL || read (3, record, length) != (ssize_t) length)
        return 1;
      for (size_t at = 0; at < length;)
        {
          ssize_t done = write (0, record + at, length - at);
          if (done <= 0)
            return 1;
          at += (size_t) done;
        }
      free (record);
    }
  return 0;
}
