import { FLAGS } from './message.ts'

/** What Discord refuses, what was sent, and what of its words the client passes on. */
type Refused = readonly [what: string, sent: object, words: string]

const long = (length: number) => 'x'.repeat(length)
const embeds = (...some: object[]) => ({ embeds: some })
const one = (part: object) => ({ components: [{ type: 1, components: [part] }] })
const press = { type: 2, style: 1, label: 'Yes', custom_id: 'yes' }
const flagged = { flags: FLAGS.components }

/** Messages. */
export const BAD_MESSAGES: readonly Refused[] = [
  ['content of 2001', { content: long(2_001) }, 'content[BASE_TYPE_MAX_LENGTH]: Must be 2000 or fewer'],
  ['nothing', { content: '   ' }, 'Cannot send an empty message'],
  [
    '11 embeds',
    embeds(...Array.from({ length: 11 }, () => ({ title: 'x' }))),
    'embeds[BASE_TYPE_MAX_LENGTH]: Must be 10',
  ],
  ['an empty embed', embeds({}), 'Cannot send an empty message'],
  ['a title of 257', embeds({ title: long(257) }), 'embeds[0].title[BASE_TYPE_MAX_LENGTH]'],
  ['a description of 4097', embeds({ description: long(4_097) }), 'embeds[0].description[BASE_TYPE_MAX_LENGTH]'],
  ['a footer of 2049', embeds({ footer: { text: long(2_049) } }), 'embeds[0].footer.text[BASE_TYPE_MAX_LENGTH]'],
  [
    '26 fields',
    embeds({ fields: Array.from({ length: 26 }, () => ({ name: 'x', value: 'x' })) }),
    'embeds[0].fields[BASE',
  ],
  [
    'a field without a name',
    embeds({ fields: [{ name: '', value: 'x' }] }),
    'embeds[0].fields[0].name[BASE_TYPE_REQUIRED]',
  ],
  ['a field without a value', embeds({ fields: [{ name: 'x', value: ' ' }] }), 'fields[0].value[BASE_TYPE_REQUIRED]'],
  ['a value of 1025', embeds({ fields: [{ name: 'x', value: long(1_025) }] }), 'Must be between 1 and 1024'],
  [
    'embeds of 6001',
    embeds({ description: long(4_000) }, { description: long(2_001) }),
    'embeds[MAX_EMBED_SIZE_EXCEEDED]',
  ],
  [
    'a picture from a disk',
    embeds({ image: { url: 'file:///x.png' } }),
    'embeds[0].image.url[URL_TYPE_INVALID_SCHEME]',
  ],
  [
    '6 rows',
    {
      components: Array.from({ length: 6 }, (_, at) => ({ type: 1, components: [{ ...press, custom_id: `${at}` }] })),
    },
    'components[BASE_TYPE_MAX_LENGTH]: Must be 5',
  ],
  [
    '6 buttons in a row',
    {
      components: [{ type: 1, components: Array.from({ length: 6 }, (_, at) => ({ ...press, custom_id: `${at}` })) }],
    },
    'components[0].components[BASE_TYPE_BAD_LENGTH]: Must be between 1 and 5',
  ],
  ['an empty row', { components: [{ type: 1, components: [] }] }, 'components[0].components[BASE_TYPE_BAD_LENGTH]'],
  ['a label of 81', one({ ...press, label: long(81) }), 'label[BASE_TYPE_BAD_LENGTH]: Must be between 1 and 80'],
  ['no label', one({ ...press, label: '' }), 'components[0].components[0].label[BASE_TYPE_REQUIRED]'],
  ['a custom id of 101', one({ ...press, custom_id: long(101) }), 'custom_id[BASE_TYPE_BAD_LENGTH]'],
  [
    'the same custom id twice',
    { components: [{ type: 1, components: [press, press] }] },
    'components[0].components[1].custom_id[COMPONENT_CUSTOM_ID_DUPLICATED]',
  ],
  ['a nonce of 26', { content: 'x', nonce: long(26) }, 'nonce[BASE_TYPE_MAX_LENGTH]: Must be 25'],
  [
    'mentions named and parsed',
    { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } },
    'mutually exclusive',
  ],
  [
    'a text display without the flag',
    { components: [{ type: 10, content: 'x' }] },
    'components[0].type[BASE_TYPE_CHOICES]',
  ],
  [
    'content beside the flag',
    { ...flagged, content: 'x', components: [{ type: 10, content: 'x' }] },
    'content[MESSAGE_CANNOT_USE_LEGACY_FIELDS',
  ],
  [
    '41 components',
    { ...flagged, components: Array.from({ length: 41 }, () => ({ type: 10, content: 'x' })) },
    'components[BASE_TYPE_MAX_LENGTH]: Must be 40',
  ],
  [
    'texts of 4001',
    {
      ...flagged,
      components: [
        { type: 10, content: long(2_001) },
        { type: 10, content: long(2_000) },
      ],
    },
    'components[COMPONENT_MAX_TOTAL',
  ],
  [
    'a picture that is not there',
    { ...flagged, components: [{ type: 12, items: [{ media: { url: 'attachment://x.png' } }] }] },
    'not found',
  ],
  [
    'a section without its button',
    { ...flagged, components: [{ type: 9, components: [{ type: 10, content: 'x' }] }] },
    'components[0].accessory.type[BASE_TYPE_CHOICES]',
  ],
]

/** Commands, each alone. */
export const BAD_COMMANDS: readonly Refused[] = [
  ['a capital', { name: 'Status', description: 'x' }, '0.name[APPLICATION_COMMAND_INVALID_NAME]'],
  ['a name of 33', { name: long(33), description: 'x' }, '0.name[APPLICATION_COMMAND_INVALID_NAME]'],
  ['no description', { name: 'x', description: '' }, '0.description[BASE_TYPE_REQUIRED]'],
  ['a description of 101', { name: 'x', description: long(101) }, '0.description[BASE_TYPE_BAD_LENGTH]'],
  [
    '26 options',
    {
      name: 'status',
      description: 'x',
      options: Array.from({ length: 26 }, (_, at) => ({ type: 3, name: `o${at}`, description: 'x' })),
    },
    '0.options[BASE_TYPE_MAX_LENGTH]: Must be 25',
  ],
  [
    'an option twice',
    { name: 'status', description: 'x', options: [1, 2].map(() => ({ type: 3, name: 'o', description: 'x' })) },
    '0.options[1].name[APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS]',
  ],
  [
    'what may be before what must',
    {
      name: 'status',
      description: 'x',
      options: [
        { type: 3, name: 'a', description: 'x' },
        { type: 3, name: 'b', description: 'x', required: true },
      ],
    },
    '0.options[1][APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID]',
  ],
  [
    '26 choices',
    {
      name: 'status',
      description: 'x',
      options: [
        {
          type: 3,
          name: 'a',
          description: 'x',
          choices: Array.from({ length: 26 }, (_, at) => ({ name: `${at}`, value: `${at}` })),
        },
      ],
    },
    '0.options[0].choices[BASE_TYPE_MAX_LENGTH]',
  ],
  [
    '8001 letters',
    {
      name: 'status',
      description: 'x',
      options: Array.from({ length: 25 }, (_, at) => ({
        type: 3,
        name: `o${at}`,
        description: long(100),
        choices: [0, 1, 2].map(no => ({ name: `${no}`, value: long(80) })),
      })),
    },
    '0[APPLICATION_COMMAND_TOO_LARGE]',
  ],
]

const input = { type: 4, custom_id: 'a', style: 1 }
const label = { type: 18, label: 'A', component: input }

/** First answers to a typed command. */
export const BAD_ANSWERS: readonly Refused[] = [
  ['a reply of 2001', { type: 4, data: { content: long(2_001) } }, 'data.content[BASE_TYPE_MAX_LENGTH]'],
  ['a deferred reply with components', { type: 5, data: flagged }, 'data.flags[BASE_TYPE_CHOICES]'],
  ['an update of a command', { type: 7, data: { content: 'x' } }, 'type[BASE_TYPE_CHOICES]'],
  ['choices for a command', { type: 8, data: { choices: [] } }, 'type[BASE_TYPE_CHOICES]'],
  [
    'a form with a title of 46',
    { type: 9, data: { custom_id: 'f', title: long(46), components: [label] } },
    'data.title[BASE_TYPE_BAD_LENGTH]: Must be between 1 and 45',
  ],
  [
    'a form of nothing',
    { type: 9, data: { custom_id: 'f', title: 'F', components: [] } },
    'data.components[BASE_TYPE_BAD_LENGTH]',
  ],
  [
    'a form of 6',
    {
      type: 9,
      data: {
        custom_id: 'f',
        title: 'F',
        components: Array.from({ length: 6 }, (_, at) => ({ ...label, component: { ...input, custom_id: `${at}` } })),
      },
    },
    'data.components[BASE_TYPE_BAD_LENGTH]',
  ],
  [
    'a form with a button',
    { type: 9, data: { custom_id: 'f', title: 'F', components: [{ type: 1, components: [press] }] } },
    'data.components[0].components[0].type[BASE_TYPE_CHOICES]',
  ],
  [
    'a form with a field twice',
    { type: 9, data: { custom_id: 'f', title: 'F', components: [label, label] } },
    'data.components[1].component.custom_id[COMPONENT_CUSTOM_ID_DUPLICATED]',
  ],
]
