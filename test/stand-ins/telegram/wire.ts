/** What goes over the wire, in the words of the Bot API. */

/** The fields of a call, of an update or of any other object of the wire; what is in them is for the reader to check. */
export type Fields = Readonly<Record<string, unknown>>

/** A person or a bot, as others see them. */
export type User = {
  readonly id: number
  readonly is_bot: boolean
  readonly first_name: string
  readonly username?: string
  readonly language_code?: string
}

/** A stretch of a text with a meaning of its own. `offset` and `length` are in UTF-16 units. */
export type Entity = {
  readonly type: string
  readonly offset: number
  readonly length: number
  readonly url?: string
  readonly user?: User
  readonly language?: string
  readonly custom_emoji_id?: string
  readonly unix_time?: number
  readonly date_time_format?: string
}

/** A button of an inline keyboard. Fields that are not named here (`style`, say) pass through. */
export type Button = Fields & {
  readonly text: string
  readonly callback_data?: string
  readonly url?: string
}

/** What the bot is told of at once: a message, a press, a change of its standing. */
export type Update = Fields & { readonly update_id: number }

/** A file of a multipart call. */
export type Upload = { readonly name: string; readonly bytes: Buffer }

/** A call as it is handed to a method: its fields by name, its files by the name of their part. */
export type Ask = {
  readonly method: string
  readonly body: Fields
  readonly files: ReadonlyMap<string, Upload>
  /** Aborted when the caller went away before there was an answer. */
  readonly gone: AbortSignal
}

/** An answer that is no: `error_code`, `description` and `parameters` of the wire. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: number
  readonly description: string
  readonly parameters: Fields | undefined

  constructor(code: number, description: string, parameters?: Fields) {
    super(`${code}: ${description}`)
    this.code = code
    this.description = description
    this.parameters = parameters
  }
}

/** The refusal that most mistakes meet. */
export function badRequest(what: string, parameters?: Fields): Refusal {
  return new Refusal(400, `Bad Request: ${what}`, parameters)
}

/** Adds to a log that forgets its oldest once it holds `max`. */
export function remember<Item>(log: Item[], item: Item, max: number): void {
  log.push(item)
  if (log.length > max) log.splice(0, log.length - max)
}
