import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

/** The rules of the architecture that no linter knows. The tables of the README are compared in `readme.test.ts`. */

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(path => path.endsWith('.ts') && !path.includes(join('src', 'generated')))
}

const SOURCES = filesIn('src')
const CORE = SOURCES.filter(path => path.startsWith(join('src', 'core')))
const NAMED = [...SOURCES, ...filesIn('commands'), ...filesIn('test')]

/** What would bring time, chance or the world into a decision. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'Date',
  'Intl',
  'crypto',
  'process',
  'fetch',
  'console',
  'require',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'globalThis',
  'WebSocket',
])
/** What of `Math` gives the same last digit on every engine: square roots are rounded exactly, by IEEE 754. */
const EXACT: ReadonlySet<string> = new Set([
  'abs',
  'ceil',
  'floor',
  'imul',
  'max',
  'min',
  'round',
  'sign',
  'sqrt',
  'trunc',
])

/** What in a piece of program a decision may not use. Words in texts, comments, types and names of properties are none of it. */
function impurities(text: string): readonly string[] {
  const found: string[] = []
  const look = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) {
      const path = `${node.expression.getText()}.${node.name.text}`
      const isInexact = node.expression.getText() === 'Math' && !EXACT.has(node.name.text)
      if (isInexact || path === 'performance.now') found.push(path)
      look(node.expression)
      return
    }
    if (ts.isIdentifier(node) && FORBIDDEN.has(node.text) && !isNameOfProperty(node)) found.push(node.text)
    if (ts.isAwaitExpression(node)) found.push('await')
    if (node.kind === ts.SyntaxKind.AsyncKeyword) found.push('async')
    if (node.kind === ts.SyntaxKind.ImportKeyword) found.push('import()')
    const isPower =
      node.kind === ts.SyntaxKind.AsteriskAsteriskToken || node.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken
    if (isPower) found.push('**')
    if (ts.isElementAccessExpression(node) && node.expression.getText() === 'Math') found.push('Math[]')
    ts.forEachChild(node, look)
  }
  look(ts.createSourceFile('some.ts', text, ts.ScriptTarget.ES2023, true))
  return found
}

function isNameOfProperty(node: ts.Identifier): boolean {
  const { parent } = node
  return (ts.isPropertySignature(parent) || ts.isPropertyAssignment(parent)) && parent.name === node
}

describe('core decides without time, chance or the world', () => {
  test.each(CORE)('%s', path => {
    expect(impurities(readFileSync(path, 'utf8'))).toEqual([])
  })

  test('and no decision draws from the seeded source, which is for those around it', () => {
    const drawing = CORE.filter(path => /from '.*\/seeded\.ts'/.test(readFileSync(path, 'utf8')))
    expect(drawing).toEqual([])
  })

  test.each([
    ['const at = Date.now()', 'Date'],
    ['const at = new Date(0)', 'Date'],
    ['const luck = Math.random()', 'Math.random'],
    ['const odds = Math.exp(1)', 'Math.exp'],
    ['const odds = Math.log(2)', 'Math.log'],
    ["const odds = Math['pow'](2, 3)", 'Math[]'],
    ['const much = 2 ** 3', '**'],
    ['let much = 2; much **= 3', '**'],
    ['const at = performance.now()', 'performance.now'],
    ['async function go() { await go() }', 'await'],
    ["const other = import('x')", 'import()'],
    ["const path = process.env['HOME']", 'process'],
    ['fetch(url)', 'fetch'],
    ['setTimeout(go, 1)', 'setTimeout'],
    ['console.log(1)', 'console'],
  ])('the rule sees %j', (text, found) => {
    expect(impurities(text)).toContain(found)
  })

  test.each([
    "const why = 'the process ended; fetch the Date'",
    '// await Date.now() ** 2',
    '/** console.log */',
    'const most = Math.max(1, Math.floor(2.5))',
    'const equity = performance.dayOpen',
    'type Entry = { readonly process: string }',
  ])('the rule passes %j', text => {
    expect(impurities(text)).toEqual([])
  })
})

describe('files', () => {
  test('are named in kebab-case, for the one thing that they hold', () => {
    const odd = NAMED.filter(path => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.ts$/.test(basename(path)))
    expect(odd).toEqual([])
  })

  test('are not named for what says nothing', () => {
    const empty = /^(?:utils?|helpers?|common|misc|manager|final|new|v2|fixed)$/
    const vague = NAMED.filter(path =>
      basename(path)
        .replace(/(?:\.test)?\.ts$/, '')
        .split('-')
        .some(word => empty.test(word)),
    )
    expect(vague).toEqual([])
  })

  test('in src have at most 400 lines', () => {
    const long = SOURCES.filter(path => readFileSync(path, 'utf8').split('\n').length - 1 > 400)
    expect(long).toEqual([])
  })

  test('are found at all', () => {
    expect(CORE.length).toBeGreaterThan(30)
    expect(SOURCES.length).toBeGreaterThan(CORE.length)
  })
})
