import { parseArgs } from 'node:util'
import { readComplements } from '../../adapters/archive/wallet-complements.ts'
import { readPositions, readWallet, readWinners, walletFileKind } from '../../adapters/archive/wallet-recorded.ts'
import { accountsOf } from '../../core/whale/holdings.ts'
import { UsageError } from '../usage-error.ts'
import { judgeMarkets } from './account-classes.ts'
import { complementLines } from './account-complements.ts'
import { differenceLines, moneyLines, payoutLines, positionLines, rowLines } from './account-report.ts'

const USAGE = 'usage: npm run account -- <activity> [--winners file] [--positions file]'

type Options = {
  readonly path: string
  readonly winners: string | undefined
  readonly positions: string | undefined
}

/**
 * `npm run account -- <activity>`: folds everything a recorded wallet did into what it held, and prints where that does not agree with
 * what it was paid (and, with `--positions`, with what the venue said it holds), and why.
 */
export async function runAccount(args: readonly string[], print: (line: string) => void): Promise<void> {
  const options = optionsOf(args)
  if ((await walletFileKind(options.path)) === 'comparison') {
    for (const line of complementLines(await readComplements(options.path))) print(line)
    return
  }
  const told = await readWallet(options.path)
  const winners = options.winners === undefined ? new Map<string, string>() : await readWinners(options.winners)
  const accounts = accountsOf(told.acts)
  const judged = judgeMarkets({ told, accounts, winners })
  const lines = [
    ...rowLines(told, accounts),
    ...moneyLines(accounts),
    ...differenceLines(accounts, judged),
    ...payoutLines(judged),
  ]
  if (options.positions !== undefined)
    lines.push(...positionLines(await readPositions(options.positions), told, accounts))
  for (const line of lines) print(line)
}

function optionsOf(args: readonly string[]): Options {
  const { positionals, values } = parse(args)
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) throw new UsageError(USAGE)
  return { path, winners: values.winners, positions: values.positions }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { winners: { type: 'string' }, positions: { type: 'string' } },
    })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}. ${USAGE}`)
  }
}
