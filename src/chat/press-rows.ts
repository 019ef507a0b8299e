import type { Press } from './reply.ts'

/**
 * Presses in the rows in which a surface draws them. One that stands below begins a row, so that a yes and a no are never side by
 * side. The same press twice is one. What finds no room in the rows is left out: everything that can be pressed can be typed.
 */
export function pressRows(
  presses: readonly Press[],
  most: { readonly rows: number; readonly inRow: number },
): readonly (readonly Press[])[] {
  const rows: Press[][] = []
  const seen = new Set<string>()
  for (const given of presses) {
    // No surface draws a button without a label.
    const press = given.label === '' ? { ...given, label: given.line } : given
    const what = `${press.asks === undefined ? 'line' : 'form'} ${press.line}`
    if (seen.has(what)) continue
    seen.add(what)
    const row = rows.at(-1)
    if (row === undefined || press.isBelow || row.length >= most.inRow) rows.push([press])
    else row.push(press)
  }
  return rows.slice(0, most.rows)
}
