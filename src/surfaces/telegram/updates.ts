import { z } from 'zod'

/** Longer lines are refused anyway, and the longest letter must hold one, escaped. */
const LINE_MAX = 1_000
const NAME_MAX = 64
/** Telegram gives back at most 64 bytes; what is longer was never ours. */
const DATA_MAX = 100
const ID_MAX = 64
/** The keyboards that Telegram shows have at most 100 buttons. */
const ROWS_MAX = 100

/** An id of Telegram: whole, within 52 bits, and kept as text from here on. */
const id = z.number().int()
const cut = (most: number) => z.string().transform(text => text.slice(0, most))

const chat = z.object({ id, type: z.string() })
const user = z.object({ id, is_bot: z.boolean().optional(), first_name: cut(NAME_MAX).catch('') })
const entities = z
  .array(z.object({ type: z.string(), offset: id, length: id }))
  .transform(all => all.slice(-1))
  .optional()
  .catch(undefined)

/** As it is kept, and as Telegram gives it: of its words all that is needed is whether they end in code, as our prompts do. */
const repliedTo = z.object({ message_id: id, from: user.optional(), ends_in_code: z.boolean() }).or(
  z
    .object({ message_id: id, from: user.optional(), text: z.string().optional(), entities })
    .transform(({ message_id, from, text, entities: marked }) => ({
      message_id,
      from,
      ends_in_code: marked?.some(one => one.type === 'code' && one.offset + one.length === text?.length) ?? false,
    })),
)

const message = z.object({
  message_id: id,
  chat,
  date: z.number().int().min(0).max(99_999_999_999),
  edit_date: id.optional(),
  from: user.optional(),
  sender_chat: z.object({ id }).optional(),
  is_topic_message: z.boolean().optional(),
  message_thread_id: id.optional(),
  text: cut(LINE_MAX).optional(),
  migrate_to_chat_id: id.optional(),
  reply_to_message: repliedTo.optional().catch(undefined),
})

const button = z.object({ text: cut(NAME_MAX), callback_data: z.string().optional() })
const pressed = z.object({
  id: z.string().min(1).max(ID_MAX),
  from: user,
  data: cut(DATA_MAX).catch(''),
  message: z
    .object({
      message_id: id,
      chat,
      is_topic_message: z.boolean().optional(),
      message_thread_id: id.optional(),
      reply_markup: z
        .object({ inline_keyboard: z.array(z.array(button)).max(ROWS_MAX) })
        .optional()
        .catch(undefined),
    })
    .optional(),
})

const membership = z.object({ chat, new_chat_member: z.object({ status: z.string().max(NAME_MAX) }) })

const update = z.object({
  update_id: id,
  message: message.optional(),
  edited_message: message.optional(),
  callback_query: pressed
    .transform(({ message, ...rest }) => ({ ...rest, message: withOneButton(message, rest.data) }))
    .optional(),
  my_chat_member: membership.optional(),
})

/** What is needed of an update, in Telegram's own words and bounded, so that it can be kept, read again, and routed. */
export type Update = Readonly<z.infer<typeof update>>
export type Message = Readonly<z.infer<typeof message>>
export type Query = NonNullable<Update['callback_query']>

/** `undefined` for what is none, or not as Telegram says that it is. */
export function readUpdate(raw: unknown): Update | undefined {
  const read = update.safeParse(raw)
  return read.success ? read.data : undefined
}

/** The number of an update, however odd the rest of it is. */
export function numberOf(raw: unknown): number | undefined {
  const number = typeof raw === 'object' && raw !== null && 'update_id' in raw ? raw.update_id : undefined
  return Number.isSafeInteger(number) ? (number as number) : undefined
}

/** Of the keyboard only the button that was pressed: its label says what somebody wanted. */
function withOneButton<Shown extends { reply_markup?: { inline_keyboard: z.infer<typeof button>[][] } | undefined }>(
  shown: Shown | undefined,
  data: string,
): Shown | undefined {
  const found = shown?.reply_markup?.inline_keyboard.flat().find(one => one.callback_data === data)
  if (shown === undefined) return undefined
  return { ...shown, reply_markup: found === undefined ? undefined : { inline_keyboard: [[found]] } }
}
