#include "jn-language.h"

#include "jn-config.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

/* What LANGUAGE was when the program began: "" goes back to it. */
static char *
system_language (void)
{
  static gboolean asked;
  static char *language;

  if (!asked)
    {
      language = g_strdup (g_getenv ("LANGUAGE"));
      asked = TRUE;
    }
  return language;
}

/* glibc ignores LANGUAGE in the locale "C". C.UTF-8 is part of glibc and heeds it, also where no other is installed. */
static void
leave_the_c_locale (void)
{
  const char *messages = setlocale (LC_MESSAGES, NULL);
  const char *characters = setlocale (LC_CTYPE, NULL);

  if (g_strcmp0 (characters, "C") == 0 || g_strcmp0 (characters, "POSIX") == 0)
    setlocale (LC_CTYPE, "C.UTF-8");
  if (g_strcmp0 (messages, "C") == 0 || g_strcmp0 (messages, "POSIX") == 0)
    setlocale (LC_MESSAGES, "C.UTF-8");
}

void
jn_language_use (const char *language)
{
  const char *standard = system_language ();

  if (setlocale (LC_ALL, "") == NULL)
    setlocale (LC_ALL, "C.UTF-8");
  leave_the_c_locale ();
  if (*language)
    g_setenv ("LANGUAGE", language, TRUE);
  else if (standard)
    g_setenv ("LANGUAGE", standard, TRUE);
  else
    g_unsetenv ("LANGUAGE");
  bindtextdomain (JN_GETTEXT_PACKAGE, JN_LOCALE_DIR);
  bind_textdomain_codeset (JN_GETTEXT_PACKAGE, "UTF-8");
  /* Choosing the domain also drops what gettext has found so far; setlocale() with an unchanged name would not. */
  textdomain (JN_GETTEXT_PACKAGE);
}
