import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What a button carries: the command line that it stands for, signed, in at most 64 bytes, so that one form serves Discord
 * (100) and Telegram (64). It holds an identity and never a state, so it outlives a restart.
 *
 *   key (1) · kind (1) · packed line (at most 50) · MAC (12)
 *
 * `key` names the key that signed it. `kind` is `.` for a line that is whole, `?` for one that asks for a text first. A wallet in
 * the line is packed into 28 letters, a `~` and its bytes; a `~` of the line's own is doubled. The MAC is HMAC-SHA256, cut to 9
 * bytes: Telegram warns that data may come back that was never sent.
 */
export type PressCodec = {
  readonly write: (line: string, isForm: boolean) => string
  /** What a button said; `undefined` for what we never signed. */
  readonly read: (data: string) => Pressed | undefined
}

/** `isOld`: signed with a key that is not used any more. */
export type Pressed = { readonly line: string; readonly isForm: boolean; readonly isOld: boolean }

/** Telegram's callback data, in bytes. */
export const PRESS_BYTES_MAX = 64
const MAC_LETTERS = 12
const PACKED_BYTES_MAX = PRESS_BYTES_MAX - MAC_LETTERS - 2
const PACKABLE = /~|0x([0-9a-f]{40})/g
/** 20 bytes in base64 without padding. */
const PACKED = /~(?:~|([\w-]{27}))/g

/** Whether a line fits into a button, packed and signed. */
export function fitsPress(line: string): boolean {
  return Buffer.byteLength(packed(line)) <= PACKED_BYTES_MAX
}

/** The first key signs; presses of the others are still read. At least one key. */
export function pressCodec(keys: readonly Uint8Array[]): PressCodec {
  const named = keys.map(key => ({ key, name: nameOf(key) }))
  const [current] = named
  if (current === undefined) throw new RangeError('a press is signed with some key')
  return {
    write: (line, isForm) => {
      const body = `${current.name}${isForm ? '?' : '.'}${packed(line)}`
      return `${body}${macOf(current.key, body)}`
    },
    read: data => {
      if (Buffer.byteLength(data) > PRESS_BYTES_MAX || data.length <= MAC_LETTERS + 2) return undefined
      const body = data.slice(0, -MAC_LETTERS)
      const mac = data.slice(-MAC_LETTERS)
      const signer = named.find(each => each.name === body[0] && isSame(macOf(each.key, body), mac))
      if (signer === undefined) return undefined
      return { line: unpacked(body.slice(2)), isForm: body[1] === '?', isOld: signer !== current }
    },
  }
}

/** A letter that tells keys apart, so that a new key leaves old buttons readable. */
function nameOf(key: Uint8Array): string {
  return createHash('sha256').update('name').update(key).digest('base64url').slice(0, 1)
}

function macOf(key: Uint8Array, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url').slice(0, MAC_LETTERS)
}

function isSame(one: string, other: string): boolean {
  const bytes = Buffer.from(one)
  const others = Buffer.from(other)
  return bytes.length === others.length && timingSafeEqual(bytes, others)
}

function packed(line: string): string {
  return line.replace(PACKABLE, (_, wallet: string | undefined) => {
    return `~${wallet === undefined ? '~' : Buffer.from(wallet, 'hex').toString('base64url')}`
  })
}

function unpacked(text: string): string {
  return text.replace(PACKED, (_, letters: string | undefined) => {
    return letters === undefined ? '~' : `0x${Buffer.from(letters, 'base64url').toString('hex')}`
  })
}
