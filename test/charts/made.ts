import type { EquityPoint, ProfitPicture, WhaleBar } from '../../src/adapters/charts/profit-picture.ts'
import { type Instant, instant } from '../../src/core/units/ids.ts'
import { type Usd, usd } from '../../src/core/units/money.ts'
import { seeded } from '../../src/core/units/seeded.ts'

export const NOW = instant(Date.UTC(2026, 9, 2, 14, 2))
export const HOUR_MS = 3_600_000

/** Equity in dollars an hour apart, the last of it now. */
export function hourly(...dollars: readonly string[]): readonly EquityPoint[] {
  return dollars.map((text, index) => ({
    at: (NOW - (dollars.length - 1 - index) * HOUR_MS) as Instant,
    equity: usd(text),
  }))
}

export function bar(name: string, profit: string): WhaleBar {
  return { name, profit: usd(profit) }
}

export function pictureOf(change: Partial<ProfitPicture> = {}): ProfitPicture {
  return {
    account: 'paper',
    isSimulated: true,
    points: hourly('10000', '10120.5', '9960.25', '10042.73'),
    whales: [bar('swisstony', '214.55'), bar('gemini', '-31.6')],
    ...change,
  }
}

/**
 * Equity as a copying account has it: small moves of the marks every hour, a settlement now and then, and a drift; in dollars an
 * hour. The present is two minutes after the last hour.
 */
export function wandering(seed: string, hours: number, drift: number, begun = 10_000): readonly EquityPoint[] {
  const chance = seeded(seed)
  const last = Math.floor(NOW / HOUR_MS)
  let equity = begun
  const points = Array.from({ length: hours + 1 }, (_, index) => {
    if (index > 0) equity += drift + 5 * chance.normal() + (chance.chance(0.12) ? 38 * chance.normal() : 0)
    return { at: instant((last - hours + index) * HOUR_MS), equity: cents(equity) }
  })
  return [...points, { at: NOW, equity: cents(equity + 4 * chance.normal()) }]
}

function cents(dollars: number): Usd {
  return usd(dollars.toFixed(2))
}

/** Names as strangers choose them where nobody stops them. */
export const HOSTILE_NAMES: Readonly<Record<string, string>> = {
  markup: '<svg onload="alert(1)">',
  script: '</text><script>alert(1)</script>',
  entity: '&lt;b&gt; &#x0; &amp; "quoted" \'single\'',
  cdata: ']]><image href="http://example.com/x.png"/>',
  template: '{b|big} \u0024{1+1} {{7*7}}',
  bidi: '\u202Egnp.exe\u202C \u2066x\u2069',
  zalgo: `z${'\u0335\u0321\u0489\u0341'.repeat(300)}algo`,
  long: 'W'.repeat(10_000),
  emoji: '🐋👨‍👩‍👧‍👦🏴‍☠️ whale 🚀',
  chinese: '大鲸鱼',
  arabic: 'حوت كبير',
  controls: 'a\u0000b\u0007c\u001B[31md\u007Fe\uFFFEf',
  halves: '\uD83D alone \uDC0B',
  newlines: 'one\ntwo\r\nthree\u2028four',
  empty: '',
  blank: ' \u200B\u2060\uFEFF ',
  path: '../../etc/passwd',
  style: 'x" style="fill:url(#a)" fill="red',
}
