#include "jn-bankd-seed-data.h"

#define MERCHANT(number, name_, branch_, latin, mcc_, category_, shop_, amount_)                   \
  {                                                                                                \
    .id = number, .name = name_, .branch = branch_, .city = "北河市", .latin_name = latin,         \
    .latin_city = "Beihe", .mcc = mcc_, .category = JN_CATEGORY_##category_, .shop = shop_,        \
    .shop_amount = amount_                                                                         \
  }

const JnBankdSeedMerchant jn_bankd_seed_merchants[] = {
  MERCHANT ("100001", "晨光咖啡", "人民路店", "Chenguang Coffee", "5814", DINING, 1, 2200),
  MERCHANT ("100002", "家门口超市", "槐树街店", "Jiamenkou Market", "5411", GROCERIES, 2, 0),
  MERCHANT ("100003", "城市地铁", NULL, "City Metro", "4111", TRANSPORT, 0, 0),
  MERCHANT ("100004", "绿叶蔬果", "槐树街店", "Lvye Greengrocer", "5499", GROCERIES, 4, 3580),
  MERCHANT ("100005", "老街面馆", "东门店", "Laojie Noodles", "5812", DINING, 3, 2600),
  MERCHANT ("100006", "云杉园区食堂", NULL, "Yunshan Canteen", "5812", DINING, 0, 0),
  MERCHANT ("100007", "山城火锅", "南湖店", "Shancheng Hotpot", "5812", DINING, 0, 0),
  MERCHANT ("100008", "安行出租", NULL, "Anxing Taxi", "4121", TRANSPORT, 0, 0),
  MERCHANT ("100009", "安居公寓", NULL, "Anju Apartments", "6513", HOUSING, 0, 0),
  MERCHANT ("100010", "南方电力", NULL, "Nanfang Power", "4900", UTILITIES, 0, 0),
  MERCHANT ("100011", "清泉水务", NULL, "Qingquan Water", "4900", UTILITIES, 0, 0),
  MERCHANT ("100012", "蓝焰燃气", NULL, "Lanyan Gas", "4900", UTILITIES, 0, 0),
  MERCHANT ("100013", "云上百货", "南湖店", "Yunshang Store", "5311", SHOPPING, 0, 0),
  MERCHANT ("100014", "青禾服饰", "南湖店", "Qinghe Clothing", "5651", SHOPPING, 0, 0),
  MERCHANT ("100015", "星海影城", "南湖店", "Xinghai Cinema", "7832", LEISURE, 5, 4500),
  MERCHANT ("100016", "康宁大药房", "槐树街店", "Kangning Pharmacy", "5912", HEALTH, 0, 0),
  MERCHANT ("100017", "新知书店", "大学路店", "Xinzhi Books", "5942", EDUCATION, 6, 0),
  MERCHANT ("100018", "一帆旅行", NULL, "Yifan Travel", "4722", TRAVEL, 0, 0),
  MERCHANT ("100019", "云栖酒店", "湖滨店", "Yunqi Hotel", "7011", TRAVEL, 0, 0),
  MERCHANT ("100020", "中华通信", NULL, "Zhonghua Telecom", "4814", TELECOM, 0, 0),
  MERCHANT ("100021", "迅达快递", NULL, "Xunda Express", "4215", OTHER, 0, 0),
  MERCHANT ("100022", "好剪才理发", "槐树街店", "Haojiancai Barber", "7230", OTHER, 0, 0),
};

const guint jn_bankd_seed_n_merchants = G_N_ELEMENTS (jn_bankd_seed_merchants);

const JnBankdSeedPerson jn_bankd_seed_persons[] = {
  { "王小明", "629902" }, { "王秀兰", "629903" }, { "李思雨", "629988" }, { "张伟", "629988" },
  { "陈晨", "629988" },   { "刘洋", "629904" },   { "赵敏", "629902" },   { "孙浩然", "629903" },
  { "周婷", "629901" },   { "吴建国", "629904" },
};

const guint jn_bankd_seed_n_persons = G_N_ELEMENTS (jn_bankd_seed_persons);
