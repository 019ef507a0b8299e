import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '../commands/index.ts'
import { VARIABLES } from '../src/adapters/system/config.ts'
import { usage } from '../src/chat/command.ts'
import { REFUSALS } from '../src/core/risk/refusals.ts'

/** What a person reads is made of what the program does. `UPDATE_README=1 npx vitest run test/readme.test.ts` writes it anew. */
const isUpdate = process.env.UPDATE_README !== undefined

const row = (...cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map(cells => row(...cells))].join('\n')

const variables = Object.entries(VARIABLES)

const SECTIONS: Readonly<Record<string, string>> = {
  refusals: table(
    ['code', 'meaning'],
    Object.entries(REFUSALS).map(([code, meaning]) => [`\`${code}\``, meaning]),
  ),
  commands: table(
    ['command', 'who', 'what'],
    commands.map(command => [`\`${usage(command)}\``, command.access, command.summary]),
  ),
  variables: table(
    ['variable', 'meaning', 'for example'],
    variables.map(([name, { meaning, example }]) => [`\`${name}\``, meaning, example === '' ? '' : `\`${example}\``]),
  ),
}

const ENV_EXAMPLE = `# Every variable of Remora, one a line, with its value when it is not set or an example. Copy to .env and uncomment what you change.
${variables.map(([name, { meaning, example }]) => `\n# ${meaning}\n# ${name}=${example}`).join('\n')}
`

test.each(Object.keys(SECTIONS))('the README has the table of %s as the program knows it', name => {
  const readme = readFileSync('README.md', 'utf8')
  const section = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`)
  const written = readme.replace(section, (_, open: string, close: string) => `${open}${SECTIONS[name]}\n${close}`)
  if (isUpdate) writeFileSync('README.md', written)
  expect(section.test(readme)).toBe(true)
  expect(isUpdate ? written : readme).toBe(written)
})

test('.env.example names every variable', () => {
  if (isUpdate) writeFileSync('.env.example', ENV_EXAMPLE)
  expect(readFileSync('.env.example', 'utf8')).toBe(ENV_EXAMPLE)
})
