import {
  addressComplaints,
  type Complaint,
  complaint,
  countComplaints,
  missing,
  notOneOf,
  numberComplaints,
  type Path,
  textComplaints,
} from './complaints.ts'
import { type Body, bodiesOf, bodyOf, isMissing, numberOf, textOf } from './json.ts'
import { COMPONENT } from './message.ts'

/** Bounds of components. Source: Discord's reference, "Component reference", 2026-08. */
const ROWS = { min: 0, max: 5 }
const IN_ROW = { min: 1, max: 5 }
const COMPONENTS_MAX = 40
const TEXT_MAX = 4_000
const IN_SECTION = { min: 1, max: 3 }
const IN_GALLERY = { min: 1, max: 10 }
const BUTTON_LABEL_MAX = 80
const PLACEHOLDER = { min: 0, max: 150 }
const SELECT_OPTIONS = { min: 1, max: 25 }
const OPTION_TEXT = { min: 1, max: 100 }
const CUSTOM_ID = { min: 1, max: 100 }
const COLOUR = { min: 0, max: 0xff_ff_ff }

const STYLES = { link: 5, premium: 6 } as const
const SELECTS: readonly number[] = [
  COMPONENT.stringSelect,
  COMPONENT.userSelect,
  COMPONENT.roleSelect,
  COMPONENT.mentionableSelect,
  COMPONENT.channelSelect,
]
const IN_CONTAINER: readonly number[] = [
  COMPONENT.row,
  COMPONENT.section,
  COMPONENT.text,
  COMPONENT.gallery,
  COMPONENT.file,
  COMPONENT.separator,
]

/** What is wrong with the components of a message: those of old, or those of the flag for components. */
export function componentComplaints(
  value: unknown,
  isFlagged: boolean,
  files: readonly string[],
): readonly Complaint[] {
  const components = bodiesOf(value)
  const path = ['components']
  const allowed = isFlagged ? [...IN_CONTAINER, COMPONENT.container] : [COMPONENT.row]
  const tooMany = isFlagged ? totalComplaints(components, path) : countComplaints(components.length, path, ROWS)
  return [
    ...tooMany,
    ...components.flatMap((one, at) => partComplaints(one, [...path, at], allowed, files)),
    ...repeatedIdComplaints(components, path),
  ]
}

/** That a `custom_id` is there twice, at each place but the first. */
export function repeatedIdComplaints(components: readonly Body[], path: Path): readonly Complaint[] {
  const met = new Set<string>()
  return everyPart(components, path).flatMap(([part, place]) => {
    const id = textOf(part.custom_id)
    if (id === '') return []
    if (!met.has(id)) {
      met.add(id)
      return []
    }
    const text = 'Component custom id cannot be duplicated'
    return complaint([...place, 'custom_id'], 'COMPONENT_CUSTOM_ID_DUPLICATED', text)
  })
}

/** What is wrong with a menu to choose from, in a message or in a modal. */
export function selectComplaints(select: Body, path: Path): readonly Complaint[] {
  const options = bodiesOf(select.options)
  const own =
    select.type === COMPONENT.stringSelect
      ? [
          ...countComplaints(options.length, [...path, 'options'], SELECT_OPTIONS),
          ...options.flatMap((option, at) => optionComplaints(option, [...path, 'options', at])),
        ]
      : []
  return [
    ...textComplaints(select.custom_id, [...path, 'custom_id'], CUSTOM_ID),
    ...textComplaints(select.placeholder, [...path, 'placeholder'], PLACEHOLDER),
    ...own,
  ]
}

/** What is wrong with one thing to choose. */
export function optionComplaints(option: Body, path: Path): readonly Complaint[] {
  return [
    ...textComplaints(option.label, [...path, 'label'], OPTION_TEXT),
    ...textComplaints(option.value, [...path, 'value'], OPTION_TEXT),
    ...textComplaints(option.description, [...path, 'description'], { ...OPTION_TEXT, min: 0 }),
  ]
}

function partComplaints(
  part: Body,
  path: Path,
  allowed: readonly number[],
  files: readonly string[],
): readonly Complaint[] {
  const type = numberOf(part.type)
  if (!allowed.includes(type)) return notOneOf([...path, 'type'], allowed)
  const children = bodiesOf(part.components)
  const inner = (types: readonly number[]) =>
    children.flatMap((one, at) => partComplaints(one, [...path, 'components', at], types, files))
  switch (type) {
    case COMPONENT.row:
      return rowComplaints(children, path)
    case COMPONENT.button:
      return buttonComplaints(part, path)
    case COMPONENT.section:
      return [
        ...countComplaints(children.length, [...path, 'components'], IN_SECTION),
        ...inner([COMPONENT.text]),
        ...partComplaints(
          bodyOf(part.accessory),
          [...path, 'accessory'],
          [COMPONENT.button, COMPONENT.thumbnail],
          files,
        ),
      ]
    case COMPONENT.text:
      return textComplaints(part.content, [...path, 'content'], { min: 1, max: TEXT_MAX })
    case COMPONENT.thumbnail:
      return mediaComplaints(part.media, [...path, 'media'], files)
    case COMPONENT.gallery: {
      const items = bodiesOf(part.items)
      const each = items.flatMap((item, at) => mediaComplaints(item.media, [...path, 'items', at, 'media'], files))
      return [...countComplaints(items.length, [...path, 'items'], IN_GALLERY), ...each]
    }
    case COMPONENT.file:
      return mediaComplaints(part.file, [...path, 'file'], files)
    case COMPONENT.container:
      return [...numberComplaints(part.accent_color, [...path, 'accent_color'], COLOUR), ...inner(IN_CONTAINER)]
    default:
      return []
  }
}

function rowComplaints(children: readonly Body[], path: Path): readonly Complaint[] {
  const place = [...path, 'components']
  const isSelect = children.some(one => SELECTS.includes(numberOf(one.type)))
  return [
    ...countComplaints(children.length, place, isSelect ? { min: 1, max: 1 } : IN_ROW),
    ...children.flatMap((one, at) => {
      const type = numberOf(one.type)
      if (type === COMPONENT.button) return buttonComplaints(one, [...place, at])
      if (SELECTS.includes(type)) return selectComplaints(one, [...place, at])
      return notOneOf([...place, at, 'type'], [COMPONENT.button, ...SELECTS])
    }),
  ]
}

function buttonComplaints(button: Body, path: Path): readonly Complaint[] {
  const style = numberOf(button.style)
  if (style < 1 || style > STYLES.premium) return notOneOf([...path, 'style'], [1, 2, 3, 4, 5, 6])
  if (style === STYLES.premium) return isMissing(button.sku_id) ? missing([...path, 'sku_id']) : []
  const hasEmoji = !isMissing(button.emoji)
  const label = textComplaints(button.label, [...path, 'label'], { min: hasEmoji ? 0 : 1, max: BUTTON_LABEL_MAX })
  if (style !== STYLES.link) return [...label, ...textComplaints(button.custom_id, [...path, 'custom_id'], CUSTOM_ID)]
  const url = isMissing(button.url) ? missing([...path, 'url']) : addressComplaints(button.url, [...path, 'url'])
  const both = isMissing(button.custom_id)
    ? []
    : complaint(path, 'BUTTON_COMPONENT_INVALID', 'A custom id and url cannot both be specified')
  return [...label, ...url, ...both]
}

function mediaComplaints(value: unknown, path: Path, files: readonly string[]): readonly Complaint[] {
  const { url } = bodyOf(value)
  if (isMissing(url)) return missing([...path, 'url'])
  const named = /^attachment:\/\/(.+)$/.exec(textOf(url))?.[1]
  if (named === undefined || files.includes(named)) return addressComplaints(url, [...path, 'url'])
  const text = `Referenced attachment "attachment://${named}" not found`
  return complaint([...path, 'url'], 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND', text)
}

function totalComplaints(components: readonly Body[], path: Path): readonly Complaint[] {
  const parts = everyPart(components, path).map(([part]) => part)
  const texts = parts.filter(part => part.type === COMPONENT.text)
  const length = texts.reduce((sum, part) => sum + textOf(part.content).length, 0)
  return [
    ...countComplaints(parts.length, path, { min: 0, max: COMPONENTS_MAX }),
    ...(length > TEXT_MAX
      ? complaint(
          path,
          'COMPONENT_MAX_TOTAL_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
          `Displayable text size exceeds maximum size of ${TEXT_MAX}`,
        )
      : []),
  ]
}

function everyPart(components: readonly Body[], path: Path): readonly (readonly [part: Body, path: Path])[] {
  return components.flatMap((part, at) => {
    const place = [...path, at]
    const single = (['component', 'accessory'] as const).flatMap(key =>
      isMissing(part[key]) ? [] : [[bodyOf(part[key]), [...place, key]] as const],
    )
    return [[part, place] as const, ...single, ...everyPart(bodiesOf(part.components), [...place, 'components'])]
  })
}
