import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Fonts } from './element.ts'
import { readFont } from './font.ts'

/** The two weights of Inter that the pictures use, so that they look the same on every machine. */
export const REGULAR_FILE = fileOf('400Regular/Inter_400Regular.ttf')
export const BOLD_FILE = fileOf('600SemiBold/Inter_600SemiBold.ttf')

export function interFonts(): Fonts {
  return { regular: readFont(readFileSync(REGULAR_FILE)), bold: readFont(readFileSync(BOLD_FILE)) }
}

function fileOf(name: string): string {
  return fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${name}`))
}
