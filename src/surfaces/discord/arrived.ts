import { ComponentType, InteractionType } from 'discord.js'
import { z } from 'zod'
import type { Given } from '../../chat/command.ts'
import { clean, NAME_GRAPHEMES } from '../../chat/format.ts'
import { type Instant, instant } from '../../core/units/ids.ts'
import { FORM_FIELD } from './modal.ts'

/** Something that a person did to the bot, as Discord tells of it. */
export type Arrived = {
  readonly id: string
  /** With which it is answered, for fifteen minutes. A secret. */
  readonly token: string
  readonly application: string
  /** When it was done, by Discord's clock, from its id. */
  readonly doneAt: Instant
  readonly guild: string | undefined
  readonly channel: string | undefined
  readonly account: string
  readonly name: string
  readonly deed: Deed
}

export type Deed =
  | { readonly kind: 'command'; readonly name: string; readonly given: Given }
  /** The letters typed so far into one option of a command. */
  | { readonly kind: 'typing'; readonly command: string; readonly option: string; readonly text: string }
  /** `data` is what the button carries, `label` what stands on it. */
  | { readonly kind: 'press'; readonly data: string; readonly label: string }
  | { readonly kind: 'form'; readonly data: string; readonly text: string }
  /** Nothing that we ever offered. */
  | { readonly kind: 'other' }

const SNOWFLAKE = /^\d{15,22}$/
/** Where Discord's time begins, and which bits of an id are no time. Source: its reference, "Snowflakes". */
const EPOCH_MS = 1_420_070_400_000
const TIME_SHIFT = 22n

const person = z.object({
  id: z.string().regex(SNOWFLAKE),
  username: z.string(),
  global_name: z.string().nullish(),
})
const shape = z.object({
  id: z.string().regex(SNOWFLAKE),
  token: z.string().min(1),
  application_id: z.string().regex(SNOWFLAKE),
  type: z.number(),
  guild_id: z.string().nullish(),
  channel_id: z.string().nullish(),
  member: z.object({ user: person, nick: z.string().nullish() }).nullish(),
  user: person.nullish(),
  data: z.unknown().optional(),
  message: z.unknown().optional(),
})
const option = z.object({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  focused: z.boolean().nullish(),
})
const commandShape = z.object({ name: z.string(), options: z.array(option).nullish() })
const pressShape = z.object({ custom_id: z.string(), component_type: z.number() })
const formShape = z.object({ custom_id: z.string(), components: z.unknown() })

/** The interaction, or nothing where it cannot even be answered. What is odd inside it is a deed of the kind `other`. */
export function readArrived(raw: unknown): Arrived | undefined {
  const read = shape.safeParse(raw)
  if (!read.success) return undefined
  const { id, token, application_id, type, guild_id, channel_id, member, user, data, message } = read.data
  const by = member?.user ?? user
  if (by === null || by === undefined) return undefined
  return {
    id,
    token,
    application: application_id,
    doneAt: instant(Number(BigInt(id) >> TIME_SHIFT) + EPOCH_MS),
    guild: guild_id ?? undefined,
    channel: channel_id ?? undefined,
    account: by.id,
    name: clean(member?.nick ?? by.global_name ?? by.username, NAME_GRAPHEMES),
    deed: deedOf(type, data, message),
  }
}

function deedOf(type: number, data: unknown, message: unknown): Deed {
  switch (type) {
    case InteractionType.ApplicationCommand: {
      const read = commandShape.safeParse(data)
      return read.success ? { kind: 'command', name: read.data.name, given: givenIn(read.data.options ?? []) } : OTHER
    }
    case InteractionType.ApplicationCommandAutocomplete: {
      const read = commandShape.safeParse(data)
      const typed = read.data?.options?.find(each => each.focused === true)
      return read.success && typed !== undefined
        ? { kind: 'typing', command: read.data.name, option: typed.name, text: String(typed.value ?? '') }
        : OTHER
    }
    case InteractionType.MessageComponent: {
      const read = pressShape.safeParse(data)
      if (!read.success || read.data.component_type !== ComponentType.Button) return OTHER
      const { custom_id } = read.data
      return { kind: 'press', data: custom_id, label: textAt(partNamed(message, custom_id), 'label') }
    }
    case InteractionType.ModalSubmit: {
      const read = formShape.safeParse(data)
      if (!read.success) return OTHER
      const field = partNamed(read.data, FORM_FIELD)
      return { kind: 'form', data: read.data.custom_id, text: textAt(field, 'value') }
    }
    default:
      return OTHER
  }
}

const OTHER: Deed = { kind: 'other' }

function givenIn(options: readonly z.infer<typeof option>[]): Given {
  return Object.fromEntries(
    options.flatMap(({ name, value }) => (value === null || value === undefined ? [] : [[name, String(value)]])),
  )
}

/** Components lie in rows, labels and containers; more than so deep, none does. */
const DEPTH_MAX = 6

/** The component of that custom id, wherever Discord has put it. */
function partNamed(tree: unknown, customId: string, depth = 0): object | undefined {
  if (tree === null || typeof tree !== 'object' || depth > DEPTH_MAX) return undefined
  if (depth > 0 && Reflect.get(tree, 'custom_id') === customId) return tree
  const inner: unknown[] = Array.isArray(tree)
    ? tree
    : ['components', 'component', 'accessory'].map(name => Reflect.get(tree, name))
  for (const each of inner) {
    const found = partNamed(each, customId, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function textAt(part: object | undefined, name: string): string {
  const text: unknown = part === undefined ? undefined : Reflect.get(part, name)
  return typeof text === 'string' ? text : ''
}
