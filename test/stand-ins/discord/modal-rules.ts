import {
  type Complaint,
  complaint,
  countComplaints,
  notOneOf,
  numberComplaints,
  type Path,
  textComplaints,
} from './complaints.ts'
import { optionComplaints, repeatedIdComplaints, selectComplaints } from './component-rules.ts'
import { type Body, bodiesOf, bodyOf, isMissing, numberOf } from './json.ts'
import { COMPONENT } from './message.ts'

/** Bounds of a modal and of choices while typing. Source: Discord's reference, "Modal", "Label", "Text input", "Autocomplete", 2026-08. */
const TITLE = { min: 1, max: 45 }
const CUSTOM_ID = { min: 1, max: 100 }
const PARTS = { min: 1, max: 5 }
const LABEL = { min: 1, max: 45 }
const LABEL_DESCRIPTION = { min: 0, max: 100 }
const INPUT_STYLES = [1, 2]
const INPUT_PLACEHOLDER = { min: 0, max: 100 }
const INPUT_VALUE = { min: 0, max: 4_000 }
const INPUT_LENGTH_MIN = { min: 0, max: 4_000 }
const INPUT_LENGTH_MAX = { min: 1, max: 4_000 }
const RADIO_OPTIONS = { min: 2, max: 10 }
const CHECKBOX_OPTIONS = { min: 1, max: 10 }
const CHOICES = { min: 0, max: 25 }
const CHOICE_TEXT = { min: 1, max: 100 }

const SELECTS: readonly number[] = [
  COMPONENT.stringSelect,
  COMPONENT.userSelect,
  COMPONENT.roleSelect,
  COMPONENT.mentionableSelect,
  COMPONENT.channelSelect,
]
const IN_LABEL = [
  COMPONENT.textInput,
  ...SELECTS,
  COMPONENT.fileUpload,
  COMPONENT.radioGroup,
  COMPONENT.checkboxGroup,
  COMPONENT.checkbox,
]

/** What is wrong with a modal. */
export function modalComplaints(modal: Body): readonly Complaint[] {
  const parts = bodiesOf(modal.components)
  const path = ['components']
  return [
    ...textComplaints(modal.custom_id, ['custom_id'], CUSTOM_ID),
    ...textComplaints(modal.title, ['title'], TITLE),
    ...countComplaints(parts.length, path, PARTS),
    ...parts.flatMap((part, at) => partComplaints(part, [...path, at])),
    ...repeatedIdComplaints(parts, path),
  ]
}

/** What is wrong with the choices offered while somebody types. */
export function choiceComplaints(choices: readonly Body[]): readonly Complaint[] {
  const path = ['choices']
  return [
    ...countComplaints(choices.length, path, CHOICES),
    ...choices.flatMap(({ name, value }, at) => [
      ...textComplaints(name, [...path, at, 'name'], CHOICE_TEXT),
      ...(typeof value === 'number' ? [] : textComplaints(value, [...path, at, 'value'], CHOICE_TEXT)),
    ]),
  ]
}

function partComplaints(part: Body, path: Path): readonly Complaint[] {
  switch (part.type) {
    case COMPONENT.label:
      return [
        ...textComplaints(part.label, [...path, 'label'], LABEL),
        ...textComplaints(part.description, [...path, 'description'], LABEL_DESCRIPTION),
        ...labelledComplaints(bodyOf(part.component), [...path, 'component']),
      ]
    case COMPONENT.row: {
      const inputs = bodiesOf(part.components)
      const place = [...path, 'components']
      return [
        ...countComplaints(inputs.length, place, { min: 1, max: 1 }),
        ...inputs.flatMap((input, at) => oldInputComplaints(input, [...place, at])),
      ]
    }
    case COMPONENT.text:
      return textComplaints(part.content, [...path, 'content'], { min: 1, max: 4_000 })
    default:
      return notOneOf([...path, 'type'], [COMPONENT.row, COMPONENT.text, COMPONENT.label])
  }
}

function oldInputComplaints(input: Body, path: Path): readonly Complaint[] {
  if (input.type !== COMPONENT.textInput) return notOneOf([...path, 'type'], [COMPONENT.textInput])
  return [...textComplaints(input.label, [...path, 'label'], LABEL), ...inputComplaints(input, path)]
}

function labelledComplaints(one: Body, path: Path): readonly Complaint[] {
  const type = numberOf(one.type)
  if (type === COMPONENT.textInput) {
    const label = isMissing(one.label)
      ? []
      : complaint([...path, 'label'], 'TEXT_INPUT_LABEL_IN_LABEL', 'A text input in a label has no label of its own.')
    return [...label, ...inputComplaints(one, path)]
  }
  if (SELECTS.includes(type)) return selectComplaints(one, path)
  if (!IN_LABEL.includes(type)) return notOneOf([...path, 'type'], IN_LABEL)
  const id = textComplaints(one.custom_id, [...path, 'custom_id'], CUSTOM_ID)
  if (type !== COMPONENT.radioGroup && type !== COMPONENT.checkboxGroup) return id
  const options = bodiesOf(one.options)
  const place = [...path, 'options']
  return [
    ...id,
    ...countComplaints(options.length, place, type === COMPONENT.radioGroup ? RADIO_OPTIONS : CHECKBOX_OPTIONS),
    ...options.flatMap((option, at) => optionComplaints(option, [...place, at])),
  ]
}

function inputComplaints(input: Body, path: Path): readonly Complaint[] {
  const at = (field: string) => [...path, field]
  return [
    ...(INPUT_STYLES.includes(numberOf(input.style)) ? [] : notOneOf(at('style'), INPUT_STYLES)),
    ...textComplaints(input.custom_id, at('custom_id'), CUSTOM_ID),
    ...textComplaints(input.placeholder, at('placeholder'), INPUT_PLACEHOLDER),
    ...textComplaints(input.value, at('value'), INPUT_VALUE),
    ...numberComplaints(input.min_length, at('min_length'), INPUT_LENGTH_MIN),
    ...numberComplaints(input.max_length, at('max_length'), INPUT_LENGTH_MAX),
  ]
}
