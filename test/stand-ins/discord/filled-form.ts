import type { Modal } from './interaction.ts'
import { COMPONENT, type Component, everyComponent } from './message.ts'

/** What somebody fills in, by the custom ids of the fields: a text, a choice, several, or a tick. */
export type Entries = Readonly<Record<string, string | readonly string[] | boolean>>

const WITH_SEVERAL: readonly number[] = [
  COMPONENT.stringSelect,
  COMPONENT.userSelect,
  COMPONENT.roleSelect,
  COMPONENT.mentionableSelect,
  COMPONENT.channelSelect,
  COMPONENT.fileUpload,
  COMPONENT.checkboxGroup,
]

/** The form as Discord passes it on. Throws a sentence where Discord's client would not let it be sent, unless it is forged. */
export function filledForm(modal: Modal, entries: Entries, isForged: boolean): object {
  const fields = everyComponent(modal.components).filter(one => one.custom_id !== undefined)
  const names = fields.map(one => one.custom_id)
  if (!isForged) {
    const odd = Object.keys(entries).find(name => !names.includes(name))
    if (odd !== undefined) throw new Error(`"${modal.title}" has no field ${odd}, only ${names.join(', ')}`)
    for (const field of fields) refuseEntry(field, entries[field.custom_id ?? ''], modal)
  }
  return { custom_id: modal.custom_id, components: modal.components.map(one => answered(one, entries)) }
}

function refuseEntry(field: Component, entry: Entries[string] | undefined, { title }: Modal): void {
  const { custom_id, required = true, min_length, max_length } = field
  const text = entry ?? field.value ?? (field.type === COMPONENT.checkbox ? false : '')
  const length = typeof text === 'boolean' ? 1 : text.length
  const say = (what: string) => new Error(`"${title}" cannot be sent: ${custom_id} ${what}`)
  if (required && length === 0) throw say('is required')
  if (length === 0 || field.type !== COMPONENT.textInput) return
  if (min_length !== undefined && length < min_length) throw say(`has at least ${min_length} letters`)
  if (max_length !== undefined && length > max_length) throw say(`has at most ${max_length} letters`)
}

/** A component with what was filled in, as it comes back: no labels, only ids and values. */
function answered(part: Component, entries: Entries): object {
  const { type, id, custom_id, components, component } = part
  if (components !== undefined) return { type, id, components: components.map(one => answered(one, entries)) }
  if (component !== undefined) return { type, id, component: answered(component, entries) }
  if (custom_id === undefined) return { type, id }
  const entry = entries[custom_id]
  if (type === COMPONENT.checkbox) return { type, id, custom_id, value: entry === true }
  if (type === COMPONENT.radioGroup) return { type, id, custom_id, value: entry ?? null }
  if (!WITH_SEVERAL.includes(type)) return { type, id, custom_id, value: entry ?? part.value ?? '' }
  return { type, id, custom_id, values: typeof entry === 'string' ? [entry] : (entry ?? []) }
}
