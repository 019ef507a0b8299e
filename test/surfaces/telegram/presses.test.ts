import { describe, expect, test } from 'vitest'
import { pressCodec } from '../../../src/chat/press-codec.ts'
import { ANN, aCard, EVE, inTopic, own, TEAM, useHouses } from './house.ts'

const { house, world } = useHouses()
const FOREIGN = pressCodec([Buffer.alloc(32, 9)])

describe('a press', () => {
  test('that risks something says what was pressed, is done once, and leaves the telling to the card', async () => {
    const { ann, card, deeds, telegram, until } = await house()
    const shown = await card()
    const { answered, id } = ann.press(shown, 'Approve $40')
    expect(await answered).toMatchObject({ text: 'Pressed: Approve $40', isAlert: false })
    await until(() => deeds.done.length > 0)
    expect(deeds.done).toEqual([{ what: 'approve a7 $40 card:1', by: 'ann', press: `telegram press ${id}` }])
    await ann.say('/why a7').reply
    expect(telegram.messages(ANN).map(({ text }) => text)).toEqual([shown.text, '/why a7', 'because: why a7'])
  })

  test('that only looks is acknowledged without words, and answered', async () => {
    const { ann, card, telegram, until } = await house()
    const shown = await card()
    const { answered } = ann.press(shown, 'Why')
    expect(await answered).toMatchObject({ text: '' })
    await until(() => telegram.latest(ANN)?.text === 'because: why a7')
  })

  test('on an answer is told, since nobody edits that', async () => {
    const { ann, deeds, telegram, until } = await house()
    const status = await ann.say('/status').reply
    ann.press(status, 'Confirm $80')
    await until(() => telegram.latest(ANN)?.text.includes('done: approve a7 $80 card:1'))
    expect(deeds.done.map(({ what }) => what)).toEqual(['status', 'approve a7 $80 card:1'])
  })

  test('of somebody who may not is answered over the card, for their eyes alone', async () => {
    const { ben, card, deeds, telegram } = await house({ group: true })
    telegram.group({ id: TEAM, title: 'Team', topics: { 7: 'Approvals' } })
    const shown = await card({ place: inTopic(7) })
    for (const label of ['Approve $40', 'Other amount'])
      expect(await ben.press(shown, label).answered).toMatchObject({
        text: expect.stringContaining('takes a trader; you are a viewer'),
        isAlert: true,
      })
    expect(deeds.done).toEqual([])
    expect(telegram.latest(TEAM)?.id).toBe(shown.id)
  })

  test('of a stranger is answered over the card, and each is on record', async () => {
    const { card, deeds, telegram } = await house({ group: true })
    telegram.group({ id: TEAM, title: 'Team', topics: { 7: 'Approvals' } })
    const eve = telegram.person({ id: EVE, name: 'Eve' })
    const shown = await card({ place: inTopic(7) })
    expect(await eve.press(shown, 'Approve $40').answered).toMatchObject({
      text: expect.stringContaining('I do not know you'),
      isAlert: true,
    })
    expect(await eve.press(shown, 'Stop').answered).toMatchObject({ isAlert: true })
    expect(deeds.done).toEqual([])
    expect(deeds.turnedAway).toMatchObject([
      { line: 'approve a7 $40 card:1', heard: { account: String(EVE) } },
      { line: 'stop', heard: { account: String(EVE) } },
    ])
  })

  test('of a forwarded card counts as whose press it is, and where', async () => {
    const { ann, card, deeds, telegram, codec, until } = await house({ group: true })
    telegram.group({ id: TEAM, title: 'Team' })
    telegram.group({ id: -77, title: 'Elsewhere' })
    const eve = telegram.person({ id: EVE, name: 'Eve' })
    await card()
    const data = codec.write('approve a7 $40 card:1', false)
    eve.press(99, data, { forged: true })
    ann.press(98, data, { forged: true, chat: -77 })
    await ann.press(97, data, { forged: true, chat: TEAM }).answered
    await until(() => deeds.done.length > 0)
    expect(deeds.done).toHaveLength(1)
    expect(deeds.done).toMatchObject([{ by: 'ann' }])
  })

  test.each([
    ['tampered with', (data: string) => `${data.slice(0, 3)}X${data.slice(4)}`],
    ['cut', (data: string) => data.slice(0, -1)],
    ['longer than any of ours', (data: string) => `${data}${'A'.repeat(70)}`],
    ['of another bot', () => FOREIGN.write('approve a7 $40 card:1', false)],
    ['empty of sense', () => 'x'],
    ['another alphabet', () => '☃'.repeat(20)],
  ])('with data that is %s does nothing', async (_, change) => {
    const { ann, deeds, codec, notes } = await house()
    const data = change(codec.write('approve a7 $40 card:1', false))
    expect(await ann.press(5, data, { forged: true }).answered).toMatchObject({
      text: expect.stringContaining('Nothing was done'),
      isAlert: true,
    })
    expect(deeds.done).toEqual([])
    expect(notes.join()).toContain(`a press of account ${ANN} was not one of ours`)
  })

  test('signed with the key of before is still read', async () => {
    const before = Buffer.alloc(32, 1)
    const { ann, deeds, until } = await house({ keys: [Buffer.alloc(32, 2), before] })
    ann.press(5, pressCodec([before]).write('reject a7', false), { forged: true })
    await until(() => deeds.done.length > 0)
    expect(deeds.done).toMatchObject([{ what: 'reject a7' }])
  })

  test('that Telegram takes for too old buys nothing, and stops all the same', async () => {
    const { ann, card, deeds, telegram, observed, until } = await house()
    const shown = await card()
    ann.press(shown, 'Approve $40', { agoMs: 60_000 })
    ann.press(shown, 'Reject', { agoMs: 60_000 })
    ann.press(shown, 'Stop', { agoMs: 60_000 })
    await until(() => telegram.messages(ANN).length === 3)
    expect(deeds.done.map(({ what }) => what)).toEqual(['stop', 'reject a7'])
    const said = telegram.messages(ANN).map(({ text }) => text)
    expect(said.join('\n')).toContain('approve came too late')
    expect(said.join('\n')).toContain('Telegram says that the press is too old')
    await until(() => observed.filter(({ what }) => what === 'late').length === 3)
  })

  test.each(['hang', 'badGateway', 'html', 'truncated'] as const)(
    'whose acknowledgement meets %s is of unknown age, and buys nothing',
    async kind => {
      const telegram = await world()
      const { ann, card, deeds, until } = await house({ telegram, timings: { ackMs: 300 } })
      const shown = await card()
      telegram.faults.add({ kind }, { method: 'answerCallbackQuery' })
      ann.press(shown, 'Approve $40')
      await until(() => telegram.latest(ANN)?.text.includes('nobody knows how old the press is'))
      expect(deeds.done).toEqual([])
    },
  )

  test('whose acknowledgement met a broken connection is acknowledged again', async () => {
    const { ann, card, deeds, telegram, until } = await house()
    const shown = await card()
    telegram.faults.add({ kind: 'reset' }, { method: 'answerCallbackQuery' })
    expect(await ann.press(shown, 'Approve $40').answered).toMatchObject({ text: 'Pressed: Approve $40' })
    await until(() => deeds.done.length > 0)
  })

  test('twice is two presses, each acknowledged', async () => {
    const { ann, card, deeds, until } = await house()
    const shown = await card()
    const [first, second] = [ann.press(shown, 'Approve $40'), ann.press(shown, 'Approve $40')]
    await Promise.all([first.answered, second.answered])
    await until(() => deeds.done.length === 2)
    expect(new Set(deeds.done.map(({ press }) => press)).size).toBe(2)
  })
})

test('a hundred presses at once are all acknowledged, and Node has nothing to warn of', async () => {
  const { ann, card, deeds, until } = await house()
  const shown = await card()
  const warnings: Error[] = []
  const warned = (warning: Error): void => void warnings.push(warning)
  process.on('warning', warned)
  const presses = Array.from({ length: 100 }, () => ann.press(shown, 'Approve $40').answered)
  await Promise.all(presses)
  await until(() => deeds.done.length === 100)
  process.off('warning', warned)
  expect(warnings).toEqual([])
})

describe('a form', () => {
  test('asks for its text, and the answer completes the line', async () => {
    const { ann, card, deeds, telegram, until } = await house()
    const shown = await card()
    ann.press(shown, 'Other amount')
    const prompt = await until(() => telegram.messages(ANN).find(({ text }) => text.startsWith('How much for a7?')))
    expect(prompt.markup).toMatchObject({ force_reply: true, input_field_placeholder: '40' })
    ann.say('25', { replyTo: prompt.id })
    await until(() => deeds.done.length > 0)
    expect(deeds.done).toMatchObject([{ what: 'approve a7 25 card:1', by: 'ann' }])
  })

  test('in a group names whom it asks, and hears nobody else', async () => {
    const { ann, ben, card, deeds, telegram, until } = await house({ group: true })
    telegram.group({ id: TEAM, title: 'Team', topics: { 7: 'Approvals' } })
    const shown = await card({ place: inTopic(7) })
    ann.press(shown, 'Other amount')
    const prompt = await until(() => telegram.messages(TEAM).find(({ text }) => text.includes('How much for a7?')))
    expect(prompt).toMatchObject({ topic: 7, textLinks: [`tg://user?id=${ANN}`] })
    const foreign = ben.say('1000', { chat: TEAM, topic: 7, replyTo: prompt.id })
    expect((await foreign.reply).text).toContain('That question is over')
    ann.say('25', { chat: TEAM, topic: 7, replyTo: prompt.id })
    await until(() => deeds.done.length > 0)
    expect(deeds.done).toMatchObject([{ what: 'approve a7 25 card:1', by: 'ann' }])
  })

  test.each([
    ['quotes', '25" card:2 "', 'approve a7 25 card:2 card:1'],
    ['typographic quotes', '“25”', 'approve a7 25 card:1'],
    ['options of its own', '25 amount:9000', 'approve a7 25 amount:9000 card:1'],
    ['lines', '25\nstop', 'approve a7 25 stop card:1'],
  ])('is one text, though it holds %s', async (_, text, done) => {
    const { ann, card, deeds, telegram, until } = await house()
    ann.press(await card(), 'Other amount')
    const prompt = await until(() => telegram.messages(ANN).find(each => each.text.startsWith('How much')))
    ann.say(text, { replyTo: prompt.id })
    await until(() => deeds.done.length > 0)
    expect(deeds.done).toMatchObject([{ what: done }])
  })

  test('that was answered is over', async () => {
    const { ann, card, deeds, telegram, until } = await house()
    ann.press(await card(), 'Other amount')
    const prompt = await until(() => telegram.messages(ANN).find(each => each.text.startsWith('How much')))
    await ann.say('25', { replyTo: prompt.id }).reply
    expect((await ann.say('26', { replyTo: prompt.id }).reply).text).toContain('That question is over')
    expect(deeds.done).toHaveLength(1)
  })

  test('that waited too long is over, and so is one of before a restart', async () => {
    const first = await house()
    first.ann.press(await first.card(), 'Other amount')
    const { telegram, until } = first
    const prompt = await until(() => telegram.messages(ANN).find(each => each.text.startsWith('How much')))
    await first.ann.say('/status').reply
    first.ahead(61_000)
    expect((await first.ann.say('25', { replyTo: prompt.id }).reply).text).toContain('That question is over')
    await first.leave()
    const second = await house({ telegram, memory: first.memory, deeds: first.deeds })
    expect((await second.ann.say('25', { replyTo: prompt.id }).reply).text).toContain('That question is over')
    expect(first.deeds.done.map(({ what }) => what)).toEqual(['status'])
  })

  test('answered with a command is that command', async () => {
    const { ann, card, deeds, telegram, until } = await house()
    ann.press(await card(), 'Other amount')
    const prompt = await until(() => telegram.messages(ANN).find(each => each.text.startsWith('How much')))
    await ann.say('stop', { replyTo: prompt.id }).reply
    await ann.say('/status', { replyTo: prompt.id }).reply
    expect(deeds.done.map(({ what }) => what)).toEqual(['stop', 'status'])
  })

  test('with too long an answer is asked again', async () => {
    const { ann, card, deeds, telegram, until } = await house()
    ann.press(await card(), 'Other amount')
    const prompt = await until(() => telegram.messages(ANN).find(each => each.text.startsWith('How much')))
    expect((await ann.say('9'.repeat(201), { replyTo: prompt.id }).reply).text).toContain('At most 200 characters')
    ann.say('9', { replyTo: prompt.id })
    await until(() => deeds.done.length > 0)
    expect(deeds.done).toMatchObject([{ what: 'approve a7 9 card:1' }])
  })

  test('of a card of before a restart is asked in the words of the command', async () => {
    const { ann, codec, telegram, until } = await house()
    ann.press(5, codec.write('approve a7 card:1 amount:', true), { forged: true })
    const prompt = await until(() => telegram.latest(ANN))
    expect(prompt.text).toContain('Dollars, at most')
  })

  test('that is pressed too late asks nothing', async () => {
    const { ann, card, telegram, until } = await house()
    ann.press(await card(), 'Other amount', { agoMs: 60_000 })
    await until(() => telegram.latest(ANN)?.text.includes('Press it again'))
  })
})

test('a refusal of a press makes a sound, and what was asked for does not', async () => {
  const { ann, card, telegram, until } = await house()
  const shown = await card({ place: own(ANN), reply: aCard().press('Odd', 'nonsense', {}) })
  ann.press(shown, 'Odd')
  expect(await until(() => telegram.messages(ANN)[1])).toMatchObject({ isSilent: false })
  ann.press(shown, 'Why')
  expect(await until(() => telegram.messages(ANN)[2])).toMatchObject({ isSilent: true })
})
