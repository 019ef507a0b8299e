import type { Mode } from '../core/risk/mode.ts'

/** A mode in the words of the chat: `PAPER, approvals on`. */
export function modeText(mode: Mode): string {
  return `${mode.kind.toUpperCase()}, approvals ${mode.approvals ? 'on' : 'off'}`
}
