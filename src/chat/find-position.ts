import type { Position } from '../core/ledger/position.ts'
import type { Desk } from './desk.ts'
import { clean, shorten } from './format.ts'
import { UserError } from './user-error.ts'

/** What a position can be called on every surface: the end of its token's number. */
export function positionTag(position: Pick<Position, 'token'>): string {
  return `#${position.token.slice(-6)}`
}

export function positionName(position: Pick<Position, 'title' | 'outcome'>, most = 60): string {
  return `${clean(position.outcome, 30) || '?'} · ${shorten(clean(position.title), most)}`
}

/** How many are named when a wish fits several. */
const NAMED_MAX = 5

/**
 * The position that is meant: by its tag, by the short name of a signal that went into it, or by words of its title and outcome.
 * Throws a `UserError` for none, and for several, which it names: a guess would sell the wrong one.
 */
export async function findPosition(desk: Pick<Desk, 'positions' | 'story'>, typed: string): Promise<Position> {
  const held = desk.positions()
  if (held.length === 0) throw new UserError('No position is open.')
  const said = clean(typed, 200)
  const found = said.startsWith('#')
    ? held.filter(position => position.token.endsWith(said.slice(1)) && /^#\d{4,}$/.test(said))
    : await bySignal(desk, held, said)
  if (found.length === 1 && found[0] !== undefined) return found[0]
  if (found.length === 0) throw new UserError(`No open position fits "${shorten(said, 40)}". \`positions\` lists them.`)
  const names = found.slice(0, NAMED_MAX).map(position => `${positionTag(position)} ${positionName(position)}`)
  const more = found.length > NAMED_MAX ? ` and ${found.length - NAMED_MAX} more` : ''
  throw new UserError(`"${shorten(said, 40)}" fits ${found.length} positions: ${names.join('; ')}${more}.`)
}

async function bySignal(
  desk: Pick<Desk, 'story'>,
  held: readonly Position[],
  said: string,
): Promise<readonly Position[]> {
  if (/^[2-9a-hjkmnp-z]{6}$/.test(said.toLowerCase())) {
    const told = await desk.story(said.toLowerCase())
    const token = told?.facts.map(({ fact }) => (fact.kind === 'signalOpened' ? fact.signal.token : undefined))[0]
    const own = held.filter(position => position.token === token)
    if (own.length > 0) return own
  }
  const words = said.toLowerCase().split(' ')
  return held.filter(position => {
    const name = `${clean(position.outcome)} ${clean(position.title)}`.toLowerCase()
    return words.every(word => name.includes(word))
  })
}
