import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { announcements } from '../../src/chat/announce.ts'
import { type AnnounceContext, type Announcement, HEADLINE_MAX } from '../../src/chat/announce-words.ts'
import { emptyNotebook, note } from '../../src/chat/notebook.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import { pauseUntilReleased } from '../../src/core/risk/holds.ts'
import { PRESETS } from '../../src/core/risk/limits.ts'
import type { PersonId } from '../../src/core/units/ids.ts'
import { instant, later, orderKeyOf } from '../../src/core/units/ids.ts'
import { price, shares, usd } from '../../src/core/units/money.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import { PLAIN_SETTINGS } from '../../src/core/whale/whale.ts'
import { render } from '../../src/surfaces/console/render.ts'
import {
  askedFact,
  asker,
  filledFact,
  first,
  NEWCOMER,
  NOW,
  plannedFact,
  SWISS,
  signalFrom,
  stake,
  trade,
  weighedFact,
} from './stand-in.ts'

const LOOK = { width: 100, colours: false }
const order = orderKeyOf(first.id, 1)
const opened: Fact = { kind: 'signalOpened', signal: first }
const operator = { by: 'operator', effect: 'halt', since: NOW, until: 'released by hand', why: 'lunch' } as const
const mode = { kind: 'paper', approvals: false, since: NOW, by: 'ann' as PersonId } as const

/** One life after another, an entry a line. */
const ENTRIES: readonly (readonly Fact[])[] = [
  [{ kind: 'accountOpened', account: 'paper', deposit: usd('10000'), limits: PRESETS.standard, at: NOW }],
  [{ kind: 'whaleFollowed', whale: SWISS, name: 'swisstony', at: NOW, by: asker }],
  [opened],
  [weighedFact(first), askedFact],
  [{ kind: 'approvalGiven', signal: first.id, by: asker }],
  [weighedFact(first), plannedFact(first)],
  [{ kind: 'orderBecameUncertain', order, why: 'the answer was lost', at: NOW }],
  [
    filledFact(first, 'f1', '40'),
    filledFact(first, 'f2', '23.09'),
    { kind: 'orderClosed', order, status: 'filled', why: 'all of it' },
    { kind: 'signalCopied', signal: first.id, size: shares('63.09'), average: price('0.6231') },
  ],
  [
    {
      kind: 'marketSettled',
      account: 'paper',
      condition: first.condition,
      payouts: [{ token: first.token, price: price('1') }],
    },
    { kind: 'positionClosed', account: 'paper', token: first.token, profit: usd('23.54'), at: NOW },
  ],
  ...automatic(),
  ...refused(),
  ...asked(),
  [
    {
      kind: 'holdPlaced',
      hold: {
        ...operator,
        by: 'voices',
        effect: 'reduce',
        why: 'no surface (discord, telegram) has been up for 5 min',
      },
    },
  ],
  [{ kind: 'holdReleased', holder: 'voices', why: 'people can be reached again' }],
  [{ kind: 'accountLinked', surface: 'telegram', account: '42', by: asker }],
  [
    {
      kind: 'pressTurnedAway',
      surface: 'telegram',
      account: '666',
      person: undefined,
      press: 'telegram 9',
      line: 'approve <b>x</b>',
      why: 'nobody here is known by that account',
    },
  ],
  [
    {
      kind: 'breakerOpened',
      account: 'paper',
      opening: {
        by: 'daily-loss',
        effect: 'halt',
        since: NOW,
        until: later(NOW, 36_000_000),
        why: 'lost $512.4 today, the limit is $500',
      },
    },
  ],
  [{ kind: 'holdReleased', holder: 'daily-loss', why: 'its time has passed' }],
  [
    { kind: 'cancelAsked', order },
    { kind: 'holdPlaced', hold: operator },
  ],
  [{ kind: 'holdReleased', holder: 'operator', why: 'resumed by ann' }],
  [{ kind: 'holdPlaced', hold: pauseUntilReleased('pause', NOW, 'the Fed speaks') }],
  [{ kind: 'holdReleased', holder: 'pause', why: 'resumed by ann' }],
  [{ kind: 'breakerReset', breaker: 'drawdown', by: asker }],
  [{ kind: 'modeChanged', before: { ...mode, approvals: true }, after: mode, by: asker }],
  [
    {
      kind: 'modeRefused',
      wish: { kind: 'live' },
      faults: ['Cannot switch to LIVE: this version of Remora trades on paper only'],
      by: asker,
    },
  ],
  [
    {
      kind: 'limitsChanged',
      before: PRESETS.standard,
      after: PRESETS.conservative,
      changed: ['kellyFraction', 'qualityMin'],
      by: asker,
    },
  ],
  [
    {
      kind: 'mismatchFound',
      account: 'paper',
      differences: [
        { kind: 'cash', ours: usd('9802.92'), theirs: usd('9763.49') },
        { kind: 'position', token: first.token, ours: shares('0'), theirs: shares('63.09') },
      ],
    },
    {
      kind: 'holdPlaced',
      hold: { ...operator, by: 'reconciliation', why: '2 differences between our books and the venue' },
    },
  ],
  [{ kind: 'whaleUnfollowed', whale: NEWCOMER, by: asker }],
  ...settings(),
  ...blindness(),
  ...contradicted(),
  ...departures(),
]

function settings(): readonly (readonly Fact[])[] {
  const muted = { ...PLAIN_SETTINGS, mutedUntil: later(NOW, 3_600_000) }
  return [
    [{ kind: 'whaleSet', whale: SWISS, settings: muted, by: asker }],
    [{ kind: 'whaleSet', whale: SWISS, settings: { ...muted, isEnabled: false, weight: 0.5 }, by: asker }],
    [
      { kind: 'whaleFollowed', whale: NEWCOMER, name: 'newcomer', at: NOW, by: asker },
      { kind: 'whaleSet', whale: NEWCOMER, settings: { ...PLAIN_SETTINGS, stakeMax: usd('50') }, by: asker },
    ],
  ]
}

function blindness(): readonly (readonly Fact[])[] {
  const blind = (source: 'chain' | 'activity' | 'sweep', why: string): Fact => ({
    kind: 'holdPlaced',
    hold: { by: `feed:${source}`, effect: 'reduce', since: NOW, until: 'released when settled', why },
  })
  const seen = (source: 'chain' | 'activity' | 'sweep'): Fact => ({
    kind: 'holdReleased',
    holder: `feed:${source}`,
    why: 'trades are seen again',
  })
  return [
    [
      { kind: 'sourceChanged', source: 'chain', status: 'down', why: 'the node closed the socket', at: NOW },
      blind('chain', 'it is down: the node closed the socket'),
      blind('activity', 'it is stale: nothing for 90 s'),
    ],
    [blind('sweep', 'it is stale: not every wallet was answered for')],
    [seen('chain'), seen('activity')],
    [seen('sweep')],
  ]
}

/** Heard on the chain, which knows no names. */
function onChain(change: Partial<WhaleTrade>): WhaleTrade {
  return trade({ name: SWISS, source: 'chain', ...change })
}

function contradicted(): readonly (readonly Fact[])[] {
  const waiting = signalFrom(trade({ transaction: '0x0d' }))
  const other = onChain({
    transaction: '0x0d',
    token: '42' as WhaleTrade['token'],
    outcome: 'No',
    price: price('0.395'),
  })
  return [
    [{ kind: 'signalOpened', signal: waiting }],
    [
      { kind: 'tradeContradicted', signal: waiting.id, trade: other, at: NOW },
      { kind: 'signalWithdrawn', signal: waiting.id, why: 'two sources tell opposite sides of it' },
    ],
    [{ kind: 'tradeContradicted', signal: 'long gone' as typeof waiting.id, trade: other, at: NOW }],
  ]
}

/** Shares that leave without an order, in every way, and a purchase that grows while it waits. */
function departures(): readonly (readonly Fact[])[] {
  const ways = ['merge', 'redeem', 'conversion', 'transfer', 'holding'] as const
  const gone = ways.map((how, index) => {
    const left = { side: 'sell', how, price: price('0'), size: shares('400') } as const
    const signal = signalFrom(onChain({ transaction: `0xe${index}`, ...left }))
    const refusals = [{ code: 'EXIT_WITHOUT_POSITION', detail: 'nothing of it is held' }] as const
    return [{ kind: 'signalOpened', signal } as const, { kind: 'signalRefused', signal: signal.id, refusals } as const]
  })
  const merged = signalFrom(
    onChain({ transaction: '0xf0', side: 'sell', how: 'merge', price: price('0'), size: shares('400') }),
  )
  const grown = signalFrom(onChain({ transaction: '0xf1' }))
  const piece = onChain({ transaction: '0xf2', size: shares('500') })
  return [
    ...gone,
    [{ kind: 'signalOpened', signal: merged }],
    [{ ...weighedFact(merged), stake: undefined } as Fact, plannedFact(merged)],
    [filledFact(merged, 'f10')],
    [{ kind: 'signalOpened', signal: grown }],
    [{ kind: 'tradeJoined', signal: grown.id, trade: piece, exit: shares('0'), at: NOW }],
    [weighedFact(grown), plannedFact(grown)],
  ]
}

function automatic(): readonly (readonly Fact[])[] {
  const signal = signalFrom(trade({ transaction: '0x09', title: 'Champions League: Inter to win?' }))
  return [
    [{ kind: 'signalOpened', signal }],
    [weighedFact(signal), plannedFact(signal)],
    [filledFact(signal, 'f9', '20')],
  ]
}

function refused(): readonly (readonly Fact[])[] {
  const late = signalFrom(trade({ transaction: '0x0a', title: 'Will it rain in Rome on Friday?', outcome: 'No' }))
  const wide = signalFrom(
    trade({
      transaction: '0x0b',
      title: 'A market with a title that goes on and on until there is no room for the reasons any more, and then some',
    }),
  )
  return [
    [
      { kind: 'signalOpened', signal: late },
      {
        kind: 'signalRefused',
        signal: late.id,
        refusals: [{ code: 'SIGNAL_TOO_OLD', detail: '94.2 s old, at most 60 s' }],
      },
    ],
    [{ kind: 'signalOpened', signal: wide }],
    [
      weighedFact(wide),
      {
        kind: 'signalRefused',
        signal: wide.id,
        refusals: [
          { code: 'SPREAD_ABOVE_MAX', detail: '0.06, at most 0.05' },
          { code: 'LIQUIDITY_BELOW_MIN', detail: '$312.5, at least $1000' },
          { code: 'EDGE_NOT_POSITIVE', detail: 'believed 60.1 %, costs 63.4 %' },
        ],
      },
    ],
    [{ kind: 'signalExpired', signal: late.id, waitedMs: 90_000 }],
    [{ kind: 'signalDeclined', signal: late.id, by: asker, why: 'too close to call' }],
    [{ kind: 'signalWithdrawn', signal: late.id, why: 'nobody took the other side in time' }],
  ]
}

/** Cards that are asked about more than once: by two people, for another amount, at another price, and one that is vetoed. */
function asked(): readonly (readonly Fact[])[] {
  const moved = signalFrom(trade({ transaction: '0x21' }))
  const large = signalFrom(trade({ transaction: '0x22' }))
  const more = trade({ transaction: '0x23', size: shares('500') })
  const after = { equity: usd('10042.73'), all: usd('3110'), market: usd('162'), category: usd('710') }
  const bob = { ...asker, person: 'bob' as PersonId }
  const bigger = {
    ...askedFact,
    signal: large.id,
    bound: { ...askedFact.bound, dollars: usd('300'), size: shares('473.18') },
    after,
    persons: 2,
  }
  const exit = signalFrom(trade({ transaction: '0x0f', side: 'sell', title: 'Will it hail in Bern?' }))
  const wordless = signalFrom(trade({ transaction: '0x0e', title: 'Will it snow in Oslo?' }))
  return [
    [{ kind: 'signalOpened', signal: moved }],
    [weighedFact(moved), { ...askedFact, signal: moved.id, after, met: shares('40') }],
    [{ kind: 'tradeJoined', signal: moved.id, trade: more, exit: shares('0'), at: NOW }],
    [{ kind: 'approvalGiven', signal: moved.id, by: asker, at: NOW }],
    [
      weighedFact(moved),
      { ...askedFact, signal: moved.id, round: 3, again: 'moved', bound: { ...askedFact.bound, limit: price('0.64') } },
    ],
    [{ kind: 'signalExpired', signal: moved.id, waitedMs: 120_000 }],
    [{ kind: 'signalOpened', signal: large }],
    [weighedFact(large), bigger],
    [{ kind: 'approvalVoted', signal: large.id, by: asker, at: NOW }],
    [{ ...bigger, round: 2, again: 'amount', votes: [bob.person] }],
    [{ kind: 'approvalGiven', signal: large.id, by: asker, at: NOW }],
    [{ kind: 'signalDeclined', signal: large.id, by: bob, why: 'not so much', at: NOW, vetoed: asker.person }],
    [{ kind: 'signalOpened', signal: exit }],
    [weighedFact(exit), { ...askedFact, signal: exit.id, bound: { ...askedFact.bound, side: 'sell' } }],
    [{ kind: 'signalExpired', signal: exit.id, waitedMs: 90_000 }],
    [{ kind: 'signalOpened', signal: wordless }],
    [weighedFact(wordless), { ...askedFact, signal: wordless.id }],
    [{ kind: 'signalDeclined', signal: wordless.id, by: bob, why: '', at: NOW }],
    [{ kind: 'declineExplained', signal: wordless.id, by: bob, why: 'the price' }],
  ]
}

function tellAll(isSimulated: boolean): readonly Announcement[] {
  const context: AnnounceContext = {
    isSimulated,
    equity: usd('10042.73'),
    limits: PRESETS.standard,
    notebook: emptyNotebook(),
  }
  return ENTRIES.flatMap((facts, index) => {
    const said = announcements({ seq: index + 1, at: NOW, facts }, context)
    note(context.notebook, facts)
    return said
  })
}

test('what is announced is what is on record', () => {
  const said = tellAll(true).map(({ id, level, event, subject, isUpdate, group, reply }) => {
    const about = [isUpdate === true ? 'update of' : '', subject ?? '', group === undefined ? '' : 'grouped']
    const mark = [id, level, event, ...about].filter(part => part !== '').join(' ')
    return `[${mark}]\n${render(reply, LOOK)}\n`
  })
  const file = new URL('./transcripts/announcements.txt', import.meta.url)
  if (process.env.UPDATE_TRANSCRIPTS === '1') writeFileSync(file, said.join('\n'))
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(said.join('\n'))
})

test('the same entry gives the same ids, and no two announcements share one', () => {
  const ids = tellAll(true).map(({ id }) => id)
  expect(tellAll(true).map(({ id }) => id)).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

test('the first line of a card fits a notification, and says whose money it is', () => {
  const cards = tellAll(true).filter(({ reply }) =>
    reply.blocks.some(block => block.kind === 'rows' && block.rows[0]?.[0] === 'Who'),
  )
  expect(cards.length).toBe(12)
  for (const { reply } of cards) {
    expect([...reply.title].length).toBeLessThanOrEqual(HEADLINE_MAX)
    expect(reply.title).toMatch(
      /^📄 PAPER · SIMULATED MARKET · (?:PRICE MOVED.*|ANOTHER AMOUNT.*)?(BUY|SELL) Yes [≤≥]6[34](\.\d)?¢ \$(40|300)\.00/,
    )
  }
})

test('shares that left a wallet are never said to have been sold at a price', () => {
  const words = tellAll(true).map(({ reply }) => render(reply, LOOK))
  const left = words.filter(text => /merged|redeemed|converted|moved|holds 400/.test(text))
  expect(left.length).toBeGreaterThanOrEqual(6)
  for (const text of left) expect(text).not.toMatch(/\D0\.0¢|against the whale/)
})

test('a wallet is never shown in full where a name belongs', () => {
  for (const { reply } of tellAll(true)) {
    const { title, blocks } = reply
    expect(JSON.stringify({ title, blocks })).not.toContain(SWISS)
  }
})

test('a real market is not called simulated', () => {
  for (const { reply } of tellAll(false)) expect(reply.title).not.toContain('SIMULATED')
})

test('a card shows the whole size, price and time left whatever the title is', () => {
  const long = signalFrom(trade({ transaction: '0x0c', title: 'x'.repeat(5_000), name: 'n'.repeat(500) }))
  const entry = {
    seq: 1,
    at: NOW,
    facts: [
      { kind: 'signalOpened', signal: long } as const,
      weighedFact(long),
      { ...askedFact, signal: long.id } as Fact,
    ],
  }
  const [card] = announcements(entry, {
    isSimulated: true,
    equity: usd('100'),
    limits: PRESETS.standard,
    notebook: emptyNotebook(),
  })
  expect(card?.level).toBe('action')
  expect(card?.reply.title).toContain('$40.00')
  expect(card?.reply.title).toContain('88 s')
})

test('what nothing is known of is passed over, not made up', () => {
  const context = { isSimulated: true, equity: usd('0'), limits: PRESETS.standard, notebook: emptyNotebook() }
  const facts: readonly Fact[] = [
    { kind: 'signalExpired', signal: first.id, waitedMs: 1 },
    { kind: 'orderClosed', order, status: 'cancelled', why: '' },
    filledFact(first, 'f1'),
    {
      kind: 'signalWeighed',
      signal: first.id,
      seen: { bid: undefined, ask: undefined, liquidity: usd('0'), bookAgeMs: 0 },
      stake,
      market: {
        account: 'paper',
        token: first.token,
        condition: first.condition,
        category: '',
        title: '',
        outcome: '',
      },
    },
  ]
  expect(announcements({ seq: 1, at: instant(0), facts }, context)).toEqual([])
})
