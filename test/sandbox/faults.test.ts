import { describe, expect, test } from 'vitest'
import { faultsNamed } from '../../src/sandbox/faults/control.ts'
import { FAULTS, type Fault, FaultError, SOURCES, TAKES } from '../../src/sandbox/faults/faults.ts'
import { runSandbox } from '../../src/sandbox/main-sandbox.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ask, type Visited, visit } from './visitor.ts'

const SENSELESS = SOURCES.flatMap(source =>
  (Object.keys(FAULTS) as Fault[]).filter(fault => !TAKES[source].includes(fault)).map(fault => ({ source, fault })),
)

describe('the switch', () => {
  test('lists what is on, once each, and clears all of it', async () => {
    const { faults } = await visit()
    expect(faults.on()).toEqual([])
    faults.set('data', 'cached', true)
    faults.set('activity', 'silent', true)
    faults.set('activity', 'silent', true)
    expect(faults.on()).toEqual([
      { source: 'activity', fault: 'silent' },
      { source: 'data', fault: 'cached' },
    ])
    faults.set('data', 'cached', false)
    faults.set('data', 'cached', false)
    expect(faults.on()).toEqual([{ source: 'activity', fault: 'silent' }])
    faults.clear()
    expect(faults.on()).toEqual([])
  })

  test.each(SENSELESS)('$fault is refused for $source, with what it does take', async ({ source, fault }) => {
    const { faults } = await visit()
    const sentence = `${fault} makes no sense for ${source}, which takes ${TAKES[source].join(', ')}`
    expect(() => faults.set(source, fault, true)).toThrow(new FaultError(sentence))
    expect(faults.on()).toEqual([])
  })

  test('every fault is taken by some source', () => {
    const taken = new Set(SOURCES.flatMap(source => TAKES[source]))
    expect([...taken].sort()).toEqual(Object.keys(FAULTS).sort())
  })

  test('a sandbox may begin with faults, and does not with one that makes no sense', async () => {
    const { faults } = await visit({ faults: [{ source: 'clob', fault: 'failing' }] })
    expect(faults.on()).toEqual([{ source: 'clob', fault: 'failing' }])
    await expect(startSandbox({ faults: [{ source: 'clob', fault: 'silent' }] })).rejects.toThrow(/makes no sense/)
  })
})

describe('over HTTP', () => {
  const at = ({ port }: Visited): string => `http://127.0.0.1:${port}/faults`
  const post = (sandbox: Visited, body: string) => ask(at(sandbox), { method: 'POST', body })

  test('faults are switched and listed', async () => {
    const sandbox = await visit()
    const isOn = [{ source: 'gamma', fault: 'failing' }]
    const switched = await post(sandbox, '{"source": "gamma", "fault": "failing", "on": true}')
    expect(switched).toMatchObject({ status: 200, body: { on: isOn } })
    expect((await ask(at(sandbox))).body).toMatchObject({ simulated: true, on: isOn, sources: TAKES, faults: FAULTS })
    expect((await ask(`${sandbox.hosts.gamma}/tags`)).status).toBe(503)
    await post(sandbox, '{"source": "gamma", "fault": "failing", "on": false}')
    expect((await ask(`${sandbox.hosts.gamma}/tags`)).status).toBe(200)
    expect((await ask(at(sandbox))).body).toMatchObject({ on: [] })
  })

  test.each([
    ['no JSON', 'on', 400, /the body is no JSON object: send \{"source"/],
    ['a list', '[]', 400, /source must be a name/],
    ['nothing', 'null', 400, /no JSON object/],
    ['no source', '{"fault": "silent", "on": true}', 400, /source must be a name/],
    ['no fault', '{"source": "activity", "on": true}', 400, /fault must be a name/],
    [
      'a switch that is a text',
      '{"source": "activity", "fault": "silent", "on": "yes"}',
      400,
      /on must be true or false/,
    ],
    [
      'something more',
      '{"source": "activity", "fault": "silent", "on": true, "for": 5}',
      400,
      /only source, fault and on/,
    ],
    [
      'a source there is not',
      '{"source": "user", "fault": "silent", "on": true}',
      400,
      /no source "user": name one of chain/,
    ],
    [
      'a fault there is not',
      '{"source": "data", "fault": "tired", "on": true}',
      400,
      /no fault "tired": data takes half/,
    ],
    ['a name of an object', '{"source": "data", "fault": "constructor", "on": true}', 400, /no fault "constructor"/],
    ['what makes no sense', '{"source": "data", "fault": "silent", "on": true}', 400, /makes no sense for data, which/],
    ['a long body', `{"source": "${'a'.repeat(2000)}"}`, 400, /the body is too long/],
    ['a body without end', 'a'.repeat(300_000), 413, /too large/],
  ])('%s is refused', async (_name, body, status, sentence) => {
    const sandbox = await visit()
    const answer = await post(sandbox, body)
    expect(answer.status).toBe(status)
    expect((answer.body as { error: string }).error).toMatch(sentence)
    expect(sandbox.faults.on()).toEqual([])
  })

  test('other methods and paths are refused', async () => {
    const sandbox = await visit()
    expect((await ask(at(sandbox), { method: 'DELETE' })).status).toBe(405)
    expect((await ask(`${at(sandbox)}/data`)).status).toBe(404)
  })

  test('the switches themselves have no faults', async () => {
    const sandbox = await visit()
    for (const source of SOURCES) for (const fault of TAKES[source]) sandbox.faults.set(source, fault, true)
    expect((await ask(at(sandbox))).status).toBe(200)
    for (const { source, fault } of sandbox.faults.on()) {
      await post(sandbox, JSON.stringify({ source, fault, on: false }))
    }
    expect(sandbox.faults.on()).toEqual([])
    expect((await ask(`${sandbox.hosts.gamma}/tags`)).status).toBe(200)
  })
})

describe('on the command line', () => {
  test('faults are named source:fault with commas between', () => {
    expect(faultsNamed('activity:silent, data:cached')).toEqual([
      { source: 'activity', fault: 'silent' },
      { source: 'data', fault: 'cached' },
    ])
  })

  test('the sandbox begins with them, and with as many whales as asked for', async () => {
    const stop = new AbortController()
    const printed: string[] = []
    const args = ['--faults', 'gamma:failing,activity:silent', '--whales', '40']
    const done = runSandbox(args, line => printed.push(line), stop.signal)
    const printedFor = (name: string) => printed.find(line => line.startsWith(`${name}=`))?.slice(name.length + 1)
    while (printedFor('REMORA_RPC_URLS') === undefined) await new Promise(resolve => setImmediate(resolve))
    const root = printedFor('REMORA_GAMMA_URL')?.replace('/gamma', '')
    expect((await ask(`${root}/faults`)).body).toMatchObject({
      on: [
        { source: 'activity', fault: 'silent' },
        { source: 'gamma', fault: 'failing' },
      ],
    })
    expect((await ask(`${root}/gamma/tags`)).status).toBe(503)
    stop.abort()
    await done
  })

  test.each([
    [['--faults', 'silent'], /--faults: a fault is named source:fault, as in activity:silent/],
    [['--faults', 'activity:silent:now'], /a fault is named source:fault/],
    [['--faults', 'activity:silent,'], /a fault is named source:fault/],
    [['--faults', 'activity:cached'], /cached makes no sense for activity/],
    [['--faults', 'sun:silent'], /there is no source "sun": name one of/],
    [['--whales', '0'], /--whales must be a whole number from 1 to 2000/],
    [['--whales', '2.5'], /--whales must be/],
  ])('%j is refused in one line', async (args, sentence) => {
    const printed: string[] = []
    const code = process.exitCode
    await runSandbox(args, line => printed.push(line), new AbortController().signal)
    expect(process.exitCode).toBe(2)
    process.exitCode = code
    expect(printed).toHaveLength(1)
    expect(printed[0]).toMatch(sentence)
  })
})

test('as many whales as asked for are in the cast, the same first', async () => {
  const [few, many] = [await visit({ seed: 'cast' }), await visit({ seed: 'cast', whales: 200 })]
  expect([few.whales.length, many.whales.length]).toEqual([16, 200])
  expect(many.whales.slice(0, 16)).toEqual(few.whales)
})
