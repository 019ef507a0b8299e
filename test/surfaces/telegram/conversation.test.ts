import { describe, expect, test } from 'vitest'
import { commands } from '../../../commands/index.ts'
import { newWorld, standIn } from '../../chat/stand-in.ts'
import { ANN, BEN, EVE, inTopic, leaks, TEAM, TOPICS, useHouses } from './house.ts'

const { house, world } = useHouses()

describe('what people type', () => {
  test('a command is heard and answered where it was said', async () => {
    const { ann, deeds, telegram, surface, until } = await house()
    const said = ann.say('/status')
    expect(await said.reply).toMatchObject({ chatId: ANN, text: 'PAPER · running', isSilent: true })
    expect(deeds.done).toEqual([{ what: 'status', by: 'ann', press: `telegram ${ANN}/${said.id}` }])
    await until(() => telegram.confirmedBelow() > said.update.update_id)
    expect(surface.view()).toMatchObject({ status: 'live', why: '' })
  })

  test.each(['stop', 'STOP!', '/stop', '/halt', '/stop@Remora_Test_Bot', '/STOP.', '  stop now  '])(
    '%j stops',
    async line => {
      const { ann, deeds, telegram, until } = await house()
      await until(() => telegram.callsOf('getMe').length > 0)
      expect((await ann.say(line).reply).text).toBe('PAPER · STOPPED')
      expect(deeds.done).toHaveLength(1)
    },
  )

  test('words that are no command are answered in private, and left alone in the group', async () => {
    const { ann, telegram, deeds } = await house({ group: true })
    telegram.group({ id: TEAM, title: 'Team', topics: { 7: 'Approvals', 9: 'Risk' } })
    ann.say('stats please', { chat: TEAM, topic: 7 })
    expect((await ann.say('stats please').reply).text).toContain('There is no command "stats"')
    expect(telegram.latest(TEAM)).toBeUndefined()
    expect(deeds.done).toEqual([])
  })

  test('a command in a topic is answered in that topic', async () => {
    const { ann, telegram } = await house({ group: true })
    telegram.group({ id: TEAM, title: 'Team', topics: { 7: 'Approvals', 9: 'Risk' } })
    const said = ann.say('/status@remora_test_bot', { chat: TEAM, topic: TOPICS.risk })
    expect(await said.reply).toMatchObject({ chatId: TEAM, topic: TOPICS.risk, text: 'PAPER · running' })
  })

  test("another bot's command is not ours", async () => {
    const { ann, telegram, deeds, until } = await house({ group: true })
    telegram.group({ id: TEAM, title: 'Team' })
    await until(() => telegram.commands().length > 0)
    ann.say('/stop@other_bot', { chat: TEAM })
    ann.say('/status@other_bot')
    await ann.say('/status').reply
    expect(deeds.done.map(({ what }) => what)).toEqual(['status'])
    expect(telegram.latest(TEAM)).toBeUndefined()
  })

  test('a command that names a bot waits until we know our own name, and a stop does not', async () => {
    const telegram = await world()
    const fault = telegram.faults.add({ kind: 'hang' }, { method: 'getMe' })
    const { ann, deeds, until } = await house({ telegram, timings: { callMs: 300 } })
    ann.say('/status@remora_test_bot')
    ann.say('/stop@remora_test_bot')
    await until(() => deeds.done.length > 0)
    expect(deeds.done.map(({ what }) => what)).toEqual(['stop'])
    await until(() => deeds.done.length > 1)
    expect(deeds.done.map(({ what }) => what)).toEqual(['stop', 'status'])
    expect(fault.hits()).toBe(1)
  })

  test('what was typed long ago is obeyed only where that is safe', async () => {
    const { ann, deeds, until } = await house()
    const old = ann.say('/approve a7 $40', { agoMs: 20_000 })
    expect((await old.reply).text).toContain('approve came too late')
    ann.say('/reject a7', { agoMs: 20_000 })
    ann.say('/approve a8 $40', { agoMs: 5_000 })
    await until(() => deeds.done.length === 2)
    expect(deeds.done.map(({ what }) => what)).toEqual(['reject a7', 'approve a8 $40'])
    expect(deeds.turnedAway).toMatchObject([{ line: '/approve a7 $40', why: expect.stringContaining('too late') }])
  })

  test('a message that is edited into a stop is one; edited into anything else it is nothing', async () => {
    const { ann, deeds, until } = await house()
    const said = ann.say('/statsu')
    await said.reply
    ann.say('/approve a7', { edited: said.id })
    ann.say('/stop', { edited: said.id })
    ann.say('/why a7')
    await until(() => deeds.done.length > 1)
    expect(deeds.done.map(({ what }) => what)).toEqual(['stop', 'why a7'])
  })

  test('the menu is told once, and anew only when it differs', async () => {
    const first = await house()
    await first.telegram.until(() => first.telegram.commands().length > 0)
    expect(first.telegram.commands()).toContainEqual({ command: 'stop', description: 'Does stop.' })
    await first.telegram.until(() => first.surface.view().status === 'live')
    await first.ann.say('/status').reply
    await first.leave()
    const second = await house({ telegram: first.telegram, memory: first.memory })
    await second.ann.say('/status').reply
    expect(first.telegram.callsOf('getMe')).toHaveLength(2)
    expect(first.telegram.callsOf('setMyCommands')).toHaveLength(1)
  })

  test('a menu that is not taken is tried again', async () => {
    const telegram = await world()
    telegram.faults.add({ kind: 'badGateway' }, { method: 'setMyCommands', times: 2 })
    const { until } = await house({ telegram })
    await until(() => telegram.commands().length > 0)
    expect(telegram.callsOf('setMyCommands')).toHaveLength(3)
  })
})

describe('who may speak', () => {
  test('a stranger gets one sentence a minute, and nothing of theirs is done', async () => {
    const { telegram, deeds, ann } = await house()
    const eve = telegram.person({ id: EVE, name: 'Eve' })
    expect((await eve.say('/approve a7').reply).text).toContain('I do not know you')
    eve.say('/stop')
    eve.say('stop')
    await ann.say('/status').reply
    expect(telegram.messages(EVE).filter(({ isFromBot }) => isFromBot)).toHaveLength(1)
    expect(deeds.done.map(({ what }) => what)).toEqual(['status'])
    expect(deeds.turnedAway).toMatchObject([{ line: '/approve a7', heard: { account: String(EVE) } }])
  })

  test('a code links an account, in private and not in the group', async () => {
    const { telegram, deeds, ann } = await house({ group: true })
    telegram.group({ id: TEAM, title: 'Team' })
    const eve = telegram.person({ id: EVE, name: 'Eve' })
    const public_ = ann.say('/link', { chat: TEAM })
    expect((await public_.reply).text).toContain('Say that in private')
    const issued = await ann.say('link').reply
    const [code = ''] = /\d{6}/.exec(issued.text) ?? []
    const overheard = eve.say(`/link ${code}`, { chat: TEAM })
    expect((await overheard.reply).text).toContain('I do not know you')
    expect((await eve.say(`link ${code}`).reply).text).toContain('This account speaks for ann now')
    expect((await eve.say('/approve a7').reply).text).toContain('done: approve a7')
    expect(deeds.done).toMatchObject([{ what: 'approve a7', by: 'ann' }])
  })

  test('codes cannot be guessed through us', async () => {
    const { telegram, deeds, ann, until } = await house()
    const eve = telegram.person({ id: EVE, name: 'Eve' })
    for (let guess = 0; guess < 40; guess += 1) eve.say(`link ${100_000 + guess}`)
    const answers = () => telegram.messages(EVE).filter(({ isFromBot }) => isFromBot)
    await until(() => answers().length === 8)
    await ann.say('/status').reply
    expect(answers()).toHaveLength(8)
    expect(answers().at(-1)?.text).toContain('Too many wrong codes')
    expect(deeds.turnedAway).toHaveLength(8)
  })

  test('a channel or a hidden administrator is nobody', async () => {
    const { telegram, deeds, ann } = await house({ group: true })
    telegram.group({ id: TEAM, title: 'Team' })
    const said = ann.say('/stop', { chat: TEAM, senderChat: { id: TEAM, title: 'Team' } })
    expect((await said.reply).text).toContain('I obey people')
    ann.say('/approve a7', { chat: TEAM, senderChat: { id: -1_009_999, title: 'News' } })
    await ann.say('/status').reply
    expect(deeds.done.map(({ what }) => what)).toEqual(['status'])
    expect(telegram.messages(TEAM).filter(({ isFromBot }) => isFromBot)).toHaveLength(1)
  })

  test('a group that nobody has named is not answered, and told of once', async () => {
    const { telegram, deeds, notes, ann } = await house({ group: true })
    telegram.group({ id: -77, title: 'Elsewhere' })
    for (const line of ['/stop', '/status', 'stop']) ann.say(line, { chat: -77 })
    await ann.say('/status').reply
    expect(deeds.done.map(({ what }) => what)).toEqual(['status'])
    expect(telegram.latest(-77)).toBeUndefined()
    expect(notes.filter(note => note.includes('-77'))).toHaveLength(1)
  })

  test('a person who may not is told, and it is on record nowhere that it was done', async () => {
    const { ben, deeds } = await house()
    expect((await ben.say('/stop').reply).text).toContain('takes a guardian')
    expect(deeds.done).toEqual([])
  })
})

describe('where messages go', () => {
  test('to each account of a person, and to the topic of each purpose', async () => {
    const { surface } = await house({ group: true })
    expect(surface.places('approvals')).toEqual([
      { surface: 'telegram', id: String(ANN), purpose: 'approvals', person: 'ann' },
      { surface: 'telegram', id: String(BEN), purpose: 'approvals', person: 'ben' },
      { surface: 'telegram', id: `${TEAM}/7`, purpose: 'approvals', person: undefined },
    ])
    expect(surface.places('log').at(-1)).toMatchObject({ id: String(TEAM), person: undefined })
    expect((await house()).surface.places('log')).toHaveLength(2)
  })

  test('a picture stands above its words where they fit there, and before them where they do not', async () => {
    const { ann, telegram, until } = await house()
    const short = await ann.say('/picture').reply
    expect(short).toMatchObject({ text: expect.stringContaining('Profit, 7 days'), photo: { width: 1, height: 1 } })
    expect(short.keyboard.flat()).toMatchObject([{ text: 'Status' }])
    const photo = await ann.say('/picture many').reply
    expect(photo).toMatchObject({ text: '', photo: { width: 1 } })
    const words = await until(() => {
      const latest = telegram.latest(ANN)
      return latest?.photo === undefined && latest
    })
    expect(words.text).toContain('Day 29')
    expect(words.keyboard.flat()).toMatchObject([{ text: 'Status' }])
  })

  test('a topic that is gone gives way to the group itself', async () => {
    const { card, telegram, notes } = await house({ group: true })
    telegram.group({ id: TEAM, title: 'Team', topics: { 9: 'Risk' } })
    expect(await card({ place: inTopic(7) })).toMatchObject({ topic: undefined, text: expect.stringContaining('BUY') })
    expect(notes.join()).toContain(`topic ${TEAM}/7 is gone`)
  })

  test('nothing of the token is in what it notes', async () => {
    const one = await house()
    await one.ann.say('/status').reply
    expect(leaks(one)).toEqual([])
  })
})

describe('the commands of the program', () => {
  test('are pressed and typed as they are on every surface', async () => {
    const desk = newWorld()
    const { ann, telegram, until, notes } = await house({ real: { commands, desk: standIn(desk) } })
    const [waiting] = desk.pending
    const short = waiting?.signal.short ?? ''
    const list = await ann.say('/pending').reply
    expect(await ann.press(list, `Approve ${short}`).answered).toMatchObject({ text: `Pressed: Approve ${short}` })
    await until(() => telegram.latest(ANN)?.text.includes(`approved ${short}`))
    expect(desk.instructions).toMatchObject([{ kind: 'approve', signal: waiting?.signal.id }])
    expect((await ann.say('STOP!').reply).text).toContain('STOPPED')
    expect((await ann.say('/approve zzzz').reply).text).not.toContain('Something went wrong')
    expect(desk.instructions).toMatchObject([{ kind: 'approve' }, { kind: 'stop' }])
    expect(notes).toEqual([])
  })
})
