import type { Clock } from '../../ports/clock.ts'
import type { SurfaceStatus } from '../../voices/surface.ts'

export type StatusView = { readonly status: SurfaceStatus; readonly since: number; readonly why: string }

/**
 * How the surface is doing.
 *
 *   connecting ──► live ──► connecting ──► down ──► live
 *        └───────────────────────► down
 *   any ──► closed, which only a new run leaves
 */
export type StatusBoard = {
  readonly view: () => StatusView
  readonly to: (status: Exclude<SurfaceStatus, 'closed'>, why: string) => void
  /** Discord does not know us any more: the first reason stands, and nothing is asked of Discord again. */
  readonly close: (why: string) => void
  /** Aborts when it closes. */
  readonly closing: () => AbortSignal
  readonly isClosed: () => boolean
  readonly reopen: () => void
}

export function statusBoard(
  clock: Pick<Clock, 'now'>,
  changed: (view: { status: SurfaceStatus; why: string }) => void,
): StatusBoard {
  let view: StatusView = { status: 'connecting', since: clock.now(), why: 'starting' }
  let closing = new AbortController()
  const show = (status: SurfaceStatus, why: string): void => {
    if (view.status === status && view.why === why) return
    // A connection that is lost and then given up is away since it was lost.
    const isSame = view.status === status || (view.status === 'connecting' && status === 'down')
    view = { status, why, since: isSame ? view.since : clock.now() }
    changed({ status, why })
  }
  return {
    view: () => view,
    to: (status, why) => {
      if (!closing.signal.aborted) show(status, why)
    },
    close: why => {
      if (closing.signal.aborted) return
      closing.abort()
      show('closed', why)
    },
    closing: () => closing.signal,
    isClosed: () => closing.signal.aborted,
    reopen: () => {
      if (!closing.signal.aborted) return
      closing = new AbortController()
      show('connecting', 'starting again')
    },
  }
}
