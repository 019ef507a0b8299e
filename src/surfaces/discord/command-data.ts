import {
  type APIApplicationCommandStringOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js'
import type { Command } from '../../chat/command.ts'
import { shortenedTo } from '../../chat/fitting.ts'
import { type Option, offeredOf, TEXT_MAX } from '../../chat/option.ts'
import { isSuggested } from '../../chat/suggest.ts'

const ABOUT_MAX = 100
const CHOICES_MAX = 25
const OPTIONS_MAX = 25
/** Discord's own rule, for the letters that we use. */
const NAME = /^[a-z0-9_-]{1,32}$/

/**
 * The commands as Discord is told of them. A command's other words are commands of their own, which call the same. Everything is a
 * text, read where typed lines are read; what can be chosen is offered.
 */
export function commandsJson(commands: readonly Command[]): readonly RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  const taken = new Set(commands.map(({ name }) => name))
  const others = commands.flatMap(each =>
    each.also.flatMap(word => {
      if (!NAME.test(word) || taken.has(word)) return []
      taken.add(word)
      return [commandJson(each, word)]
    }),
  )
  return [...commands.map(each => commandJson(each, each.name)), ...others]
}

function commandJson(command: Command, name: string): RESTPostAPIChatInputApplicationCommandsJSONBody {
  const options = offeredOf(command.options).map(([option, asked]) => optionJson(command.name, option, asked))
  return {
    type: ApplicationCommandType.ChatInput,
    name,
    description: about(command.summary),
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
    options: [...options.filter(each => each.required), ...options.filter(each => !each.required)].slice(
      0,
      OPTIONS_MAX,
    ),
  }
}

function optionJson(command: string, name: string, option: Option<unknown>): APIApplicationCommandStringOption {
  const { choices, isNeeded } = option
  const shared = {
    type: ApplicationCommandOptionType.String as const,
    name,
    description: about(option.about),
    required: isNeeded,
  }
  if (choices.length > 0 && choices.length <= CHOICES_MAX) {
    return { ...shared, choices: choices.map(choice => ({ name: choice, value: choice })) }
  }
  const isOffered = choices.length > 0 || isSuggested(command, name)
  return isOffered ? { ...shared, max_length: TEXT_MAX, autocomplete: true } : { ...shared, max_length: TEXT_MAX }
}

function about(text: string): string {
  return shortenedTo(text, ABOUT_MAX, each => each.length)
}
