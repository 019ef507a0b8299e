import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { fateOf } from './fate.ts'
import type { Source, Switchboard } from './faults.ts'

/** What becomes of somebody who wants a socket. */
export type Welcome = 'welcome' | 'turnedAway' | 'ignored'

/** What faults do to the connections of the streams, as opposed to what is told on them. */
export type ConnectionFaults = {
  readonly welcome: (source: Source) => Welcome
  /** Takes a handshake that is never answered. It ends with the fault, or when whoever asked gives up. */
  readonly ignore: (source: Source, stream: Duplex) => void
  /** Does to one connection what is on now, for the time between the two moments. `place` tells connections apart. */
  readonly tend: (source: Source, socket: WebSocket, place: number, from: number, to: number) => void
  readonly stop: () => void
}

const TRY_AGAIN_LATER = 1013
const RESTARTING = 1012
/** A connection lasts this long on average while `drop` is on. */
export const DROP_MEAN_SECONDS = 15
/** After a long gap no more seconds than these are looked at: a connection surely ends within them. */
const DROP_SECONDS_MAX = 300
/** Of the refused, those turned away before the handshake, with 503; and of the half open, those left without one. */
const BEFORE_HANDSHAKE_SHARE = 0.5
/** Handshakes held unanswered at once. Beyond it the oldest is closed. */
const IGNORED_MAX = 32

export function connectionFaults(board: Switchboard): ConnectionFaults {
  const ignored = new Map<Duplex, Source>()
  board.changed(() => {
    for (const [stream, source] of ignored) if (!board.isOn(source, 'halfOpen')) stream.destroy()
  })

  const isDropped = (source: Source, place: number, from: number, to: number): boolean => {
    if (!board.isOn(source, 'drop')) return false
    const last = Math.floor(to / 1000)
    const first = Math.max(Math.floor(from / 1000) + 1, last - DROP_SECONDS_MAX)
    for (let second = first; second <= last; second += 1) {
      // Multiplied by a prime, so that two connections do not end in the same seconds.
      if (fateOf(board, 'drop', second + place * 7919) < 1 / DROP_MEAN_SECONDS) return true
    }
    return false
  }

  return {
    welcome: source => {
      if (!board.isTroubled(source)) return 'welcome'
      const isEarly = board.chanceOf(source).chance(BEFORE_HANDSHAKE_SHARE)
      if (isEarly && board.isOn(source, 'refuse')) return 'turnedAway'
      return isEarly && board.isOn(source, 'halfOpen') ? 'ignored' : 'welcome'
    },
    ignore: (source, stream) => {
      ignored.set(stream, source)
      stream.on('error', () => stream.destroy())
      stream.on('end', () => stream.destroy())
      stream.on('close', () => ignored.delete(stream))
      stream.resume()
      for (const oldest of ignored.keys()) {
        if (ignored.size <= IGNORED_MAX) break
        ignored.delete(oldest)
        oldest.destroy()
      }
    },
    tend: (source, socket, place, from, to) => {
      // A paused socket reads nothing, so nothing is answered: no ping, no text, no closing.
      if (board.isOn(source, 'halfOpen')) return socket.pause()
      if (socket.isPaused) socket.resume()
      if (board.isOn(source, 'refuse')) return socket.close(TRY_AGAIN_LATER, 'try again later')
      if (!isDropped(source, place, from, to)) return
      if (place % 2 === 0) socket.terminate()
      else socket.close(RESTARTING, 'service restart')
    },
    stop: () => {
      for (const stream of ignored.keys()) stream.destroy()
    },
  }
}
