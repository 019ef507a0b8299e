import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { encodePicture } from '../../adapters/charts/picture-codec.ts'
import { PNG_SIGNATURE } from '../../adapters/charts/png-signature.ts'
import type { ProfitPicture } from '../../adapters/charts/profit-picture.ts'
import { systemClock } from '../../adapters/system/clock.ts'
import type { Clock } from '../../ports/clock.ts'
import { withDeadline } from '../deadline.ts'
import { inTurn } from '../in-turn.ts'

export type Draw = (picture: ProfitPicture, signal: AbortSignal) => Promise<Uint8Array>

/** From the wish to the picture, the wait for others included: somebody looks at a phone meanwhile. Drawing takes a second. */
const DRAW_MS = 10_000
/** The one that is drawn, and those that wait for it. */
const WISHES_MAX = 4
/** What a surface takes as a file. */
const OUTPUT_MAX = 10 * 1024 * 1024
const COMPLAINT_MAX = 2_000
/** Ten times what a picture needs; the rest of the machine is the bot's. */
const HEAP_MB = 256

/** A picture that was not drawn; the message says why. */
export class DrawError extends Error {
  override readonly name = 'DrawError'
}

/**
 * Draws in processes of their own, one at a time, so that neither the time nor the memory is the bot's: a drawing takes most of a
 * second and 112 MB (measured in November 2026), which the rasteriser gives back only by ending.
 */
export function openDrawing(entry: string, clock: Clock = systemClock): Draw {
  const turns = inTurn(1)
  let wishes = 0
  return async (picture, signal) => {
    if (wishes >= WISHES_MAX) throw new DrawError(`${WISHES_MAX} pictures are on their way already`)
    wishes += 1
    try {
      return await withDeadline(clock, DRAW_MS, signal, until => turns.next(() => drawInChild(entry, picture, until)))
    } finally {
      wishes -= 1
    }
  }
}

/** One picture by one process, which is killed when the signal aborts. Resolves or rejects only once the process is gone. */
export async function drawInChild(entry: string, picture: ProfitPicture, signal: AbortSignal): Promise<Uint8Array> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, entry, 'draw'], {
    env: bareEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const kill = (): boolean => child.kill('SIGKILL')
  signal.addEventListener('abort', kill)
  try {
    // A process that ended early hears no more; how it ended says more than that.
    child.stdin.on('error', () => undefined)
    child.stdin.end(encodePicture(picture))
    return await answerOf(child, kill, signal)
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

/** Nothing of ours: keys and tokens live in the environment, and drawing needs none of them. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env
  return { ...(PATH !== undefined && { PATH }), ...(SystemRoot !== undefined && { SystemRoot }) }
}

function answerOf(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  kill: () => boolean,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > OUTPUT_MAX) kill()
    else chunks.push(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString('utf8')}`.slice(0, COMPLAINT_MAX)
  })
  return new Promise((resolve, reject) => {
    child.once('error', error => {
      if (child.pid === undefined)
        reject(new DrawError('the process that draws could not be started', { cause: error }))
    })
    child.once('close', (code, killed) => {
      const png = Buffer.concat(chunks)
      if (signal.aborted) reject(signal.reason)
      else if (size > OUTPUT_MAX) reject(new DrawError(`the picture has more than ${OUTPUT_MAX} bytes`))
      else if (code !== 0) reject(new DrawError(`drawing ended with ${code ?? killed}${firstLine(complaint)}`))
      else if (!png.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE))
        reject(new DrawError('what was drawn is not a PNG'))
      else resolve(png)
    })
  })
}

function firstLine(complaint: string): string {
  const line = complaint.trim().split('\n')[0] ?? ''
  return line === '' ? '' : `: ${line.replace(/\p{C}/gu, '').slice(0, 300)}`
}
