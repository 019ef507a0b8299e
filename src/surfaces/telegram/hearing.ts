import type { Command } from '../../chat/command.ts'
import { type Reply, reply } from '../../chat/reply.ts'
import { calledBy } from '../../chat/router.ts'
import { instant } from '../../core/units/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Ears, type Heard, lateText } from '../../voices/ears.ts'
import type { Saying, Typed } from './saying.ts'

/** What was said, and whether it was taken up again after a restart. */
export type Taken<Kind extends Saying = Saying> = { readonly saying: Kind; readonly isAgain: boolean }

/** Hands lines to the ears, in the name of whoever said them. */
export type Hearing = {
  readonly hear: (taken: Taken, line: string, late: string | undefined) => Promise<Reply>
  readonly command: (line: string) => Command | undefined
  /** Why what was typed cannot be taken for what the person wants now. */
  readonly lateness: (typed: Typed) => string | undefined
}

export type HearingOptions = {
  readonly ears: Ears
  readonly commands: readonly Command[]
  readonly clock: Clock
  readonly lateMs: number
  /** A letter whose line has been heard must not be heard once more. */
  readonly settle: (update: number) => Promise<void>
}

export function createHearing({ ears, commands, clock, lateMs, settle }: HearingOptions): Hearing {
  const command = (line: string): Command | undefined => {
    const name = calledBy(line, commands)
    return commands.find(each => each.name === name)
  }
  return {
    command,
    lateness: ({ saidAt }) => (clock.now() - saidAt > lateMs ? lateText(instant(saidAt)) : undefined),
    hear: async ({ saying, isAgain }, line, late) => {
      const said = await ears.hear(heardOf(saying, line, late))
      const called = command(line)
      if (called === undefined || called.isObeyedLate) return said
      await settle(saying.update)
      return isAgain && late !== undefined ? interrupted(called) : said
    },
  }
}

export function heardOf({ account, name, id }: Saying, line: string, late: string | undefined): Heard {
  return { surface: 'telegram', account, name, id, said: { kind: 'line', line }, late }
}

/** The process ended while this was under way: what the ears say, that nothing was done, may not be so. */
function interrupted({ name }: Command): Reply {
  return reply(`\`${name}\` was interrupted by a restart, and is not done now`, 'warn')
    .text('Whether it was done before that, the card and `status` say: look, and say it again if it was not.')
    .press('Status', 'status')
    .privately()
}
