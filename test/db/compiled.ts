import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'

const ROOT = resolve(import.meta.dirname, '../..')
const FOLDERS = ['src/core', 'src/ports', 'src/adapters/prisma', 'src/generated/prisma', 'test/db/entries.ts']

/** The sources as a process of its own can run them, in a folder that is the caller's to remove: what is built may be of yesterday. */
export function compiled(): string {
  const target = mkdtempSync(join(tmpdir(), 'remora-compiled-'))
  for (const folder of FOLDERS) compileTree(folder, target)
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }')
  cpSync(join(ROOT, 'prisma'), join(target, 'prisma'), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'))
  return target
}

function compileTree(path: string, target: string): void {
  if (!path.endsWith('.ts')) {
    for (const name of readdirSync(join(ROOT, path))) compileTree(join(path, name), target)
    return
  }
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2023,
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
  }
  const { outputText } = ts.transpileModule(readFileSync(join(ROOT, path), 'utf8'), { compilerOptions })
  const file = join(target, path.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, outputText)
}
