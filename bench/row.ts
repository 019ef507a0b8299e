/** One measured figure, as the table shows it. Without a target it only informs. */
export type Row = {
  readonly what: string
  readonly figure: string
  /** The lowest and highest of the rounds, or what else says how far to trust the figure. */
  readonly spread: string
  readonly target?: string
  readonly isMet?: boolean
}

/** Measures one thing. `args` is what follows its name on the command line. */
export type Part = (args: readonly string[]) => Promise<readonly Row[]>

/** A figure that is held to a target. */
export function held(what: string, figure: string, spread: string, target: string, isMet: boolean): Row {
  return { what, figure, spread, target, isMet }
}

export function table(rows: readonly Row[]): string {
  const lines = [['what', 'figure', 'spread', 'target', 'verdict'], ...rows.map(cells)]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0))) ?? []
  const text = lines.map(line =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const rule = widths.map(width => '-'.repeat(width)).join('  ')
  return [text[0], rule, ...text.slice(1)].join('\n')
}

function cells({ what, figure, spread, target, isMet }: Row): readonly string[] {
  return [what, figure, spread, target ?? '', isMet === undefined ? '' : isMet ? 'met' : 'MISSED']
}
