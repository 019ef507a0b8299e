import type { HeldPosition } from '../../adapters/archive/wallet-recorded.ts'
import type { WalletTold } from '../../adapters/archive/wallet-told.ts'
import { unreachable } from '../../core/units/brand.ts'
import { decimal, NO_USD, plus } from '../../core/units/money.ts'
import type { Difference, WalletAccounts } from '../../core/whale/holdings-account.ts'
import type { Judged } from './account-classes.ts'

/** Markets that are told one by one: more would hide what they show. */
const SHOWN_MAX = 60

/** What the rows were: by kind, told twice, and those that could not be accounted, each with its reason. */
export function rowLines(told: WalletTold, accounts: WalletAccounts): readonly string[] {
  const notTold = accounts.differences.filter(({ kind }) => kind === 'notTold')
  return [
    `rows               ${told.acts.length + told.repeats}`,
    ...counted(told.kinds),
    `  told twice       ${told.repeats}: equal rows with other transactions between them, each counted once`,
    `  equal together   ${told.twins}: fills of their own, all counted`,
    ...told.notes.map(note => `note               ${note}`),
    `not accounted      ${notTold.length}`,
    ...tallied(notTold.map(difference => reasonOf(difference))),
  ]
}

/** What the wallet cannot have done from what was seen of it, by reason and by what is known of the market. */
export function differenceLines({ differences }: WalletAccounts, judged: readonly Judged[]): readonly string[] {
  const classes = new Map(judged.map(({ market, because }) => [market.condition, because]))
  const named = differences.flatMap(difference =>
    difference.kind === 'notTold' ? [] : [`${reasonOf(difference)}: ${classes.get(difference.condition) ?? 'no rows'}`],
  )
  return [`differences        ${named.length}`, ...tallied(named)]
}

export function moneyLines({ markets, money, converted }: WalletAccounts): readonly string[] {
  let [paidIn, paidOut] = [NO_USD, NO_USD]
  for (const market of markets.values()) {
    paidIn = plus(paidIn, market.paidIn)
    paidOut = plus(paidOut, market.paidOut)
  }
  return [
    `into markets       $${decimal(paidIn)}`,
    `out of markets     $${decimal(paidOut)}`,
    ...(converted === 0n ? [] : [`from conversions   $${decimal(converted)}`]),
    ...[...money].map(([type, paid]) => `${type.toLowerCase().padEnd(18)} $${decimal(paid)}`),
  ]
}

/** How the markets' payouts compare with what was bought, each class with its count, and the markets that do not agree. */
export function payoutLines(judged: readonly Judged[]): readonly string[] {
  const paid = judged.filter(({ account }) => account.wasPaid)
  const traded = paid.filter(({ comparison }) => comparison.kind !== 'notTraded')
  const equal = paid.filter(({ comparison }) => comparison.kind === 'equal')
  const conflicts = judged.filter(({ file }) => file === 'contradicted')
  const rest = judged.filter(({ comparison }) => comparison.kind !== 'equal')
  return [
    `markets            ${judged.length}, of which ${paid.length} paid out, of which ${traded.length} were bought in the recording`,
    `equal within 0.5 % ${equal.length}: ${percent(equal.length, paid.length)} of those paid out, ${percent(equal.length, traded.length)} of those also bought`,
    ...tallied(judged.map(({ because }) => because)),
    'compared with the winner of the file, of the payouts, or with the nearer side',
    ...tallied(judged.map(({ winnerFrom, comparison }) => `${winnerFrom}, ${comparison.kind}`)),
    'winners of the file, against the side whose shares the payouts equal',
    ...tallied(judged.map(({ file }) => file)),
    ...conflicts.map(told),
    `not equal          ${rest.length}`,
    ...rest.slice(0, SHOWN_MAX).map(told),
    ...(rest.length > SHOWN_MAX ? [`  and ${rest.length - SHOWN_MAX} more`] : []),
  ]
}

function told({ market, comparison, because, winnerFrom }: Judged): string {
  const side = 'token' in comparison ? (market.names[market.tokens.indexOf(comparison.token)] ?? '') : ''
  const figures =
    'apart' in comparison
      ? `paid ${decimal(comparison.paid)}, ${side} ${decimal(comparison.acquired)} (${winnerFrom}), apart ${decimal(comparison.apart)}`
      : 'paid' in comparison
        ? `paid ${decimal(comparison.paid)}`
        : 'not paid'
  return `  ${market.title}: ${figures}: ${because}`
}

/** How what was computed compares with what the venue said the wallet holds. */
export function positionLines(
  positions: readonly HeldPosition[],
  told: WalletTold,
  accounts: WalletAccounts,
): readonly string[] {
  const first = told.acts.reduce((least, { at }) => Math.min(least, at), Number.MAX_SAFE_INTEGER)
  const last = told.acts.reduce((most, { at }) => Math.max(most, at), 0)
  const lines: string[] = []
  const reasons = positions.map(position => {
    const market = told.markets.get(position.condition)
    const held = accounts.markets.get(position.condition)?.tokens.get(position.token)?.held
    if (market === undefined || held === undefined) return 'never traded in the recording'
    if ((market.opensAt ?? 0) < first) return 'traded before the recording began too'
    if (held === position.size) return 'covered from its beginning, and equal to the millionth'
    const isLater = (market.closesAt ?? 0) > last
    const why = isLater ? 'open still: traded on between the two answers' : 'for no reason that is seen'
    lines.push(
      `  ${market.title}, ${position.outcome}: ${decimal(held)} computed, ${decimal(position.size)} told: ${why}`,
    )
    return `covered from its beginning, and not equal: ${why}`
  })
  return [`positions          ${positions.length}`, ...tallied(reasons), ...lines.slice(0, SHOWN_MAX)]
}

function reasonOf(difference: Difference): string {
  switch (difference.kind) {
    case 'tookMoreThanHeld':
      return `${difference.by} of more than was held`
    case 'redeemedOther':
      return difference.held.some(held => held !== 0n)
        ? 'redemption for dollars that are the shares of neither side'
        : 'redemption of a market of which nothing was held'
    case 'notTold':
      return `${difference.type}: its ${difference.lacks} is not told`
    default:
      return unreachable(difference)
  }
}

function tallied(reasons: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counted(counts)
}

/** The commonest first. */
export function counted(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([words, count]) => `  ${String(count).padStart(7)}          ${words}`)
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(1)} %`
}
