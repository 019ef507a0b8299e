import { type RawData, WebSocket } from 'ws'

/**
 * How one connection ended. `silent` told no young row for too long though it was open; `gone` brought nothing at all, not even an
 * answer to a ping; `refused` never opened.
 */
export type Ending = {
  readonly kind: 'aborted' | 'silent' | 'gone' | 'closed' | 'refused'
  /** One sentence. */
  readonly why: string
}

export type SocketSettings = {
  readonly url: string
  /** What is said on opening. */
  readonly greeting: string
  readonly pingEveryMs: number
  /** This long without a frame that shows life. */
  readonly silentAfterMs: number
  /** This long without any frame or pong: the other end is not there any more. */
  readonly goneAfterMs: number
  /** The age at which it should be replaced. */
  readonly oldAfterMs: number
  readonly openWithinMs: number
}

export type Listener = {
  /**
   * Gives whether the frame showed that the stream lives, which an answer to a ping does not: this socket is known to stay open and
   * say nothing more. `receivedMs` is `performance.now()` at its arrival.
   */
  readonly onFrame: (frame: string, isText: boolean, receivedMs: number) => boolean
  /** It has reached its age, and goes on until it is called off. */
  readonly onOld: () => void
}

/** One frame is one trade of under 2 KB; anything this long is no frame of theirs. */
const FRAME_BYTES_MAX = 1_048_576

/**
 * Holds one connection until it ends, for whatever reason; the caller decides what then. Rejects only with what `onFrame` throws.
 * Leaves no timer and no socket behind.
 */
export function listen(settings: SocketSettings, listener: Listener, signal: AbortSignal): Promise<Ending> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      resolve({ kind: 'aborted', why: 'it was called off' })
      return
    }
    const socket = new WebSocket(settings.url, {
      maxPayload: FRAME_BYTES_MAX,
      handshakeTimeout: settings.openWithinMs,
      perMessageDeflate: false,
    })
    let failure: string | undefined
    let isOpen = false
    const { silentAfterMs, goneAfterMs } = settings
    const silence = setTimeout(
      () => end({ kind: 'silent', why: `no trade was told for ${silentAfterMs / 1_000} s` }),
      silentAfterMs,
    )
    /** Runs from the opening: until then the handshake has a limit of its own. */
    let patience: NodeJS.Timeout | undefined
    const age = setTimeout(() => listener.onOld(), settings.oldAfterMs)
    const ping = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return
      socket.send('PING')
      socket.ping()
    }, settings.pingEveryMs)
    const onAbort = () => end({ kind: 'aborted', why: 'it was called off' })
    signal.addEventListener('abort', onAbort, { once: true })

    /** Ends at once, without the closing handshake: a peer that is gone would never answer it. */
    const release = () => {
      for (const timer of [silence, patience, age]) clearTimeout(timer)
      clearInterval(ping)
      signal.removeEventListener('abort', onAbort)
      socket.off('message', onMessage)
      socket.terminate()
    }
    const end = (ending: Ending) => {
      release()
      resolve(ending)
    }
    const onMessage = (data: RawData, isBinary: boolean) => {
      const receivedMs = performance.now()
      patience?.refresh()
      try {
        if (listener.onFrame(textOf(data), !isBinary, receivedMs)) silence.refresh()
      } catch (error) {
        release()
        reject(error)
      }
    }

    socket.on('open', () => {
      isOpen = true
      silence.refresh()
      patience = setTimeout(
        () => end({ kind: 'gone', why: `nothing came for ${goneAfterMs / 1_000} s, not even an answer to a ping` }),
        goneAfterMs,
      )
      socket.send(settings.greeting)
    })
    socket.on('message', onMessage)
    for (const sign of ['ping', 'pong'] as const) socket.on(sign, () => patience?.refresh())
    socket.on('error', error => {
      failure = error.message
    })
    socket.on('close', code => {
      const why = failure ?? `closed with code ${code}`
      end({ kind: isOpen ? 'closed' : 'refused', why: `the connection ended: ${why}` })
    })
  })
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString()
}
