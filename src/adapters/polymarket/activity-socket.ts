import { type RawData, WebSocket } from 'ws'

/** How one connection ended. `silent` had no rows for too long though it was open; `renewed` reached its age. */
export type Ending = {
  readonly kind: 'aborted' | 'silent' | 'renewed' | 'closed' | 'refused'
  /** One sentence. */
  readonly why: string
}

export type SocketSettings = {
  readonly url: string
  /** What is said on opening. */
  readonly greeting: string
  readonly pingEveryMs: number
  readonly silentAfterMs: number
  readonly renewAfterMs: number
  readonly openWithinMs: number
}

/** One frame is one trade of under 2 KB; anything this long is no frame of theirs. */
const FRAME_BYTES_MAX = 1_048_576

/**
 * Holds one connection until it ends, for whatever reason; the caller decides what then. `onFrame` gives whether the frame showed
 * that the stream lives, which an answer to a ping does not: this socket is known to stay open and say nothing more.
 * Rejects only with what `onFrame` throws. Leaves no timer and no socket behind.
 */
export function listen(
  settings: SocketSettings,
  onFrame: (frame: string, isText: boolean) => boolean,
  signal: AbortSignal,
): Promise<Ending> {
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
    const silence = setTimeout(
      () => end({ kind: 'silent', why: `no trade was told for ${settings.silentAfterMs / 1_000} s` }),
      settings.silentAfterMs,
    )
    const renewal = setTimeout(
      () => end({ kind: 'renewed', why: 'the connection is renewed before it goes silent' }),
      settings.renewAfterMs,
    )
    const ping = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.send('PING')
    }, settings.pingEveryMs)
    const onAbort = () => end({ kind: 'aborted', why: 'it was called off' })
    signal.addEventListener('abort', onAbort, { once: true })

    /** Ends at once, without the closing handshake: a peer that is gone would never answer it. */
    const release = () => {
      clearTimeout(silence)
      clearTimeout(renewal)
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
      try {
        if (onFrame(textOf(data), !isBinary)) silence.refresh()
      } catch (error) {
        release()
        reject(error)
      }
    }

    socket.on('open', () => {
      isOpen = true
      silence.refresh()
      socket.send(settings.greeting)
    })
    socket.on('message', onMessage)
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
