import type { Command } from '../../chat/command.ts'
import { shortenedTo } from '../../chat/fitting.ts'

const COMMANDS_MAX = 100
const ABOUT_MAX = 256
const NAME = /^[a-z0-9_]{1,32}$/

export type MenuEntry = { readonly command: string; readonly description: string }

/** The commands as Telegram's menu lists them. One whose name it does not take can still be typed. */
export function telegramCommands(commands: readonly Command[]): readonly MenuEntry[] {
  return commands
    .filter(({ name }) => NAME.test(name))
    .slice(0, COMMANDS_MAX)
    .map(({ name, summary }) => ({ command: name, description: shortenedTo(summary, ABOUT_MAX, text => text.length) }))
}
