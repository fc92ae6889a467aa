#include "jn-search-dialog.h"

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-format.h"

#include <glib/gi18n.h>
#include <string.h>

#define MOST_ROWS 9

/* Functions and the words they are found by, in both languages and in pinyin, whatever language is shown. */
static const struct
{
  const char *title;
  const char *icon;
  const char *action;
  const char *target;
  const char *words;
} functions[] = {
  { N_ ("Scan or pay a code"), "jn-scan-symbolic", "win.go", "pay",
    "pay scan code qr payment 付款 扫一扫 扫码 二维码 支付 fukuan saoyisao saoma zhifu fk sys" },
  { N_ ("New transfer"), "jn-transfers-symbolic", "win.go", "transfers",
    "transfer send money payee 转账 汇款 收款方 zhuanzhang huikuan zz" },
  { N_ ("All bills"), "jn-bills-symbolic", "win.go", "bills",
    "bills history list entries 账单 明细 流水 记录 zhangdan mingxi zd" },
  { N_ ("Analysis of the month"), "jn-chart-symbolic", "win.go", "bills",
    "analysis spending chart month category 分析 支出 消费 图表 fenxi zhichu fx" },
  { N_ ("Dining budget"), "jn-dining-symbolic", "win.go", "bills#category:2",
    "budget dining food 预算 餐饮 吃饭 yusuan canyin ys" },
  { N_ ("Transport budget"), "jn-transport-symbolic", "win.go", "bills#category:3",
    "budget transport metro bus 预算 交通 地铁 yusuan jiaotong" },
  { N_ ("Coupons"), "jn-offers-symbolic", "win.go", "offers",
    "coupon offer discount 优惠 优惠券 折扣 youhui yhq yh" },
  { N_ ("Points"), "jn-points-symbolic", "win.go", "offers", "points reward 积分 奖励 jifen jf" },
  { N_ ("Home"), "jn-home-symbolic", "win.go", "home",
    "home balance available 首页 余额 可用余额 shouye yue sy" },
  { N_ ("Hide or show amounts"), "jn-eye-symbolic", "win.mask", NULL,
    "mask hide show amounts privacy eye 隐藏 金额 隐私 yincang yc" },
  { N_ ("Safety"), "jn-safety-symbolic", "win.go", "safety",
    "safety security keys hotline help 安全 密钥 客服 热线 anquan aq" },
  { N_ ("Inbox"), "jn-inbox-symbolic", "win.go", "inbox",
    "inbox notices results 收件箱 通知 消息 结果 tongzhi tz xiaoxi xx" },
  { N_ ("Payment journal"), "jn-journal-symbolic", "win.go", "journal",
    "journal payments key steps export service 付款日志 记录 导出 客服 rizhi rz jilu jl" },
  { N_ ("Why does it not work?"), "jn-doctor-symbolic", "win.doctor", NULL,
    "why fail failure doctor check network clock 失败 诊断 为什么 检查 网络 时间 zhenduan zd" },
  { N_ ("Settings"), "jn-settings-symbolic", "win.go", "settings",
    "settings preferences language erase 设置 语言 删除 shezhi sz" },
};

struct _JnSearchDialog
{
  AdwWindow parent_instance;
  JnContext *context;
  GtkWidget *entry;
  GtkWidget *list;
  GtkWidget *none;
};

G_DEFINE_FINAL_TYPE (JnSearchDialog, jn_search_dialog, ADW_TYPE_WINDOW)

static void
add_row (JnSearchDialog *self, const char *title, const char *line, const char *icon,
         const char *action, const char *target)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = jn_across_new (12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *avatar = jn_avatar_new (36);
  GtkWidget *name = gtk_label_new (title);

  if (icon)
    jn_avatar_set_icon (JN_AVATAR (avatar), icon);
  else
    jn_avatar_set_name (JN_AVATAR (avatar), title);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (name, "body-text");
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), name);
  if (line)
    gtk_box_append (GTK_BOX (texts), jn_text_new (line, "caption-text dim"));
  jn_across_append (box, avatar);
  jn_across_append (box, texts);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "action", (gpointer) action);
  g_object_set_data_full (G_OBJECT (row), "target", g_strdup (target), g_free);
  jn_widget_set_name (row, title);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}

static gboolean
matches (const char *words, const char *needle)
{
  g_autofree char *folded = g_utf8_casefold (words, -1);

  return strstr (folded, needle) != NULL;
}

static guint
add_functions (JnSearchDialog *self, const char *needle)
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (functions) && n < MOST_ROWS; i++)
    if (*needle == '\0'
            ? i < 7 && i != 5
            : matches (functions[i].words, needle) || matches (_ (functions[i].title), needle))
      {
        add_row (self, _ (functions[i].title), NULL, functions[i].icon, functions[i].action,
                 functions[i].target);
        n++;
      }
  return n;
}

static void
add_payees (JnSearchDialog *self, const char *needle, guint n)
{
  GListModel *payees = jn_context_get_payees (self->context);
  guint total = payees ? g_list_model_get_n_items (payees) : 0;

  for (guint i = 0; i < total && n < MOST_ROWS; i++)
    {
      g_autoptr (JnPayeeItem) payee = g_list_model_get_item (payees, i);
      const char *account = jn_payee_item_get_account (payee);
      g_autofree char *target = g_strdup_printf ("transfers#payee:%s", account);
      g_autofree char *line = NULL;
      gsize length = strlen (account);

      if (!matches (jn_payee_item_get_name (payee), needle) && strstr (account, needle) == NULL)
        continue;
      /* Translators: the payee's bank and the last four digits of the account. */
      line = g_strdup_printf (_ ("Payee · %1$s · %2$s"),
                              jn_payee_item_get_bank (payee, jn_format_is_chinese ()),
                              account + (length > 4 ? length - 4 : 0));
      add_row (self, jn_payee_item_get_name (payee), line, NULL, "win.go", target);
      n++;
    }
}

static void
search (JnSearchDialog *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  g_autofree char *needle = g_utf8_casefold (g_strstrip (text), -1);
  GtkWidget *child;
  GtkListBoxRow *first;
  guint n;

  while ((child = gtk_widget_get_first_child (self->list)))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
  n = add_functions (self, needle);
  if (*needle)
    {
      g_autofree char *title = g_strdup_printf (_ ("Bills with “%s”"), text);
      g_autofree char *target = g_strdup_printf ("bills#search:%s", text);

      add_payees (self, needle, n);
      add_row (self, title, NULL, "jn-search-symbolic", "win.go", target);
    }
  first = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0);
  if (first)
    gtk_list_box_select_row (GTK_LIST_BOX (self->list), first);
}

static void
activate_row (JnSearchDialog *self, GtkListBoxRow *row)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  const char *action = g_object_get_data (G_OBJECT (row), "action");
  g_autofree char *target = g_strdup (g_object_get_data (G_OBJECT (row), "target"));

  gtk_window_close (GTK_WINDOW (self));
  if (parent && target)
    gtk_widget_activate_action (GTK_WIDGET (parent), action, "s", target);
  else if (parent)
    gtk_widget_activate_action (GTK_WIDGET (parent), action, NULL);
}

static void
on_entry_activate (JnSearchDialog *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->list));

  if (row)
    activate_row (self, row);
}

static gboolean
on_key (JnSearchDialog *self, guint keyval, guint keycode, GdkModifierType state)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->list));
  int step = keyval == GDK_KEY_Down ? 1 : keyval == GDK_KEY_Up ? -1 : 0;
  GtkListBoxRow *next;

  if (keyval == GDK_KEY_Escape)
    {
      gtk_window_close (GTK_WINDOW (self));
      return TRUE;
    }
  if (step == 0 || row == NULL)
    return FALSE;
  next = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list),
                                        gtk_list_box_row_get_index (row) + step);
  if (next)
    gtk_list_box_select_row (GTK_LIST_BOX (self->list), next);
  return TRUE;
}

static void
jn_search_dialog_dispose (GObject *object)
{
  g_clear_object (&JN_SEARCH_DIALOG (object)->context);
  G_OBJECT_CLASS (jn_search_dialog_parent_class)->dispose (object);
}

static void
jn_search_dialog_class_init (JnSearchDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_search_dialog_dispose;
}

static void
jn_search_dialog_init (JnSearchDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_add_css_class (box, "search-box");
  self->entry = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), _ ("Search functions, payees, bills"));
  gtk_entry_set_icon_from_icon_name (GTK_ENTRY (self->entry), GTK_ENTRY_ICON_PRIMARY,
                                     "jn-search-symbolic");
  jn_widget_set_name (self->entry, _ ("Search functions, payees, bills"));
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_BROWSE);
  gtk_widget_add_css_class (self->list, "results");
  jn_widget_set_name (self->list, _ ("Results"));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), self->entry);
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (search), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (on_entry_activate), self);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (activate_row), self);
}

GtkWidget *
jn_search_dialog_new (JnContext *context, GtkWindow *parent)
{
  JnSearchDialog *self =
      g_object_new (JN_TYPE_SEARCH_DIALOG, "transient-for", parent, "modal", TRUE, "title",
                    _ ("Search"), "destroy-with-parent", TRUE, NULL);
  int width = parent ? gtk_widget_get_width (GTK_WIDGET (parent)) : 480;

  self->context = g_object_ref (context);
  gtk_window_set_default_size (GTK_WINDOW (self), CLAMP (width - 40, 320, 480), 460);
  search (self);
  return GTK_WIDGET (self);
}

void
jn_search_dialog_set_text (JnSearchDialog *self, const char *text)
{
  g_return_if_fail (JN_IS_SEARCH_DIALOG (self));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}
