/* Pasted payment texts. */
#include "jn-error.h"
#include "jn-payment-text.h"

#include <string.h>

typedef struct
{
  const char *text;
  const char *name;
  const char *account;
  gint64 minor; /* 0: none */
  const char *memo;
} Case;

static const Case cases[] = {
  { "张三 6222021234567890123 300元", "张三", "6222021234567890123", 30000, NULL },
  { "收款人：李娜 账号 6217 0001 2345 6789 019 金额¥1,200.50 备注 房租", "李娜",
    "6217000123456789019", 120050, "房租" },
  { "Pay Zhang San 6222021234567890 CNY 300", "Zhang San", "6222021234567890", 30000, NULL },
  { "户名：王小明\n卡号：６２２２０２１２３４５６７８９０\n金额：５０．５０元\n附言：饭钱",
    "王小明", "6222021234567890", 5050, "饭钱" },
  { "请转给张三 6222 0212 3456 7890 300元", "张三", "6222021234567890", 30000, NULL },
  { "6222 0212 3456 7890 3000元 张三", "张三", "6222021234567890", 300000, NULL },
  { "6222021234567890", NULL, "6222021234567890", 0, NULL },
  { "6222-0212-3456-7890", NULL, "6222021234567890", 0, NULL },
  { "张三，中国工商银行，6222021234567890123，1.2万元", "张三", "6222021234567890123", 1200000,
    NULL },
  { "姓名:欧阳娜娜;账号:6222021234567890;开户行:招商银行杭州分行;金额:88", "欧阳娜娜",
    "6222021234567890", 8800, NULL },
  { "Beneficiary: Li Na\nIBAN: DE89 3704 0044 0532 0130 00\nAmount: 12.30\nMemo: rent May", "Li Na",
    "DE89370400440532013000", 1230, "rent May" },
  { "Transfer to Anna Berg 6222021234567890 ¥45.5 for lunch", "Anna Berg", "6222021234567890", 4550,
    "lunch" },
  { "阿依古丽·买买提 6222021234567890 20块", "阿依古丽·买买提", "6222021234567890", 2000, NULL },
  { "张三 6222021234567890 300", "张三", "6222021234567890", 30000, NULL },
  { "张三 电话13800138000 账号6222021234567890", "张三", "6222021234567890", 0, NULL },
  { "张三 13800138000 6222021234567890", "张三", "6222021234567890", 0, NULL },
  { "张三 2026-11-22 6222021234567890", "张三", "6222021234567890", 0, NULL },
  { "张三 6222021234567890 -300元", "张三", "6222021234567890", 0, NULL },
  { "张三 6222021234567890 金额 1e9", "张三", "6222021234567890", 0, NULL },
  { "张三 6222021234567890 0元", "张三", "6222021234567890", 0, NULL },
  { "张三 6222021234567890 3.001元", "张三", "6222021234567890", 0, NULL },
  { "户名: <b>张三</b> 卡号: 6222021234567890", NULL, "6222021234567890", 0, NULL },
  { "户名：杭州锦囊科技有限公司\r\n账号：571900012310101\r\n用途：货款", "杭州锦囊科技有限公司",
    "571900012310101", 0, "货款" },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", cases[i].text);
      g_autoptr (JnPaymentText) got = jn_payment_text_parse (cases[i].text, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (got->account, ==, cases[i].account);
      g_assert_cmpstr (got->name, ==, cases[i].name);
      g_assert_cmpint (got->has_amount ? got->amount.minor : 0, ==, cases[i].minor);
      g_assert_cmpstr (got->memo, ==, cases[i].memo);
    }
}

static void
test_no_account (void)
{
  static const char *const texts[] = { "",
                                       "你好",
                                       "张三 300元",
                                       "13800138000",
                                       "6222****0123 张三 300元",
                                       "6222…0123",
                                       "abc123def",
                                       "***",
                                       "11010519491231002X",
                                       "身份证 440524188001010014",
                                       "\xff\xfe",
                                       "2026-11-22 10:00:00" };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("text %" G_GSIZE_FORMAT, i);
      g_assert_null (jn_payment_text_parse (texts[i], &error));
      g_assert_true (jn_error_is (error, JN_ERROR_NO_ACCOUNT_IN_TEXT));
    }
  g_assert_null (jn_payment_text_parse (NULL, NULL));
}

static void
test_mutations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (int round = 0; round < 20000; round++)
    {
      const Case *base = &cases[g_rand_int_range (random, 0, G_N_ELEMENTS (cases))];
      g_autoptr (GString) text = g_string_new (base->text);
      for (int i = g_rand_int_range (random, 1, 8); i > 0 && text->len > 0; i--)
        {
          gssize at = g_rand_int_range (random, 0, (gint32) text->len);
          if (g_rand_boolean (random))
            text->str[at] = (char) g_rand_int_range (random, 1, 256);
          else
            g_string_truncate (text, (gsize) at);
        }
      g_autoptr (JnPaymentText) got = jn_payment_text_parse (text->str, NULL);
      if (got == NULL)
        continue;
      g_assert_cmpuint (strlen (got->account), >=, 8);
      g_assert_true (!got->has_amount || got->amount.minor > 0);
      g_assert_true (got->name == NULL || g_utf8_validate (got->name, -1, NULL));
    }
}

static void
test_long (void)
{
  g_autofree char *digits = g_strnfill (200000, '6');
  g_autofree char *blanks = g_strnfill (200000, ' ');
  g_assert_null (jn_payment_text_parse (digits, NULL));
  g_assert_null (jn_payment_text_parse (blanks, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payment-text/cases", test_cases);
  g_test_add_func ("/payment-text/no-account", test_no_account);
  g_test_add_func ("/payment-text/mutations", test_mutations);
  g_test_add_func ("/payment-text/long", test_long);
  return g_test_run ();
}
