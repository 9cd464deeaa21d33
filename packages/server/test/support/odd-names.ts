/** In every script that there is a face for, and in some that there is none for. */
export const EVERY_SCRIPT = [
  'données čeština Ωμέγα Київ',
  'طلبات العملاء مُحَمَّد می‌خواهم',
  'לקוחות שָׁלוֹם',
  '订单数据库 繁體臺灣',
  '注文データベース が か\u3099',
  '주문 데이터베이스',
  'नमस्ते ভারত ਪੰਜਾਬੀ ગુજરાતી தமிழ் తెలుగు ಕನ್ನಡ മലയാളം ශ්‍රී',
  'ไทย ລາວ ខ្មែរ မြန်မာ አማርኛ ქართული հայերեն',
  'ᐃᓄᒃᑎᑐᑦ ᚠᚢᚦ 𒀀 🇫🇮 👩‍👩‍👧',
  'ﷺ ﷽ → ½ ﬁ Ⅷ',
  'a\u0301\u0302\u0303 Z̸͑a̷l̴g̵o̶ ب\u0301 漢\u0301',
];

/** What other languages take for their own: Typst, PDF, HTML, shells, and names that hide what they are. */
export const INJECTIONS = [
  '#eval("1+1") #import "@preview/x:1.0.0" #read("/etc/passwd")',
  '$x^2$ \\ *b* _i_ `raw` @ref <label> = heading\n= heading',
  '"}], "report_id": "x", {"',
  ') Tj ET endstream endobj 1 0 obj <</S /JavaScript /JS (app.alert(1))>>',
  '/OpenAction /Launch (cmd.exe) >> stream',
  "<script>alert('1')</script><img src=x onerror=alert(1)>",
  'evil\u202Egnp.exe\u2066 \u200e\u200f\u061c',
  'ord\u200bers a\u200dmin pay\u00adments \ufeff\u2060',
  '\u0000\u0007\u001b[31m\r\n\u2028\u0085',
  '\ud800 lone \udfff',
  '; rm -rf / && $(id) `id` | cat',
  'x'.repeat(4000),
  `${'W'.repeat(60)} ${'漢'.repeat(300)}`,
  '',
];
