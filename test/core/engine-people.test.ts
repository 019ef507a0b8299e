import { describe, expect, test } from 'vitest'
import { decodeFacts, decodeState, encodeFacts, encodeState } from '../../src/core/engine/codec.ts'
import { step } from '../../src/core/engine/engine.ts'
import { evolve } from '../../src/core/engine/evolve.ts'
import { accountKey, emptyState, LINKS_MAX } from '../../src/core/engine/state.ts'
import { LOUDNESS_MAX, type NoticeSettings, noticeFault, PLAIN_NOTICE } from '../../src/core/people/notice.ts'
import { tradingState } from '../../src/core/risk/holds.ts'
import { shares, usd } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { asking, card, FAR } from '../support/cards.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { ANNA, BERT, prepare } from '../support/made.ts'

function voices(desk: TestDesk, isReached: boolean, why = 'telegram and discord do not answer') {
  return desk.take({ kind: 'voicesSeen', isReached, why })
}

describe('while nobody can be reached', () => {
  test('nothing new is bought, and exits go through', () => {
    const desk = new TestDesk({ deposit: '100000', limits: { sizing: 'mirror' } })
    desk.copies(1)
    expect(voices(desk, false)).toMatchObject([
      { kind: 'holdPlaced', hold: { by: 'voices', effect: 'reduce', why: 'telegram and discord do not answer' } },
    ])
    desk.hears(2)
    expect(desk.refusals()).toEqual(['TRADING_REDUCING'])
    desk.copies(1, { side: 'sell', transaction: '0xout' })
    expect(desk.position(1)).toBeUndefined()
    audit(desk)
  })

  test('what was approved before is not bought', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
    const signal = desk.hears(1)
    desk.quote(signal)
    desk.ask({ kind: 'approve', signal })
    voices(desk, false)
    desk.quote(signal)
    expect(desk.refusals()).toEqual(['TRADING_REDUCING'])
  })

  test('it is said once, and the hold goes once somebody can be', () => {
    const desk = new TestDesk()
    expect(voices(desk, true)).toEqual([])
    voices(desk, false)
    expect(voices(desk, false, 'still')).toEqual([])
    expect(voices(desk, true, 'telegram answers')).toEqual([
      { kind: 'holdReleased', holder: 'voices', why: 'telegram answers' },
    ])
    expect(voices(desk, true)).toEqual([])
    desk.orders(2)
    expect(desk.all('orderPlanned')).toHaveLength(1)
  })

  test('a start forgets it: who can be reached is asked anew', () => {
    const desk = new TestDesk()
    voices(desk, false)
    expect(desk.start()).toContainEqual({ kind: 'holdReleased', holder: 'voices', why: 'the process started anew' })
    expect([...desk.state.holds.keys()]).toEqual(['recovery'])
  })

  test('no person takes the hold away, and it takes no other', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'stop', why: 'lunch' })
    voices(desk, false)
    desk.ask({ kind: 'resume' })
    expect([...desk.state.holds.keys()]).toEqual(['voices'])
    desk.ask({ kind: 'stop', why: 'lunch' })
    voices(desk, true)
    expect([...desk.state.holds.keys()]).toEqual(['operator'])
  })
})

describe('a pause', () => {
  test('buys nothing, follows out what was bought, and is lifted by a person', () => {
    const desk = new TestDesk({ deposit: '100000', limits: { sizing: 'mirror' } })
    desk.copies(1, { size: shares('1000') })
    expect(desk.says(BERT, { kind: 'pause', why: 'lunch' })).toMatchObject([
      { kind: 'holdPlaced', hold: { by: 'pause', effect: 'reduce', until: 'released by hand', why: 'lunch, by bert' } },
    ])
    desk.hears(2, { transaction: '0xmore' })
    expect(desk.refusals()).toEqual(['TRADING_REDUCING'])
    desk.quote(desk.hears(1, { side: 'sell', size: shares('250'), transaction: '0xout' }))
    expect(desk.last('orderPlanned').intent.side).toBe('sell')
    desk.ask({ kind: 'resume' })
    expect(desk.last('holdReleased')).toMatchObject({ holder: 'pause', why: 'resumed by anna' })
    expect([...desk.state.holds.keys()]).toEqual([])
  })

  test('survives a restart', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'pause', why: '' })
    desk.start()
    expect([...desk.state.holds.keys()]).toEqual(['pause', 'recovery'])
  })

  test('cancels the purchases that rest, and leaves the sales', () => {
    const desk = new TestDesk({ deposit: '100000', limits: { sizing: 'mirror' } })
    desk.copies(1, { size: shares('1000') })
    const exit = desk.hears(1, { side: 'sell', size: shares('250'), transaction: '0xout' })
    desk.quote(exit)
    const sale = desk.last('orderPlanned').intent.key
    desk.orders(2, { transaction: '0xin2' })
    const purchase = desk.last('orderPlanned').intent.key
    for (const order of [sale, purchase])
      desk.take({ kind: 'orderAnswered', order, answer: { kind: 'accepted', status: 'resting', fills: [] } })
    desk.ask({ kind: 'pause', why: '' })
    expect(desk.all('cancelAsked')).toEqual([{ kind: 'cancelAsked', order: purchase }])
  })

  test('is not what a stop is: a stop comes over it, one word lifts both, and neither comes twice', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'pause', why: 'first' })
    desk.ask({ kind: 'pause', why: 'again' })
    expect(desk.last('instructionRefused').why).toBe('buying is paused already')
    desk.ask({ kind: 'stop', why: 'all of it' })
    expect(tradingState(desk.state.holds.values())).toBe('halted')
    desk.ask({ kind: 'pause', why: 'less' })
    expect(desk.last('instructionRefused').why).toBe('trading is stopped already, exits included')
    desk.ask({ kind: 'resume' })
    expect(desk.all('holdReleased').slice(-2)).toMatchObject([{ holder: 'operator' }, { holder: 'pause' }])
    expect([...desk.state.holds.keys()]).toEqual([])
  })

  test('lets no purchase be approved, keeps its card, and lets exits be', () => {
    const desk = asking({ deposit: '100000', limits: FAR })
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: false } })
    desk.copies(1)
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
    const exit = card(desk, {}, 1, { side: 'sell', transaction: '0xout' })
    const entry = card(desk, {}, 2)
    desk.ask({ kind: 'pause', why: '' })
    desk.ask({ kind: 'approve', signal: entry.signal })
    expect(desk.last('instructionRefused').why).toMatch(/nothing is bought at the moment/)
    desk.ask({ kind: 'approve', signal: exit.signal })
    expect(desk.last('approvalGiven').signal).toBe(exit.signal)
    desk.ask({ kind: 'resume' })
    desk.ask({ kind: 'approve', signal: entry.signal })
    expect(desk.last('approvalGiven').signal).toBe(entry.signal)
    audit(desk)
  })
})

describe('an account of a surface', () => {
  test('speaks for who linked it, until it is unlinked', () => {
    const desk = new TestDesk()
    expect(desk.says(BERT, { kind: 'linkAccount', surface: 'telegram', account: '77' })).toMatchObject([
      { kind: 'accountLinked', surface: 'telegram', account: '77', by: { person: BERT } },
    ])
    expect(desk.state.links).toEqual(new Map([[accountKey('telegram', '77'), BERT]]))
    desk.says(BERT, { kind: 'linkAccount', surface: 'discord', account: '77' })
    expect(kindsOf(desk.says(ANNA, { kind: 'unlinkAccount', surface: 'telegram', account: '77' }))).toEqual([
      'accountUnlinked',
    ])
    expect(desk.state.links).toEqual(new Map([[accountKey('discord', '77'), BERT]]))
  })

  test.each([
    ['that is yours already', BERT, 'linkAccount', '77', 'that account is linked to you already'],
    [
      'that is another’s',
      ANNA,
      'linkAccount',
      '77',
      'that account is linked to somebody else; it must be unlinked first',
    ],
    ['that nobody linked', BERT, 'unlinkAccount', '78', 'that account is not linked'],
  ] as const)('is left as it is: one %s', (_, person, kind, account, why) => {
    const desk = new TestDesk()
    desk.says(BERT, { kind: 'linkAccount', surface: 'telegram', account: '77' })
    desk.says(person, { kind, surface: 'telegram', account })
    expect(desk.last('instructionRefused')).toMatchObject({ instruction: kind, why })
    expect(desk.state.links.get('telegram:77')).toBe(BERT)
  })

  test('is one of at most so many', () => {
    const desk = new TestDesk()
    for (let account = 0; account <= LINKS_MAX; account += 1)
      desk.says(BERT, { kind: 'linkAccount', surface: 'telegram', account: String(account) })
    expect(desk.state.links.size).toBe(LINKS_MAX)
    expect(desk.last('instructionRefused').why).toBe('1000 accounts are linked, which is the most')
  })
})

describe('what a person wants to be told', () => {
  const loud: NoticeSettings = { ...PLAIN_NOTICE, loudness: { 'telegram:filled': 'silent' } }

  test('is kept for that person, and survives a start', () => {
    const desk = new TestDesk()
    desk.says(BERT, { kind: 'setNotice', notice: loud })
    desk.says(ANNA, { kind: 'setNotice', notice: PLAIN_NOTICE })
    desk.start()
    expect(desk.state.notices).toEqual(
      new Map([
        [BERT, loud],
        [ANNA, PLAIN_NOTICE],
      ]),
    )
  })

  const quiet = { zone: 'Europe/Berlin', from: 1_320, to: 420 }
  const many = Object.fromEntries(
    Array.from({ length: LOUDNESS_MAX + 1 }, (_, index) => [`*:${index}`, 'off' as const]),
  )
  test.each([
    ['quiet at night', { ...loud, quiet }, undefined],
    ['at the last minute of a day', { ...loud, dailyAt: 1_439 }, undefined],
    ['after the last minute', { ...loud, dailyAt: 1_440 }, 'a time of day is between 00:00 and 23:59'],
    ['before the first', { ...loud, dailyAt: -1 }, 'a time of day is between 00:00 and 23:59'],
    ['between two minutes', { ...loud, dailyAt: 1.5 }, 'a time of day is between 00:00 and 23:59'],
    ['quiet from no minute', { ...loud, quiet: { ...quiet, from: 1_440 } }, 'a time of day is between 00:00 and 23:59'],
    ['quiet to no minute', { ...loud, quiet: { ...quiet, to: -5 } }, 'a time of day is between 00:00 and 23:59'],
    ['quiet all day', { ...loud, quiet: { ...quiet, to: 1_320 } }, 'quiet hours end at another time than they begin'],
    ['too much', { ...loud, loudness: many }, 'at most 200 settings are kept'],
  ])('is %s', (_, notice, fault) => {
    expect(noticeFault(notice)).toBe(fault)
    const desk = new TestDesk()
    expect(kindsOf(desk.says(BERT, { kind: 'setNotice', notice }))).toEqual([
      fault === undefined ? 'noticeSet' : 'instructionRefused',
    ])
    expect(desk.state.notices.has(BERT)).toBe(fault === undefined)
  })
})

test('a page that a person has seen is on record with who and when', () => {
  const desk = new TestDesk()
  expect(desk.wait(5).says(BERT, { kind: 'acknowledge', page: 'hold:operator' })).toMatchObject([
    { kind: 'pageAcknowledged', page: 'hold:operator', by: { person: BERT }, at: desk.at },
  ])
})

test('a press that was turned away is on record, does nothing, and sets nothing going', () => {
  const desk = new TestDesk()
  const press = {
    surface: 'telegram',
    account: '666',
    person: undefined,
    press: 'p1',
    line: 'approve X',
    why: 'not known',
  }
  const [holds, signals] = [desk.state.holds.size, desk.state.signals.size]
  expect(desk.take({ kind: 'turnedAway', ...press })).toEqual([{ kind: 'pressTurnedAway', ...press }])
  expect(desk.effects).toEqual([])
  expect([desk.state.holds.size, desk.state.signals.size]).toEqual([holds, signals])
})

test('links, settings, decided cards and the hold are read back from a snapshot, and fold from the facts, as they were', () => {
  const desk = new TestDesk()
  desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
  const [one, other] = [desk.hears(1), desk.hears(2)]
  desk.quote(one)
  desk.quote(other)
  desk.says(BERT, { kind: 'linkAccount', surface: 'telegram', account: '77' })
  desk.says(BERT, { kind: 'setNotice', notice: { ...PLAIN_NOTICE, loudness: { '*:filled': 'digest' } } })
  desk.says(BERT, { kind: 'reject', signal: one, why: 'no' })
  desk.says(BERT, { kind: 'approve', signal: other, dollars: usd('60') })
  voices(desk, false)
  expect(decodeState(encodeState(desk.state))).toEqual(desk.state)
  const folded = emptyState()
  for (const fact of decodeFacts(encodeFacts(desk.facts))) evolve(folded, fact)
  folded.now = desk.state.now
  expect(encodeState(folded)).toBe(encodeState(desk.state))
})

test('what an older program recorded still means the same: one person, no votes, and nobody knows when', () => {
  const desk = new TestDesk()
  desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
  const signal = desk.hears(1)
  desk.quote(signal)
  desk.ask({ kind: 'approve', signal })
  const older = decodeFacts(encodeFacts(desk.facts)).map(fact => {
    if (fact.kind === 'approvalAsked') {
      const { kind, round, bound, stake, expected } = fact
      return { kind, signal, round, bound, stake, expected } as const
    }
    return fact.kind === 'approvalGiven' ? ({ kind: fact.kind, signal, by: fact.by } as const) : fact
  })
  const folded = emptyState()
  for (const fact of older) {
    evolve(folded, fact)
    if (fact.kind === 'approvalAsked')
      expect(folded.signals.get(signal)?.stage).toMatchObject({ kind: 'waiting', persons: 1, votes: [] })
  }
  const asker = { person: BERT, surface: 'console', press: 'late' }
  const late = { kind: 'instructed', at: desk.at, asker, instruction: { kind: 'approve', signal } } as const
  expect(step(folded, late, prepare).facts).toMatchObject([
    { kind: 'instructionRefused', why: 'anna approved it before' },
  ])
})
