import type { Command } from '../src/chat/command.ts'
import ack from './ack.ts'
import answers from './answers.ts'
import approve from './approve.ts'
import breakers from './breakers.ts'
import close from './close.ts'
import follow from './follow.ts'
import health from './health.ts'
import help from './help.ts'
import limits from './limits.ts'
import link from './link.ts'
import mode from './mode.ts'
import notify from './notify.ts'
import orders from './orders.ts'
import pause from './pause.ts'
import pending from './pending.ts'
import people from './people.ts'
import pnl from './pnl.ts'
import positions from './positions.ts'
import reject from './reject.ts'
import resume from './resume.ts'
import status from './status.ts'
import stop from './stop.ts'
import unfollow from './unfollow.ts'
import whale from './whale.ts'
import whales from './whales.ts'
import why from './why.ts'

/** Every command, in the order of `help`: what is asked daily first, what is asked rarely last. */
export const commands: readonly Command[] = [
  help,
  status,
  stop,
  pause,
  resume,
  ack,
  mode,
  pending,
  approve,
  reject,
  why,
  positions,
  close,
  orders,
  pnl,
  answers,
  whales,
  whale,
  follow,
  unfollow,
  limits,
  breakers,
  notify,
  link,
  people,
  health,
]
