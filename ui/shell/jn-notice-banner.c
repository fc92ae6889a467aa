#include "jn-notice-banner.h"

#include "jn-banner.h"

#include <glib/gi18n.h>

static const char *
text_of (JnContextNotice notice)
{
  switch (notice)
    {
    case JN_CONTEXT_NOTICE_OLDER_COPY:
      return _ ("This is an older copy of your data. We are bringing it up to date from the bank. "
                "Nothing is paid again.");
    case JN_CONTEXT_NOTICE_OLDER_COPY_HEALED:
      return _ ("An older copy of your data had been put back. It is up to date again, and your "
                "notes are kept.");
    case JN_CONTEXT_NOTICE_REBUILDING:
      return _ ("The data on this computer could not be used and was set aside. Everything is "
                "being fetched from the bank.");
    case JN_CONTEXT_NOTICE_REBUILT:
      return _ ("Everything was fetched from the bank again. The data that could not be used is "
                "kept in the data folder.");
    case JN_CONTEXT_NOTICE_OTHER_CUSTOMER:
      return _ ("The data that was here belongs to another customer and was set aside. It comes "
                "back when that customer signs in on this computer.");
    case JN_CONTEXT_NOTICE_OTHER_CUSTOMER_OLDER:
      return _ ("The data that was here belongs to another customer and was set aside. It comes "
                "back when that customer signs in on this computer. Older data that lay there "
                "already is kept in the data folder, and does not come back by itself.");
    case JN_CONTEXT_NOTICE_NONE:
    default:
      return NULL;
    }
}

static void
update (GtkWidget *banner, GParamSpec *spec, JnContext *context)
{
  JnContextNotice notice = jn_context_get_notice (context);
  gboolean over = notice == JN_CONTEXT_NOTICE_OLDER_COPY_HEALED
                  || notice == JN_CONTEXT_NOTICE_REBUILT
                  || notice == JN_CONTEXT_NOTICE_OTHER_CUSTOMER
                  || notice == JN_CONTEXT_NOTICE_OTHER_CUSTOMER_OLDER;

  jn_banner_set_text (JN_BANNER (banner), text_of (notice));
  jn_banner_set_button (JN_BANNER (banner), over ? _ ("Understood") : NULL);
}

GtkWidget *
jn_notice_banner_new (JnContext *context)
{
  GtkWidget *banner = jn_banner_new (JN_TONE_AMBER);

  g_signal_connect_object (context, "notify::notice", G_CALLBACK (update), banner,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (banner, "clicked", G_CALLBACK (jn_context_dismiss_notice), context,
                           G_CONNECT_SWAPPED);
  update (banner, NULL, context);
  return banner;
}
