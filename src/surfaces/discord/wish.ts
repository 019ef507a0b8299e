import type { PressCodec } from '../../chat/press-codec.ts'
import type { Ears, Heard } from '../../voices/ears.ts'
import type { Arrived } from './arrived.ts'
import { completed } from './form.ts'

/** What a deed comes to, once its button has been read. */
export type Wish =
  /** `isLoud`: a new message of its own is announced for the answer, and not only the button let go. */
  | { readonly kind: 'said'; readonly said: Heard['said']; readonly isStop: boolean; readonly isLoud: boolean }
  /** A button that asks for a text first. */
  | { readonly kind: 'asks'; readonly line: string; readonly label: string }
  | { readonly kind: 'typing'; readonly command: string; readonly option: string; readonly text: string }
  /** A button of another, or one that was tampered with. */
  | { readonly kind: 'foreign' }
  /** Signed with a key that is not used any more. */
  | { readonly kind: 'old' }

export function wishOf({ deed }: Arrived, ears: Pick<Ears, 'isStop'>, codec: PressCodec): Wish {
  switch (deed.kind) {
    case 'command': {
      const said = { kind: 'call', name: deed.name, given: deed.given } as const
      return { kind: 'said', said, isStop: ears.isStop(deed.name), isLoud: true }
    }
    case 'typing':
      return deed
    case 'press': {
      const pressed = codec.read(deed.data)
      if (pressed === undefined) return { kind: 'foreign' }
      const { line, isForm, isOld } = pressed
      const isStop = !isForm && ears.isStop(line)
      // Whatever it was signed with, a stop is a stop.
      if (isOld && !isStop) return { kind: 'old' }
      if (isForm) return { kind: 'asks', line, label: deed.label }
      return { kind: 'said', said: { kind: 'line', line }, isStop, isLoud: false }
    }
    case 'form': {
      const asked = codec.read(deed.data)
      if (asked === undefined || !asked.isForm) return { kind: 'foreign' }
      if (asked.isOld) return { kind: 'old' }
      const line = completed(asked.line, deed.text)
      return { kind: 'said', said: { kind: 'line', line }, isStop: ears.isStop(line), isLoud: true }
    }
    case 'other':
      return { kind: 'foreign' }
  }
}
