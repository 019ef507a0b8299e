import type { Body } from './json.ts'
import type { Component, Message, Version } from './message.ts'
import type { Member } from './world.ts'

export type InteractionKind = 'slash' | 'press' | 'autocomplete' | 'submit'

/** The numbers of the kinds. Source: Discord's reference, "Interaction type". */
export const INTERACTION_TYPE: Readonly<Record<InteractionKind, number>> = {
  slash: 2,
  press: 3,
  autocomplete: 4,
  submit: 5,
}

/** The types of first answers. Source: Discord's reference, "Interaction callback type". */
export const CALLBACK = { reply: 4, deferReply: 5, deferUpdate: 6, update: 7, choices: 8, modal: 9 } as const

/** The first answer to an interaction that Discord took. */
export type Acknowledgement = {
  /** One of `CALLBACK`. */
  readonly type: number
  /** From the dispatch to here, by `performance.now`, whatever the clock of the stand-in says. */
  readonly delayMs: number
  /** The flags that came with it, such as 64 for ephemeral. */
  readonly flags: number
  readonly at: number
}

/** A first answer that Discord did not take: 10062 for late, 40060 for second, 50035 for bad. */
export type RefusedAnswer = { readonly type: number; readonly code: number; readonly delayMs: number }

/** A form that an interaction was answered with. */
export type Modal = {
  readonly custom_id: string
  readonly title: string
  readonly components: readonly Component[]
}

export type Choice = { readonly name: string; readonly value: string | number }

/** Something that a person did to the bot, and all that came of it. It changes in place. */
export type Interaction = {
  readonly id: string
  readonly token: string
  readonly kind: InteractionKind
  readonly by: Member
  readonly channel: string
  /** Nothing in a direct channel. */
  readonly guild?: string
  readonly madeAt: number
  /** The message with the button, or the one whose button brought the form. */
  readonly message?: Message
  /** What was done, for people: `/status`, `[Approve]`. */
  readonly deed: string
  /** Comes true with the first answer. It waits for ever where there is none, so await it beside a deadline. */
  readonly acknowledged: Promise<Acknowledgement>
  acknowledgement?: Acknowledgement
  /** The body of the first answer as it was sent. */
  callback?: Body
  /** What `@original` means: the reply, or the message of an update. */
  original?: Message
  /** What the original said after each edit through this interaction. */
  readonly edits: Version[]
  readonly followUps: Message[]
  modal?: Modal
  choices?: readonly Choice[]
  readonly refusals: RefusedAnswer[]
}

/** The same, with what the stand-in alone may do. */
export type OpenInteraction = Interaction & {
  readonly startedAt: number
  readonly acknowledge: (acknowledgement: Acknowledgement) => void
}

/** An interaction nobody has answered yet. */
export function openInteraction(
  about: Omit<Interaction, 'acknowledged' | 'edits' | 'followUps' | 'refusals'>,
): OpenInteraction {
  let settle: (acknowledgement: Acknowledgement) => void = () => {}
  const acknowledged = new Promise<Acknowledgement>(resolve => {
    settle = resolve
  })
  const interaction: OpenInteraction = {
    ...about,
    startedAt: performance.now(),
    acknowledged,
    edits: [],
    followUps: [],
    refusals: [],
    acknowledge: acknowledgement => {
      interaction.acknowledgement = acknowledgement
      settle(acknowledgement)
    },
  }
  return interaction
}
