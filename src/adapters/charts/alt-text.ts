import { dollars, percent, period, signedDollars, signedPercent } from './figure-text.ts'
import { figuresOf } from './figures.ts'
import { MINUS } from './look.ts'
import { oneLine } from './name-text.ts'
import type { ProfitPicture, WhaleBar } from './profit-picture.ts'
import { ranked } from './whale-chart.ts'

const NAME_LETTERS = 40

/**
 * What the picture shows, in one or two sentences for those who cannot see it; `undefined` where there is no picture. Here a minus
 * is the hyphen that the rest of a message has.
 */
export function altText(picture: ProfitPicture): string | undefined {
  const figures = figuresOf(picture.points)
  if (figures === undefined) return undefined
  const { from, to, first, last, result, returned, peak, deepest } = figures
  const place = `${picture.account.toUpperCase()}${picture.isSimulated ? ' on a simulated market' : ''}`
  const share = returned === undefined ? '' : `, ${signedPercent(returned, 2)}`
  const line =
    `${place}, ${period(from, to)}: equity went from ${dollars(first)} to ${dollars(last)} ` +
    `(${signedDollars(result)}${share}), its peak was ${dollars(peak)} and its deepest fall ${percent(deepest)}.`
  return `${line}${whaleText(picture.whales)}`.replaceAll(MINUS, '-')
}

function whaleText(whales: readonly WhaleBar[]): string {
  const inOrder = ranked(whales)
  const [best, worst] = [inOrder[0], inOrder.at(-1)]
  if (best === undefined || worst === undefined) return ''
  if (best === worst) return ` One whale, ${told(best)}.`
  return ` Of ${whales.length} whales the best is ${told(best)}, the worst ${told(worst)}.`
}

function told({ name, profit }: WhaleBar): string {
  const letters = [...oneLine(name)]
  const shown = letters.length > NAME_LETTERS ? `${letters.slice(0, NAME_LETTERS - 1).join('')}…` : letters.join('')
  return `${shown === '' ? 'one without a name' : shown} with ${signedDollars(profit)}`
}
