import type { Member, User } from './world.ts'

export type Embed = {
  readonly title?: string
  readonly description?: string
  readonly url?: string
  readonly color?: number
  readonly timestamp?: string
  readonly author?: { readonly name?: string }
  readonly footer?: { readonly text?: string }
  readonly image?: { readonly url?: string }
  readonly thumbnail?: { readonly url?: string }
  readonly fields?: readonly { readonly name: string; readonly value: string; readonly inline?: boolean }[]
}

/** A part of a message or of a modal, as Discord sends it. Which fields it has depends on its type. */
export type Component = {
  readonly type: number
  readonly id?: number
  readonly custom_id?: string
  readonly label?: string
  readonly description?: string
  readonly style?: number
  readonly url?: string
  readonly disabled?: boolean
  readonly required?: boolean
  readonly value?: string
  readonly content?: string
  readonly placeholder?: string
  readonly min_length?: number
  readonly max_length?: number
  readonly emoji?: { readonly name?: string }
  readonly options?: readonly { readonly label: string; readonly value: string }[]
  readonly components?: readonly Component[]
  readonly component?: Component
  readonly accessory?: Component
}

/** The types of components. Source: Discord's reference, "Component types". */
export const COMPONENT = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const

/** Bits of a message's flags. Source: Discord's reference, "Message flags". */
export const FLAGS = {
  suppressEmbeds: 1 << 2,
  hasThread: 1 << 5,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  components: 1 << 15,
} as const

/** A file that hangs on a message, with its bytes. `description` is the alternative text. */
export type Attachment = {
  readonly id: string
  readonly filename: string
  readonly description?: string
  readonly contentType: string
  readonly bytes: Buffer
}

/** Whom a text notifies. */
export type Pings = { readonly everyone: boolean; readonly roles: readonly string[]; readonly users: readonly string[] }

/** What a message said at one time. */
export type Version = {
  readonly at: number
  readonly content: string
  readonly embeds: readonly Embed[]
  readonly components: readonly Component[]
}

/** A message as the stand-in keeps it. It changes in place when it is edited, so that a test may hold on to it. */
export type Message = {
  readonly id: string
  readonly channel: string
  readonly author: User
  readonly madeAt: number
  /** Whom it notified when it was made. An edit notifies nobody, not even the first of a deferred reply (discord-api-docs#4034). */
  readonly pings: Pings
  readonly nonce?: string
  readonly webhook?: string
  /** The interaction that it answers. */
  readonly interaction?: { readonly id: string; readonly type: number; readonly by: Member; readonly original?: string }
  /** The one person who sees it, if it is ephemeral. */
  readonly onlyFor?: string
  readonly repliesTo?: string
  content: string
  embeds: readonly Embed[]
  components: readonly Component[]
  attachments: readonly Attachment[]
  flags: number
  /** Whom its present text names and may name; nobody more is notified by it. */
  mentioned: Pings
  isPinned: boolean
  isDeleted: boolean
  editedAt?: number
  /** What it said after each edit, oldest first. */
  readonly edits: Version[]
}

/** Every component, however deep, parents before their children. */
export function everyComponent(components: readonly Component[]): readonly Component[] {
  return components.flatMap(one => [
    one,
    ...everyComponent(one.components ?? []),
    ...everyComponent(one.component === undefined ? [] : [one.component]),
    ...everyComponent(one.accessory === undefined ? [] : [one.accessory]),
  ])
}

/** The buttons of a message in the order in which they are seen. */
export function buttonsOf(message: { readonly components: readonly Component[] }): readonly Component[] {
  return everyComponent(message.components).filter(one => one.type === COMPONENT.button)
}

/** All the text of a message that can notify: its content and its text displays. */
export function spokenText(content: string, components: readonly Component[]): string {
  const displays = everyComponent(components).filter(one => one.type === COMPONENT.text)
  return [content, ...displays.map(one => one.content ?? '')].join('\n')
}

/** The same components, each with the number that Discord gives to one that has none. */
export function numbered(components: readonly Component[]): readonly Component[] {
  const taken = new Set(everyComponent(components).map(one => one.id))
  let last = 0
  const next = () => {
    do last += 1
    while (taken.has(last))
    return last
  }
  const number = (one: Component): Component => ({
    ...one,
    id: one.id ?? next(),
    ...(one.components === undefined ? {} : { components: one.components.map(number) }),
    ...(one.component === undefined ? {} : { component: number(one.component) }),
    ...(one.accessory === undefined ? {} : { accessory: number(one.accessory) }),
  })
  return components.map(number)
}
