import type { ChainLog } from './chain.ts'

/** A JSON-RPC request that is refused, in the protocol's numbers. */
export class RpcRefused extends Error {
  override readonly name = 'RpcRefused'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export const INVALID_REQUEST = -32600
export const NO_SUCH_METHOD = -32601
export const INVALID_PARAMS = -32602
export const INTERNAL = -32603
export const REFUSED = -32000
export const TOO_MUCH = -32005

export type RpcId = string | number | null
export type RpcRequest = { readonly id: RpcId; readonly method: string; readonly params: readonly unknown[] }

/** What logs are asked for. A topic's place that says nothing takes anything. */
export type LogFilter = {
  readonly addresses: ReadonlySet<string> | undefined
  readonly topics: readonly (ReadonlySet<string> | undefined)[]
}

/** Values one place of a filter may list: as many wallets as anybody follows. */
const VALUES_MAX = 2000
const TOPICS_MAX = 4

/** Reads one request. Throws an `RpcRefused` for what is none. */
export function requestIn(body: unknown): RpcRequest {
  const { id = null, method, params = [] } = recordIn(body) ?? {}
  if (typeof method !== 'string' || !isId(id)) throw new RpcRefused(INVALID_REQUEST, 'invalid request')
  if (!Array.isArray(params)) throw new RpcRefused(INVALID_PARAMS, 'params must be a list')
  return { id, method, params }
}

export function idIn(body: unknown): RpcId {
  const id = recordIn(body)?.id
  return isId(id) ? id : null
}

export function recordIn(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

function isId(value: unknown): value is RpcId {
  return value === null || typeof value === 'string' || typeof value === 'number'
}

/** A block's number, or one of the words for one, as it stands at `head`. */
export function blockNumberIn(value: unknown, head: number): number {
  switch (value) {
    case undefined:
    case null:
    case 'latest':
    case 'pending':
    case 'safe':
      return head
    case 'finalized':
      return Math.max(0, head - FINAL_AFTER)
    case 'earliest':
      return 0
    default:
      if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,12}$/.test(value)) {
        throw new RpcRefused(INVALID_PARAMS, 'invalid argument: not a block number')
      }
      return Number.parseInt(value, 16)
  }
}

/** Behind the head by more than is ever taken back. */
const FINAL_AFTER = 4

export function hashIn(value: unknown): string {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(value)) return value.toLowerCase()
  throw new RpcRefused(INVALID_PARAMS, 'invalid argument: not a hash of 32 bytes')
}

export function logFilterIn(value: unknown): LogFilter {
  const given = value === undefined ? {} : recordIn(value)
  if (given === undefined) throw new RpcRefused(INVALID_PARAMS, 'invalid argument: a filter is an object')
  const topics = given.topics ?? []
  if (!Array.isArray(topics) || topics.length > TOPICS_MAX) {
    throw new RpcRefused(INVALID_PARAMS, 'invalid argument: topics are a list of up to four')
  }
  return { addresses: valuesIn(given.address, 40), topics: topics.map(topic => valuesIn(topic, 64)) }
}

/** One value or a list of them in lower case; undefined, for anything, where there is none. */
function valuesIn(value: unknown, digits: number): ReadonlySet<string> | undefined {
  const values = value === undefined || value === null ? [] : [value].flat()
  if (values.length > VALUES_MAX) throw new RpcRefused(INVALID_PARAMS, `a filter takes at most ${VALUES_MAX} values`)
  const read = values.map(one => {
    if (typeof one === 'string' && one.length === digits + 2 && /^0x[0-9a-fA-F]+$/.test(one)) return one.toLowerCase()
    throw new RpcRefused(INVALID_PARAMS, `invalid argument: not ${digits} hexadecimal digits`)
  })
  return read.length === 0 ? undefined : new Set(read)
}

export function isWanted(log: ChainLog, { addresses, topics }: LogFilter): boolean {
  if (addresses !== undefined && !addresses.has(log.address)) return false
  return topics.every((wanted, place) => wanted === undefined || wanted.has(log.topics[place] ?? ''))
}
