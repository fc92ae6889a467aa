#include "jn-ledger-initials.h"

#include <string.h>

#define CHARACTERS 67u /* of three bytes in a text */

/* All characters of the table have three bytes. */
static bool
letters_at (const uint8_t *p, size_t n, jn_initial *out)
{
  uint32_t code;
  uint8_t letter;

  if (n < 3 || (p[0] & 0xf0) != 0xe0)
    return false;
  code = (uint32_t) (p[0] & 0x0f) << 12 | (uint32_t) (p[1] & 0x3f) << 6 | (p[2] & 0x3fu);
  if (code < JN_INITIALS_FIRST || code > JN_INITIALS_LAST)
    return false;
  letter = (uint8_t) jn_initials_of[code - JN_INITIALS_FIRST];
  memset (out, 0, sizeof *out);
  if (letter >= 0x80)
    memcpy (out, jn_initials_several[letter - 0x80], sizeof *out);
  else
    out->letters[0] = (char) letter;
  return letter != '.';
}

size_t
jn_initials_read (const char *text, size_t n, jn_initial *out, size_t room)
{
  size_t found = 0;

  for (size_t i = 0; i < n && found < room; i++)
    found += letters_at ((const uint8_t *) text + i, n - i, &out[found]) ? 1 : 0;
  return found;
}

bool
jn_initials_are_letters (const char *folded, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (folded[i] < 'a' || folded[i] > 'z')
      return false;
  return n > 0;
}

bool
jn_initials_match (const char *text, size_t length, const char *letters, size_t n)
{
  jn_initial initials[CHARACTERS];
  size_t found = jn_initials_read (text, length, initials, CHARACTERS);

  for (size_t i = 0; i + n <= found; i++)
    {
      size_t k = 0;

      while (k < n
             && memchr (initials[i + k].letters, letters[k], sizeof initials->letters) != NULL)
        k++;
      if (k == n)
        return true;
    }
  return false;
}
