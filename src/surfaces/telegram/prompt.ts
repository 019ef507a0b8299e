import type { Form } from '../../chat/reply.ts'
import { code, together, words } from './html.ts'

/** Of the grey text in the field where the answer is typed. */
const PLACEHOLDER_MAX = 64

export type TelegramPrompt = {
  readonly text: string
  readonly parse_mode: 'HTML'
  readonly link_preview_options: { readonly is_disabled: true }
  readonly reply_markup: {
    readonly force_reply: true
    readonly input_field_placeholder: string
    /** In a group only who is answered is asked. */
    readonly selective: true
  }
}

/**
 * The message that asks for the text of a form; whoever is asked answers it. The line that the answer completes is its last piece
 * of code, so that an answer says by itself, also after a restart, what it belongs to.
 */
export function telegramPrompt(press: { readonly line: string; readonly form: Form }): TelegramPrompt {
  const { title, label, example } = press.form
  const asked = together([words(label), words('like'), code(example)], ' ')
  const line = together([words('It completes'), code(press.line)], ' ')
  return {
    text: together([words(title, 'b'), asked, line], '\n').html,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    reply_markup: {
      force_reply: true,
      input_field_placeholder: [...example].slice(0, PLACEHOLDER_MAX).join(''),
      selective: true,
    },
  }
}
