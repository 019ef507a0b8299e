import { fieldsOf, isFields } from './fields.ts'
import { CAPTION_LENGTH_MAX, type FormattedText, TEXT_LENGTH_MAX } from './formatted-text.ts'
import { checkedLink } from './links.ts'
import { type Button, badRequest, type Fields } from './wire.ts'

/** What the Bot API refuses of texts and keyboards, in its words. */

export const CALLBACK_DATA_BYTES_MAX = 64
export const BUTTONS_MAX = 100
/** The real one cuts or wraps a longer row, depending on the client; a test should see it. */
export const BUTTONS_A_ROW_MAX = 8
export const ANSWER_LENGTH_MAX = 200

/** The rows of an inline keyboard. */
export type Keyboard = readonly (readonly Button[])[]

/** A reply markup as it came, and the buttons of it when it is an inline keyboard. */
export type Markup = { readonly given: Fields | undefined; readonly keyboard: Keyboard }

/**
 * Asserts that a text may be sent. Lengths are counted in UTF-16 units, as the strictest reader of the documentation would:
 * what passes here passes wherever characters are counted.
 */
export function checkText(raw: string | undefined, { text }: FormattedText, isEdit: boolean): void {
  if (raw === undefined) throw badRequest('message text is empty')
  if (text === '') throw badRequest('text must be non-empty')
  if (text.length > TEXT_LENGTH_MAX) throw badRequest(isEdit ? 'MESSAGE_TOO_LONG' : 'message is too long')
}

/** Asserts that a caption may be sent. */
export function checkCaption({ text }: FormattedText): void {
  if (text.length > CAPTION_LENGTH_MAX) throw badRequest('message caption is too long')
}

/** Reads `reply_markup`: an inline keyboard is checked, anything else (`force_reply` and its like) is taken as it is. */
export function markupOf(body: Fields): Markup {
  const given = fieldsOf(body, 'reply_markup', 'reply markup')
  if (given?.inline_keyboard === undefined) return { given, keyboard: [] }
  const { inline_keyboard: rows } = given
  if (!Array.isArray(rows)) throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
  const keyboard = rows.map((row: unknown) => {
    if (!Array.isArray(row))
      throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    return row.map(buttonOf)
  })
  const count = keyboard.flat().length
  if (count > BUTTONS_MAX || keyboard.some(row => row.length > BUTTONS_A_ROW_MAX))
    throw badRequest('reply markup is too long')
  return { given, keyboard: keyboard.filter(row => row.length > 0) }
}

/** Fields of which a button has exactly one; the rest of them says how it looks. */
const DEEDS = [
  'callback_data',
  'url',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'copy_text',
  'callback_game',
  'pay',
  'disabled',
]

function buttonOf(given: unknown): Button {
  if (!isFields(given)) throw badRequest("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
  const { text, callback_data: data, url } = given
  if (typeof text !== 'string') throw badRequest('can\'t parse inline keyboard button: Can\'t find field "text"')
  if (text.trim() === '') throw badRequest('inline keyboard button text must be non-empty')
  if (!DEEDS.some(deed => given[deed] !== undefined))
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
  const isData = typeof data === 'string' && data !== '' && Buffer.byteLength(data) <= CALLBACK_DATA_BYTES_MAX
  if (data !== undefined && !isData) throw badRequest('BUTTON_DATA_INVALID')
  const isLink = typeof url === 'string' && checkedLink(url) !== undefined
  if (url !== undefined && !isLink) throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`)
  return { ...given, text, ...(isData ? { callback_data: data } : {}), ...(isLink ? { url } : {}) } as Button
}
