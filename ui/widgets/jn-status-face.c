#include "jn-status-face.h"

#include <glib/gi18n.h>

static const JnStatusFace faces[JN_N_STATUSES] = {
  [JN_STATUS_NONE] = { "jn-receipt-symbolic", "dim", JN_TONE_JADE, "", "", "" },
  [JN_STATUS_SENDING] = { "jn-sending-symbolic", "dim", JN_TONE_JADE, NC_ ("payment", "Sending"),
                          N_ ("It is on its way to the bank. Do not pay again."),
                          N_ ("Sending · do not pay again") },
  [JN_STATUS_CHECKING] = { "jn-checking-symbolic", "amber", JN_TONE_AMBER,
                           NC_ ("payment", "Being checked"),
                           N_ ("Not known yet. Do not pay again. We are checking."),
                           N_ ("Not known yet. Do not pay again. We are checking") },
  [JN_STATUS_MADE] = { "jn-made-symbolic", "jade", JN_TONE_JADE, NC_ ("payment", "Made"),
                       N_ ("Booked by the bank. This is final."), NC_ ("payment", "Made") },
  [JN_STATUS_NOT_MADE] = { "jn-not-made-symbolic", "dim", JN_TONE_DIM, NC_ ("payment", "Not made"),
                           N_ ("Your money has not moved."),
                           N_ ("Not made · your money has not moved") },
  [JN_STATUS_CANCELLED] = { "jn-cancelled-symbolic", "dim", JN_TONE_DIM,
                            NC_ ("payment", "Cancelled"),
                            N_ ("You cancelled it. Your money has not moved."),
                            N_ ("Cancelled · your money has not moved") },
  [JN_STATUS_RETURNED] = { "jn-returned-symbolic", "gold", JN_TONE_GOLD,
                           NC_ ("payment", "Returned"),
                           N_ ("It was made, and the money came back to your wallet."),
                           NC_ ("payment", "Returned") },
};

static const char *
translate (const char *text)
{
  const char *word = *text ? g_dpgettext2 (NULL, "payment", text) : "";

  /* Words have the context, sentences need none. */
  return word == text || g_str_equal (word, text) ? (*text ? gettext (text) : "") : word;
}

JnStatusFace
jn_status_get_face (JnStatus status)
{
  JnStatusFace face;

  g_return_val_if_fail (status < JN_N_STATUSES, faces[JN_STATUS_NONE]);
  face = faces[status];
  face.word = translate (face.word);
  face.sentence = translate (face.sentence);
  face.line = translate (face.line);
  return face;
}
