import type { Access, Actor, Answers, Desk, Pending, Status, Told } from '../../src/chat/desk.ts'
import type { PageView } from '../../src/chat/notice/notice.ts'
import type { Picture } from '../../src/chat/reply.ts'
import type { Fact, FactOf } from '../../src/core/engine/fact.ts'
import type { Asker, Instruction } from '../../src/core/engine/input.ts'
import { accountKey } from '../../src/core/engine/state.ts'
import type { Position } from '../../src/core/ledger/position.ts'
import type { ClearedIntent } from '../../src/core/order/order.ts'
import { type NoticeSettings, PLAIN_NOTICE } from '../../src/core/people/notice.ts'
import { type Hold, type Holder, pauseUntilReleased, tradingState } from '../../src/core/risk/holds.ts'
import { LIMIT_NAMES, type Limits, PRESETS } from '../../src/core/risk/limits.ts'
import { type Mode, modeFaults } from '../../src/core/risk/mode.ts'
import type { Stake } from '../../src/core/sizing/stake.ts'
import type { FillId, Instant, OrderId, PersonId, SignalId } from '../../src/core/units/ids.ts'
import { closingIdOf, instant, later, orderKeyOf, shortOf, signalIdOf } from '../../src/core/units/ids.ts'
import { notional, price, shares, usd } from '../../src/core/units/money.ts'
import { qualityOf } from '../../src/core/whale/quality.ts'
import type { WhaleRecord } from '../../src/core/whale/record.ts'
import type { Bound, Signal } from '../../src/core/whale/signal.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import { NO_OWN_RECORD, PLAIN_SETTINGS, type Whale } from '../../src/core/whale/whale.ts'
import { createOffers } from '../../src/run/live/offers.ts'
import { HEALTH, newCandidates, newProfiles, setWhale, type WhaleWorld, whaleDesk } from './stand-in-whales.ts'

export const NOW = instant(Date.UTC(2026, 9, 2, 14, 2, 0))
const ago = (ms: number): Instant => later(NOW, -ms)
export const asker: Asker = { person: 'ann' as PersonId, surface: 'console', press: 'console-1' }

export function actor(access: Access = 'owner', press = 'console-1'): Actor {
  return { person: 'ann' as PersonId, name: 'Ann', access, surface: 'console', press }
}

const address = (digit: string) => `0x${digit.repeat(40)}` as Whale['address']
export const SWISS = address('a')
export const NEWCOMER = address('c')

export const record: WhaleRecord = {
  asOf: NOW,
  resolved: 240,
  won: 158,
  cost: usd('184000'),
  profit: usd('22300.5'),
  pricePaid: 0.57,
  sharpe: 0.21,
  recentReturn: 0.06,
  drawdown: 0.09,
  consistency: 0.71,
}

const poor: WhaleRecord = { ...record, resolved: 12, won: 6, profit: usd('-40'), cost: usd('900'), sharpe: -0.02 }

function whale(of: Whale['address'], name: string, past: WhaleRecord | undefined): Whale {
  const quality = past === undefined ? undefined : qualityOf(past)
  const plain = { settings: PLAIN_SETTINGS, own: NO_OWN_RECORD }
  return { address: of, name, followedAt: ago(86_400_000), ...plain, record: past, quality, lastTradeAt: ago(4_000) }
}

export function trade(change: Partial<WhaleTrade> = {}): WhaleTrade {
  return {
    transaction: '0x01',
    whale: SWISS,
    name: 'swisstony',
    token: '71321045679252212594626385532706912750332728571942532289631379312455583992563' as WhaleTrade['token'],
    condition: `0x${'d'.repeat(64)}` as WhaleTrade['condition'],
    side: 'buy',
    price: price('0.605'),
    size: shares('2000'),
    title: 'Will the Fed cut rates in December?',
    outcome: 'Yes',
    happenedAt: ago(4_000),
    source: 'activity',
    ...change,
  }
}

export function signalFrom(of: WhaleTrade): Signal {
  const id = signalIdOf(of)
  const { token, condition, side } = of
  const stage = { kind: 'quoting', round: 1, bound: undefined, approvedBy: undefined } as const
  const openedAt = ago(3_400)
  const base = { id, short: shortOf(id), account: 'paper', condition, token, side, openedAt, stage } as const
  return { ...base, exit: shares('0'), origin: { kind: 'whale', trade: of } }
}

export const stake: Stake = {
  amount: usd('40'),
  base: usd('78.4'),
  chance: 0.6552,
  cost: 0.634,
  factors: [
    { name: 'whale', ratio: 1.3, reason: 'quality 82, Sharpe 0.21' },
    { name: 'market', ratio: 0.9, reason: '$41200 resting, spread 0.4¢, 432.0 h left' },
    { name: 'risk', ratio: 1, reason: 'nothing in the way' },
    { name: 'portfolio', ratio: 0.5, reason: 'room in this market is short' },
  ],
  caps: [{ name: 'largest stake', amount: usd('40') }],
  confidence: 71,
}

export const bound: Bound = {
  side: 'buy',
  limit: price('0.634'),
  size: shares('63.09'),
  dollars: usd('40'),
  expiresAt: later(NOW, 88_000),
}

export const first = signalFrom(trade())
const second = signalFrom(trade({ transaction: '0x02', title: 'Will it rain in Rome on Friday?', outcome: 'No' }))

/** Shares that were merged, and a doubt about a purchase, as the chain tells them: without a name. */
const left = signalFrom(
  trade({
    transaction: '0x14',
    side: 'sell',
    how: 'merge',
    price: price('0'),
    size: shares('400'),
    name: SWISS,
    source: 'chain',
  }),
)
const leftFacts: readonly Fact[] = [
  {
    kind: 'tradeContradicted',
    signal: left.id,
    trade: trade({ transaction: '0x14', outcome: 'No', price: price('0.395') }),
    at: NOW,
  },
  { kind: 'signalWithdrawn', signal: left.id, why: 'two sources tell opposite sides of it' },
]

const market = {
  account: 'paper',
  token: first.token,
  condition: first.condition,
  category: 'macro',
  title: 'Will the Fed cut rates in December?',
  outcome: 'Yes',
} as const

export function weighedFact(signal: Signal, kept: Stake | undefined = stake): Fact {
  const title = signal.origin.kind === 'whale' ? signal.origin.trade.title : market.title
  const outcome = signal.origin.kind === 'whale' ? signal.origin.trade.outcome : market.outcome
  const seen = { bid: price('0.62'), ask: price('0.624'), liquidity: usd('41200'), bookAgeMs: 180 }
  return { kind: 'signalWeighed', signal: signal.id, seen, stake: kept, market: { ...market, title, outcome } }
}

export const askedFact: FactOf<'approvalAsked'> = {
  kind: 'approvalAsked',
  signal: first.id,
  round: 1,
  bound,
  stake,
  expected: price('0.623'),
}

export function plannedFact(signal: Signal): Fact {
  const intent = {
    key: orderKeyOf(signal.id, 1),
    signal: signal.id,
    account: 'paper',
    condition: signal.condition,
    token: signal.token,
    side: signal.side,
    limit: price('0.634'),
    size: shares('63.09'),
    lifetime: 'kill',
    feeRate: price('0'),
  } as ClearedIntent
  const rest = { id: 'o1' as OrderId, payload: '', reserve: usd('40'), market, mark: price('0.62'), at: NOW }
  return { kind: 'orderPlanned', intent, ...rest }
}

export function filledFact(signal: Signal, id: string, size = '63.09'): Fact {
  const at = price('0.623')
  const fill = {
    id: id as FillId,
    price: at,
    size: shares(size),
    notional: notional(shares(size), at, 'up'),
    fee: usd('0.12'),
    happenedAt: NOW,
  }
  return { kind: 'orderFilled', order: orderKeyOf(signal.id, 1), fill }
}

function told(signal: Signal, facts: readonly Fact[], whaleName?: string): Told {
  const told = [{ kind: 'signalOpened', signal } as const, ...facts]
  return {
    signal: signal.id,
    whaleName,
    facts: told.map((fact, index) => ({ seq: 100 + index, at: ago(3_000 - 100 * index), fact })),
  }
}

export const refusedFact: Fact = {
  kind: 'signalRefused',
  signal: second.id,
  refusals: [
    { code: 'SPREAD_ABOVE_MAX', detail: '0.06, at most 0.05' },
    { code: 'PRICE_MOVED_TOO_FAR', detail: "0.041 above the whale's 0.605" },
  ],
}

function position(token: string, title: string, outcome: string, cost: string): Position {
  return {
    account: 'paper',
    token: token as Position['token'],
    condition: market.condition,
    category: 'macro',
    title,
    outcome,
    shares: shares('63.09'),
    cost: usd(cost),
    fees: usd('0.12'),
    realised: usd('0'),
    mark: price('0.65'),
    openedAt: ago(7_200_000),
    lots: new Map([[SWISS, { ours: shares('63.09'), theirs: shares('2000') }]]),
  }
}

/** One grey pixel. */
export const PICTURE: Picture = {
  name: 'profit.png',
  alt: 'PAPER on a simulated market: equity went from $10,000.00 to $10,042.73.',
  png: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
    'base64',
  ),
}

/** The plain state behind the stand-in, which a test may write to. */
export type World = WhaleWorld & {
  mode: Mode
  limits: Limits
  holds: Map<Holder, Hold>
  pending: readonly Pending[]
  positions: readonly Position[]
  resting: number
  stories: Map<string, Told>
  notices: Map<PersonId, NoticeSettings>
  pages: readonly PageView[]
  answers: Answers
  instructions: Instruction[]
  /** Which accounts of surfaces were linked, by `accountKey`. */
  links: Map<string, PersonId>
}

function piece(transaction: string, size: string): Fact {
  const joined = trade({ transaction, size: shares(size), name: SWISS, source: 'chain' })
  return { kind: 'tradeJoined', signal: first.id, trade: joined, exit: shares('0'), at: NOW }
}

const copied: readonly Fact[] = [
  piece('0x11', '500'),
  piece('0x12', '400'),
  piece('0x13', '300'),
  weighedFact(first),
  askedFact,
  { kind: 'approvalGiven', signal: first.id, by: asker },
  {
    kind: 'quoteAsked',
    signal: first.id,
    condition: first.condition,
    token: first.token,
    round: 2,
    bound,
    approvedBy: asker.person,
  },
  weighedFact(first),
  plannedFact(first),
  { kind: 'orderBecameUncertain', order: orderKeyOf(first.id, 1), why: 'the answer was lost', at: NOW },
  { kind: 'orderProbed', order: orderKeyOf(first.id, 1) },
  { kind: 'orderProbed', order: orderKeyOf(first.id, 1) },
  filledFact(first, 'f1'),
  { kind: 'orderClosed', order: orderKeyOf(first.id, 1), status: 'filled', why: 'all of it' },
  { kind: 'signalCopied', signal: first.id, size: shares('63.09'), average: price('0.6231') },
  {
    kind: 'profitRealised',
    account: 'paper',
    token: first.token,
    whale: SWISS,
    profit: usd('23.66'),
    fee: usd('0'),
    at: NOW,
  },
  { kind: 'positionClosed', account: 'paper', token: first.token, profit: usd('23.54'), at: NOW },
]

export function newWorld(): World {
  const third = signalFrom(trade({ transaction: '0x03', title: 'Champions League: Inter to win?' }))
  return {
    mode: { kind: 'paper', approvals: true, since: ago(3_600_000), by: 'ann' as PersonId },
    limits: PRESETS.standard,
    holds: new Map(),
    whales: new Map([
      [SWISS, whale(SWISS, 'swisstony', record)],
      [address('b'), whale(address('b'), '', poor)],
    ]),
    profiles: newProfiles(SWISS, NEWCOMER),
    candidates: newCandidates(record, poor, NEWCOMER),
    file: undefined,
    isVenueAway: false,
    pending: [
      {
        signal: third,
        bound,
        stake,
        title: 'Champions League: Inter to win?',
        outcome: 'Yes',
        whaleName: 'swisstony',
        round: 1,
        persons: 1,
        votes: [],
      },
    ],
    positions: [
      position(first.token, 'Will the Fed cut rates in December?', 'Yes', '39.31'),
      position('555000111222', 'Will the Fed cut rates in January?', 'Yes', '40.5'),
      position('555000333444', 'Bitcoin over $150k in 2026?', 'No', '60'),
    ],
    resting: 2,
    stories: new Map([
      [first.short, told(first, copied)],
      [second.short, told(second, [weighedFact(second), refusedFact])],
      [left.short, told(left, leftFacts, 'swisstony')],
      [third.short, told(third, [weighedFact(third), { ...askedFact, signal: third.id }])],
    ]),
    notices: new Map(),
    pages: [],
    answers: [],
    instructions: [],
    links: new Map(),
  }
}

const feeds: Status['feeds'] = [
  {
    name: 'activity',
    status: 'live',
    since: ago(600_000),
    why: '',
    lastAt: ago(4_000),
    lagMs: 2_100,
    lagP99Ms: 4_800,
    first: 41,
    confirmed: 12,
    missed: 1,
    late: 2,
  },
  { name: 'books', status: 'stale', since: ago(20_000), why: 'nothing for 20 s', lastAt: undefined },
]

const account: Status['account'] = {
  account: 'paper',
  deposits: usd('10000'),
  equity: usd('10042.73'),
  cash: usd('9802.92'),
  reserved: usd('40'),
  exposed: usd('279.81'),
  positions: 3,
  realised: usd('23.54'),
  open: usd('19.19'),
  fees: usd('1.42'),
  today: usd('12.1'),
  drawdown: 0.004,
  won: 5,
  lost: 3,
  lossesInARow: 0,
}

/** A stand-in for the engine's side of the desk: a plain state, and the simplest thing that each instruction may do to it. */
export function standIn(world: World): Desk {
  const status = (): Status => ({
    isSimulated: true,
    mode: world.mode,
    trading: tradingState(world.holds.values()),
    holds: [...world.holds.values()],
    whales: world.whales.size,
    pending: world.pending.length,
    openOrders: world.resting,
    account: { ...account, positions: world.positions.length },
    feeds,
  })
  const offers = createOffers(() => NOW)
  return {
    now: () => NOW,
    status,
    whales: () => [...world.whales.values()],
    pending: () => world.pending,
    signalNamed: short =>
      world.pending.find(each => each.signal.short === short)?.signal.id ?? world.stories.get(short)?.signal,
    keepOffer: offers.keep,
    offer: offers.find,
    people: () => [
      { person: 'ann' as PersonId, access: 'owner', accounts: ['discord:400000000000000001', 'telegram:42'] },
      { person: 'bob' as PersonId, access: 'guardian', accounts: [] },
    ],
    pair: () => ({ code: '048213', until: later(NOW, 300_000) }),
    halt: () => NOW,
    recorded: instructed => instructed,
    positions: () => world.positions,
    limits: () => world.limits,
    health: async () => ({
      startedAt: ago(7_380_000),
      feeds,
      seq: 4812,
      tablesSeq: 4810,
      queued: 1,
      appendP50Ms: 1.24,
      appendP99Ms: 6.9,
      rssBytes: 143_000_000,
      database: 'sqlite file data/remora.db',
      ...HEALTH,
      problems: [{ at: ago(65_000), what: 'books: the socket closed (1006), connecting again' }],
    }),
    orders: async most =>
      [
        { short: first.short, status: 'filled', filled: shares('63.09'), notional: usd('39.31'), fee: usd('0.12') },
        { short: second.short, status: 'uncertain', filled: shares('0'), notional: usd('0'), fee: usd('0') },
      ]
        .map(row => ({
          ...row,
          title: market.title,
          outcome: 'Yes',
          side: 'buy' as const,
          limit: price('0.634'),
          size: shares('63.09'),
          plannedAt: ago(2_000),
        }))
        .slice(0, most),
    profit: async () => ({
      account,
      days: [{ day: 20_728, profit: usd('12.1'), fees: usd('0.4'), fills: 6 }],
      whales: [{ name: 'swisstony', profit: usd('23.54'), fees: usd('0.12') }],
    }),
    picture: async () => PICTURE,
    bids: async (_, size) =>
      world.isVenueAway
        ? undefined
        : { best: price('0.65'), average: price('0.648'), met: size, proceeds: notional(size, price('0.648'), 'down') },
    answers: async () => world.answers,
    story: async short => world.stories.get(short),
    notice: person => world.notices.get(person) ?? PLAIN_NOTICE,
    pages: () => world.pages,
    look: async of => ({
      whale: of,
      name: world.profiles.find(one => one.whale === of)?.name ?? '',
      profile: world.profiles.find(one => one.whale === of),
      record: of === NEWCOMER ? poor : record,
      isFollowed: world.whales.has(of),
    }),
    ...whaleDesk(world),
    instruct: async (instruction, by) => {
      world.instructions.push(instruction)
      return obey(world, instruction, { person: by.person, surface: by.surface, press: by.press })
    },
  }
}

function obey(world: World, instruction: Instruction, by: Asker): readonly Fact[] {
  const refuse = (why: string): readonly Fact[] => [
    { kind: 'instructionRefused', instruction: instruction.kind, why, by },
  ]
  switch (instruction.kind) {
    case 'follow':
      return follow(world, instruction, by)
    case 'setWhale':
      return setWhale(world, instruction, by)
    case 'unfollow':
      if (!world.whales.delete(instruction.whale)) return refuse('that wallet is not followed')
      return [{ kind: 'whaleUnfollowed', whale: instruction.whale, by }]
    case 'approve':
      return approve(world, instruction, by, refuse)
    case 'reject': {
      const isOver = world.pending.every(each => each.signal.id !== instruction.signal)
      if (isOver && instruction.why !== '')
        return [{ kind: 'declineExplained', signal: instruction.signal, by, why: instruction.why }]
      if (isOver) return refuse('it is decided already, or there is no such trade')
      settle(world, instruction.signal, {
        kind: 'signalDeclined',
        signal: instruction.signal,
        by,
        why: instruction.why,
      })
      world.pending = world.pending.filter(each => each.signal.id !== instruction.signal)
      return [{ kind: 'signalDeclined', signal: instruction.signal, by, why: instruction.why }]
    }
    case 'close': {
      const id: SignalId = closingIdOf(by.press)
      const origin = { kind: 'person', by: by.person, part: instruction.part, why: instruction.why } as const
      return [{ kind: 'signalOpened', signal: { ...first, id, short: shortOf(id), side: 'sell', origin } }]
    }
    case 'stop':
      return stopped(world, instruction.why, refuse)
    case 'pause': {
      if (world.holds.has('operator')) return refuse('trading is stopped already, exits included')
      const hold = pauseUntilReleased('pause', NOW, instruction.why)
      world.holds.set('pause', hold)
      return [{ kind: 'holdPlaced', hold }]
    }
    case 'resume': {
      const held = (['operator', 'pause'] as const).filter(holder => world.holds.delete(holder))
      if (held.length === 0) return refuse('nobody has stopped trading')
      return held.map(holder => ({ kind: 'holdReleased', holder, why: `resumed by ${by.person}` }) as const)
    }
    case 'setMode':
      if (instruction.wish.kind !== 'paper') {
        return [{ kind: 'modeRefused', wish: instruction.wish, faults: modeFaults(instruction.wish), by }]
      }
      return changeMode(world, instruction.wish.approvals, by, refuse)
    case 'setLimit':
      return changeLimits(world, { ...world.limits, [instruction.name]: instruction.value }, by)
    case 'setPreset':
      return changeLimits(world, PRESETS[instruction.preset], by)
    case 'resetBreaker':
      if (!world.holds.delete(instruction.breaker)) return refuse(`the breaker ${instruction.breaker} is closed`)
      return [{ kind: 'breakerReset', breaker: instruction.breaker, by }]
    case 'acceptBooks':
      if (!world.holds.delete('reconciliation')) return refuse('there is no difference to accept')
      return [{ kind: 'holdReleased', holder: 'reconciliation', why: instruction.why }]
    case 'linkAccount': {
      const { surface, account } = instruction
      if (world.links.has(accountKey(surface, account))) return refuse('that account is linked to you already')
      world.links.set(accountKey(surface, account), by.person)
      return [{ kind: 'accountLinked', surface, account, by }]
    }
    case 'unlinkAccount': {
      const { surface, account } = instruction
      if (!world.links.delete(accountKey(surface, account))) return refuse('that account is not linked')
      return [{ kind: 'accountUnlinked', surface, account, by }]
    }
    case 'setNotice':
      world.notices.set(by.person, instruction.notice)
      return [{ kind: 'noticeSet', notice: instruction.notice, by }]
    case 'acknowledge':
      world.pages = world.pages.map(page =>
        page.id === instruction.page ? { ...page, acknowledgedBy: by.person } : page,
      )
      return [{ kind: 'pageAcknowledged', page: instruction.page, by, at: NOW }]
  }
}

/** A yes to the version that waits, for as much as the card says or as is wished; the last that is needed decides. */
function approve(
  world: World,
  { signal, round, dollars }: Extract<Instruction, { readonly kind: 'approve' }>,
  by: Asker,
  refuse: Refuse,
): readonly Fact[] {
  const card = world.pending.find(each => each.signal.id === signal)
  if (card === undefined) return refuse('it is decided already, or there is no such trade')
  if (round !== undefined && round !== card.round)
    return refuse(`the card has changed since, and is version ${card.round} now: look again`)
  if (card.votes.includes(by.person)) return refuse('you have said yes already; another person has to say it too')
  const { stakeMin, stakeMax } = world.limits
  if (dollars !== undefined && (dollars < stakeMin || dollars > stakeMax))
    return refuse('that is under the smallest stake, or over the largest')
  const votes = [...card.votes, by.person]
  const isLast = votes.length >= card.persons
  const amount = dollars === undefined ? {} : { bound: { ...card.bound, dollars, wish: dollars } }
  const fact: Fact = isLast
    ? { kind: 'approvalGiven', signal, by, at: NOW, ...amount }
    : { kind: 'approvalVoted', signal, by, at: NOW }
  settle(world, signal, fact)
  const still = isLast ? [] : [{ ...card, ...amount, votes }]
  world.pending = world.pending.flatMap(each => (each === card ? still : [each]))
  return [fact]
}

function follow(world: World, wish: Extract<Instruction, { readonly kind: 'follow' }>, by: Asker): readonly Fact[] {
  const plain = whale(wish.whale, wish.name, wish.record)
  world.whales.set(wish.whale, { ...plain, settings: wish.settings ?? plain.settings })
  return [{ kind: 'whaleFollowed', whale: wish.whale, name: wish.name, at: NOW, by }]
}

type Refuse = (why: string) => readonly Fact[]

function stopped(world: World, why: string, refuse: Refuse): readonly Fact[] {
  if (world.holds.has('operator')) return refuse('trading is stopped already')
  const hold = { by: 'operator', effect: 'halt', since: NOW, until: 'released by hand', why } as const
  world.holds.set('operator', hold)
  return [
    { kind: 'cancelAsked', order: orderKeyOf(first.id, 1) },
    { kind: 'holdPlaced', hold },
  ]
}

function changeMode(world: World, approvals: boolean, by: Asker, refuse: Refuse): readonly Fact[] {
  if (world.mode.approvals === approvals) return refuse('that is the mode already')
  const before = world.mode
  world.mode = { kind: 'paper', approvals, since: NOW, by: by.person }
  return [{ kind: 'modeChanged', before, after: world.mode, by }]
}

function changeLimits(world: World, after: Limits, by: Asker): readonly Fact[] {
  const before = world.limits
  world.limits = after
  return [
    { kind: 'limitsChanged', before, after, changed: LIMIT_NAMES.filter(name => before[name] !== after[name]), by },
  ]
}

function settle(world: World, id: SignalId, fact: Fact): void {
  const told = world.stories.get(shortOf(id))
  if (told !== undefined)
    world.stories.set(shortOf(id), { ...told, facts: [...told.facts, { seq: 900, at: NOW, fact }] })
}
