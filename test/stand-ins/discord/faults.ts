/** Which requests a REST fault strikes; all of them where nothing is said. */
export type Strikes = {
  readonly method?: string
  /** A part of the path, such as `/callback`, or a pattern for it. The path starts after the version. */
  readonly path?: string | RegExp
}

/** How a connection ends: with a reset, as usual, or closed as if all were well. The client tries again after the first alone. */
export type Ending = 'reset' | 'close'

/** What can be wrong with the REST side. */
export type RestFault = Strikes &
  (
    | {
        readonly kind: 'answer'
        readonly status: number
        readonly code?: number
        readonly message?: string
        /** The whole body, in place of one made of `code` and `message`. */
        readonly body?: unknown
        readonly headers?: Readonly<Record<string, string>>
      }
    /** Nothing is done and nothing answered; the connection stays open. */
    | { readonly kind: 'hang' }
    /** It takes `ms` until the request arrives, or, as usual, until the answer to what is already done leaves. */
    | { readonly kind: 'late'; readonly ms: number; readonly holds?: 'answer' | 'request' }
    /** The connection ends, and nothing is done. */
    | { readonly kind: 'cut'; readonly by?: Ending }
    /** A page of somebody on the way, with status 200, and nothing is done. */
    | { readonly kind: 'html' }
    /** It is done, and half of the answer arrives. */
    | { readonly kind: 'truncated' }
    /** It is done, and instead of the answer there is a 502, as usual, or the connection ends, or nothing comes. */
    | { readonly kind: 'lost'; readonly by?: 'status' | 'hang' | Ending }
    /** The token counts no longer: 401, and 4004 on the gateway unless that is spared. */
    | { readonly kind: 'revoked'; readonly isGatewaySpared?: boolean }
  )

/** What can be wrong with the gateway. */
export type GatewayFault =
  /** The socket stays open, and nothing is sent on it any more, not even an acknowledgement of a heartbeat. */
  | { readonly kind: 'zombie' }
  /** The connection ends: with this code, or without a word. */
  | { readonly kind: 'drop'; readonly code?: number }
  /** No connection comes about: it is closed, or answered with this status. */
  | { readonly kind: 'refuse'; readonly status?: number }

/**
 * A fault, and how often it strikes: for ever unless said. A `zombie` or a `drop` strikes the connections that are open when
 * it is set, and while it lasts each later one as soon as that is ready.
 */
export type Fault = (RestFault | GatewayFault) & { readonly times?: number }

/** A fault that was set. */
export type ActiveFault = { readonly fault: Fault; readonly hits: () => number; readonly clear: () => void }

/** Puts faults on and takes them off. */
export type Faults = {
  /** The first fault that strikes is the one that counts. */
  readonly set: (fault: Fault) => ActiveFault
  readonly active: () => readonly ActiveFault[]
  /** Takes all of them off. What they did stays done: a zombie does not wake. */
  readonly clear: () => void
}

/** The same, as the parts of the stand-in meet it. */
export type FaultBoard = Faults & {
  /** The fault that strikes this request, counted. */
  readonly forRequest: (method: string, path: string) => RestFault | undefined
  /** The fault of this kind that strikes a connection of the gateway, counted. */
  readonly forConnection: <Kind extends GatewayFault['kind']>(
    kind: Kind,
  ) => Extract<GatewayFault, { readonly kind: Kind }> | undefined
  /** Whether the token counts no longer, on the gateway. */
  readonly isRevoked: () => boolean
  /** Calls this after each fault that is set. */
  readonly onSet: (listener: (fault: Fault) => void) => void
}

type Counted = { readonly fault: Fault; hits: number }

const GATEWAY_KINDS: readonly string[] = ['zombie', 'drop', 'refuse'] satisfies readonly GatewayFault['kind'][]

/** A board without faults. */
export function faultBoard(): FaultBoard {
  const board: Counted[] = []
  const listeners: ((fault: Fault) => void)[] = []
  const remains = ({ fault, hits }: Counted) => hits < (fault.times ?? Number.POSITIVE_INFINITY)
  const strike = (isMeant: (fault: Fault) => boolean): Fault | undefined => {
    const found = board.find(one => remains(one) && isMeant(one.fault))
    if (found === undefined) return undefined
    found.hits += 1
    return found.fault
  }
  const remove = (counted: Counted) => {
    const at = board.indexOf(counted)
    if (at >= 0) board.splice(at, 1)
  }
  const activeOf = (counted: Counted): ActiveFault => ({
    fault: counted.fault,
    hits: () => counted.hits,
    clear: () => remove(counted),
  })
  return {
    set: fault => {
      const counted = { fault, hits: 0 }
      board.push(counted)
      for (const listener of listeners) listener(fault)
      return activeOf(counted)
    },
    active: () => board.filter(remains).map(activeOf),
    clear: () => {
      board.length = 0
    },
    forRequest: (method, path) =>
      strike(fault => isRest(fault) && isStruck(fault, method, path)) as RestFault | undefined,
    forConnection: <Kind extends GatewayFault['kind']>(kind: Kind) =>
      strike(fault => fault.kind === kind) as Extract<GatewayFault, { readonly kind: Kind }> | undefined,
    isRevoked: () =>
      board.some(one => remains(one) && one.fault.kind === 'revoked' && one.fault.isGatewaySpared !== true),
    onSet: listener => {
      listeners.push(listener)
    },
  }
}

function isRest(fault: Fault): fault is RestFault {
  return !GATEWAY_KINDS.includes(fault.kind)
}

function isStruck({ method, path }: Strikes, asked: string, at: string): boolean {
  if (method !== undefined && method !== asked) return false
  if (path === undefined) return true
  return typeof path === 'string' ? at.includes(path) : path.test(at)
}
