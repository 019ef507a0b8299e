import type { Command, Given } from '../chat/command.ts'
import type { Actor } from '../chat/desk.ts'
import { moment } from '../chat/format.ts'
import { commandName, wordsOf } from '../chat/line.ts'
import { type Reply, reply } from '../chat/reply.ts'
import { calledBy, type Router } from '../chat/router.ts'
import { UserError } from '../chat/user-error.ts'
import type { Instant } from '../core/units/ids.ts'
import type { Pairing } from './pairing.ts'
import type { Directory, Person } from './people.ts'
import type { SurfaceName } from './surface.ts'

/** What somebody said on a surface, typed or pressed, as the surface took it in. */
export type Heard = {
  readonly surface: SurfaceName
  /** The surface's own id of who said it. Names change hands; ids do not. */
  readonly account: string
  readonly name: string
  /** The surface's own id of the saying: what is delivered twice has the same. */
  readonly id: string
  readonly said:
    | { readonly kind: 'line'; readonly line: string }
    /** A surface that has taken the options apart itself. */
    | { readonly kind: 'call'; readonly name: string; readonly given: Given }
  /** Why it cannot be taken for what the person wants now: the surface says it is too old, or nobody knows how old it is. */
  readonly late: string | undefined
}

/** Where everything that is said on a surface goes through, before any command sees it. */
export type Ears = {
  /** Answers; never throws. */
  readonly hear: (heard: Heard) => Promise<Reply>
  /** Whether it would stop trading, for surfaces that must hurry. */
  readonly isStop: (line: string) => boolean
}

export type EarsOptions = {
  readonly router: Router
  readonly people: Directory
  readonly pairing: Pairing
  readonly now: () => Instant
  /** Puts on record what was not obeyed. */
  readonly turnAway: (heard: Heard, person: Person | undefined, why: string) => void
  /** Links an account to a person, on record; gives why not, or nothing. */
  readonly link: (heard: Heard, person: Person) => Promise<string | undefined>
}

/**
 * Who is this, may they speak, is it fresh: the three questions that come before any command. Strangers may do one thing: say a
 * code that a known person has asked for. What comes late is obeyed where that is safe, like a stop, and refused otherwise.
 */
export function createEars(options: EarsOptions): Ears {
  const { router, people } = options
  const { commands } = router

  const hear = async (heard: Heard): Promise<Reply> => {
    const person = people.of(heard.surface, heard.account)
    if (person === undefined) return stranger(heard)
    const command = called(heard, commands)
    if (heard.late !== undefined && command !== undefined && !command.isObeyedLate) {
      options.turnAway(heard, person, `it came too late: ${heard.late}`)
      return tooLate(command, heard.late)
    }
    const actor = actorOf(heard, person)
    return heard.said.kind === 'line'
      ? router.hear(heard.said.line, actor)
      : router.call(heard.said.name, heard.said.given, actor)
  }

  const stranger = async (heard: Heard): Promise<Reply> => {
    const code = codeIn(heard)
    if (code === undefined) {
      options.turnAway(heard, undefined, 'nobody here is known by that account')
      return reply('I do not know you, so I do nothing for you.', 'warn')
        .text('Somebody who is on the list can say `link` where they are known, and gets a code to say here.')
        .privately()
    }
    const found = options.pairing.redeem(code, `${heard.surface}:${heard.account}`, options.now())
    const person = found === 'wrong' || found === 'too many tries' ? undefined : people.byId(found)
    if (person === undefined) {
      options.turnAway(
        heard,
        undefined,
        found === 'too many tries' ? 'too many wrong codes' : 'a wrong or expired code',
      )
      const why =
        found === 'too many tries' ? 'Too many wrong codes: wait ten minutes.' : 'That code is wrong or has expired.'
      return reply(why, 'warn').privately()
    }
    const why = await options.link(heard, person)
    return why === undefined
      ? reply(`This account speaks for ${person.id} now`, 'good')
          .note('Two accounts of one person are one vote.')
          .privately()
      : reply(`That was not done: ${why}.`, 'warn').privately()
  }

  return { hear, isStop: line => calledBy(line, commands) === 'stop' }
}

function actorOf({ surface, id, name }: Heard, { id: person, access }: Person): Actor {
  return { person, name, access, surface, press: `${surface} ${id}` }
}

function called({ said }: Heard, commands: readonly Command[]): Command | undefined {
  const name = said.kind === 'call' ? said.name : calledBy(said.line, commands)
  return commands.find(each => each.name === name || each.also.includes(name ?? ''))
}

/** The code in `link 123456`, however it came. */
function codeIn({ said }: Heard): string | undefined {
  if (said.kind === 'call') return said.name === 'link' ? said.given.code?.trim() : undefined
  try {
    const [first, second] = wordsOf(said.line)
    const code = second?.named?.value ?? second?.text
    return commandName(first) === 'link' && code !== undefined && /^\d{6}$/.test(code) ? code : undefined
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

function tooLate({ name }: Command, why: string): Reply {
  return reply(`\`${name}\` came too late, and nothing was done`, 'warn')
    .text(`${why}. What it was about may have changed: look, and say it again.`)
    .press('Status', 'status')
    .privately()
}

/** The line of what was heard, for the record. */
export function lineOf({ said }: Pick<Heard, 'said'>): string {
  if (said.kind === 'line') return said.line
  const options = Object.entries(said.given).map(([name, value]) => `${name}:${value}`)
  return [said.name, ...options].join(' ')
}

export function lateText(at: Instant): string {
  return `it was said at ${moment(at)}`
}
