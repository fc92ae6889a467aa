/* Pinyin initials of Chinese characters, and what they match. Pure. */
#ifndef JN_LEDGER_INITIALS_H
#define JN_LEDGER_INITIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JN_INITIALS_FIRST 0x4e00u
#define JN_INITIALS_LAST 0x9fffu

/* The tables; letters end with a zero. */
extern const char jn_initials_of[];
extern const char jn_initials_several[][4];

/* The letters of up to @room characters of UTF-8 @text that have any, in order; others are left out. A character that is read in
 * several ways has several letters. Returns how many there are. */
typedef struct
{
  char letters[4];
} jn_initial;
size_t jn_initials_read (const char *text, size_t n, jn_initial *out, size_t room);

/* Whether @n letters a to z are the initials of neighbours in @text. */
bool jn_initials_match (const char *text, size_t length, const char *letters, size_t n);
/* Whether it can match at all: letters a to z and nothing else. */
bool jn_initials_are_letters (const char *folded, size_t n);

#endif
