import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js'
import { shortenedTo } from '../../chat/fitting.ts'
import { TEXT_MAX } from '../../chat/option.ts'
import type { PressCodec } from '../../chat/press-codec.ts'
import type { Form } from '../../chat/reply.ts'

const TITLE_MAX = 45
const LABEL_MAX = 45
const EXAMPLE_MAX = 100

/** The name of the one field of a form. */
export const FORM_FIELD = 'text'

/** The window that asks for the text of a form. What it sends back carries the line that the text belongs to, signed. */
export function discordModal(
  press: { readonly line: string; readonly form: Form },
  codec: PressCodec,
): APIModalInteractionResponseCallbackData {
  const { title, label, example } = press.form
  return {
    custom_id: codec.write(press.line, true),
    title: cut(title, TITLE_MAX),
    components: [
      {
        type: ComponentType.Label,
        label: cut(label, LABEL_MAX),
        component: {
          type: ComponentType.TextInput,
          custom_id: FORM_FIELD,
          style: TextInputStyle.Short,
          placeholder: cut(example, EXAMPLE_MAX),
          min_length: 1,
          max_length: TEXT_MAX,
          required: true,
        },
      },
    ],
  }
}

function cut(text: string, most: number): string {
  return shortenedTo(text, most, each => each.length)
}
