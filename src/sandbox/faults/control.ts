import { type Answer, ok, Refused, type Request } from '../request.ts'
import { FAULTS, type FaultAt, type FaultSwitch, faultAt, TAKES } from './faults.ts'

/** A switch is a line of JSON; the longest that makes sense has some sixty characters. */
const BODY_CHARACTERS_MAX = 1024
const FORM = '{"source": "activity", "fault": "silent", "on": true}'

export type FaultControl = (request: Request) => Answer

/** `GET` lists what is wrong and what could be; `POST` switches one fault and answers with what is wrong then. */
export function faultControl(faults: FaultSwitch): FaultControl {
  return ({ method, path, body }) => {
    if (path !== '/') throw new Refused(404, { error: 'not found: faults are switched at /faults itself' })
    if (method === 'GET') return ok({ simulated: true, on: faults.on(), sources: TAKES, faults: FAULTS })
    if (method !== 'POST') throw new Refused(405, { error: 'GET /faults lists the faults, POST /faults switches one' })
    const asked = askedIn(body)
    if (typeof asked === 'string') throw new Refused(400, { error: asked })
    faults.set(asked.source, asked.fault, asked.on)
    return ok({ simulated: true, on: faults.on() })
  }
}

/** What the body asks for, or the sentence that says what is wrong with it. */
function askedIn(body: string): (FaultAt & { readonly on: boolean }) | string {
  if (body.length > BODY_CHARACTERS_MAX) return `the body is too long: send ${FORM}`
  const value = parsed(body)
  if (typeof value !== 'object' || value === null) return `the body is no JSON object: send ${FORM}`
  const { source, fault, on, ...rest }: Readonly<Record<string, unknown>> = { ...value }
  const [unknown] = Object.keys(rest)
  if (typeof source !== 'string') return `source must be a name: send ${FORM}`
  if (typeof fault !== 'string') return `fault must be a name: send ${FORM}`
  if (typeof on !== 'boolean') return `on must be true or false: send ${FORM}`
  if (unknown !== undefined) return `only source, fault and on are known: send ${FORM}`
  const found = faultAt(source, fault)
  return typeof found === 'string' ? found : { ...found, on }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Faults as a command line names them, `activity:silent,data:cached`, or what is wrong with the first bad one. */
export function faultsNamed(text: string): readonly FaultAt[] | string {
  const found: FaultAt[] = []
  for (const name of text.split(',')) {
    const [source = '', fault, more] = name.trim().split(':')
    if (fault === undefined || more !== undefined) return 'a fault is named source:fault, as in activity:silent'
    const one = faultAt(source, fault)
    if (typeof one === 'string') return one
    found.push(one)
  }
  return found
}
