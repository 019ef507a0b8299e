import { estimate } from '../../core/units/money.ts'
import { type Band, type Element, type Fonts, lineAt, textAt, widthOf } from './element.ts'
import { signedDollars } from './figure-text.ts'
import { COLOURS, colourOf, MARGIN, PLAIN, SMALL, WIDTH } from './look.ts'
import { fitted } from './name-text.ts'
import type { WhaleBar } from './profit-picture.ts'

/** Three of the best and three of the worst: more rows would need smaller letters. */
const ROWS = 6
const HEADING = 52
const ROW_HEIGHT = 43
const BAR_HEIGHT = 26
const NAME_WIDTH = 330
const GAP = 24
/** The shortest bar that is still seen, as a part of the longest. */
const BAR_LEAST = 0.006

export function ranked(whales: readonly WhaleBar[]): readonly WhaleBar[] {
  return [...whales].sort((one, other) => (one.profit === other.profit ? 0 : one.profit > other.profit ? -1 : 1))
}

/** The best and the worst, the best first. */
export function shownOf(whales: readonly WhaleBar[]): readonly WhaleBar[] {
  const inOrder = ranked(whales)
  const half = ROWS / 2
  return inOrder.length <= ROWS ? inOrder : [...inOrder.slice(0, half), ...inOrder.slice(-half)]
}

/** How much height the bars of so many whales take, with their heading. */
export function whaleHeight(whales: readonly WhaleBar[]): number {
  const rows = Math.min(ROWS, whales.length)
  return rows === 0 ? 0 : HEADING + rows * ROW_HEIGHT
}

/** What came of each whale: a bar to the right for a gain, to the left for a loss, and the dollars at the end of the row. */
export function whaleChart(whales: readonly WhaleBar[], band: Band, fonts: Fonts) {
  const shown = shownOf(whales)
  const top = band.top + HEADING
  const values = shown.map(({ profit }) => estimate(profit))
  const texts = shown.map(({ profit }) => signedDollars(profit))
  const size = PLAIN
  const valueWidth = Math.max(...texts.map(text => widthOf(fonts, text, { size, isBold: true })))
  const left = MARGIN + NAME_WIDTH + GAP
  const right = MARGIN + valueWidth + GAP
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const longest = Math.max(high, -low) || 1
  const zero = left + ((WIDTH - left - right) * -low) / (high - low || 1)
  return {
    elements: [
      ...headingOf(whales, shown, band.top + HEADING / 2),
      lineAt(zero, top, zero, band.bottom, { stroke: COLOURS.zero, lineWidth: 2 }),
      ...shown.flatMap(({ name, profit }, row) => {
        const y = top + (row + 0.5) * ROW_HEIGHT
        const colour = profit === 0n ? COLOURS.muted : colourOf(profit)
        return [
          textAt(MARGIN, y, fitted(name, fonts.regular, NAME_WIDTH / size), { size }),
          textAt(WIDTH - MARGIN, y, texts[row] ?? '', { size, colour, isBold: true, align: 'right' }),
        ]
      }),
    ],
    grid: { left, right, top, height: shown.length * ROW_HEIGHT, containLabel: false },
    xAxis: { type: 'value' as const, show: false, gridIndex: 2, min: low, max: high === low ? low + 1 : high },
    yAxis: { type: 'category' as const, show: false, gridIndex: 2, inverse: true, data: shown.map((_, row) => row) },
    series: {
      type: 'bar' as const,
      xAxisIndex: 2,
      yAxisIndex: 2,
      silent: true,
      barWidth: BAR_HEIGHT,
      data: values.map(value => ({
        value: seen(value, longest),
        itemStyle: { color: colourOf(value), borderRadius: value < 0 ? [6, 0, 0, 6] : [0, 6, 6, 0] },
      })),
    },
  }
}

function headingOf(whales: readonly WhaleBar[], shown: readonly WhaleBar[], y: number): readonly Element[] {
  const look = { size: SMALL, colour: COLOURS.muted }
  const half = ROWS / 2
  const cut = `best ${half} and worst ${half} of ${whales.length}`
  const heading = textAt(MARGIN, y, 'Final profit by whale since the start', { ...look, isBold: true })
  return shown.length === whales.length
    ? [heading]
    : [heading, textAt(WIDTH - MARGIN, y, cut, { ...look, align: 'right' })]
}

function seen(value: number, longest: number): number {
  const least = longest * BAR_LEAST
  return value === 0 || Math.abs(value) >= least ? value : Math.sign(value) * least
}
