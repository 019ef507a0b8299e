import { boxAt, type Element, type Fonts, textAt, widthOf } from './element.ts'
import { dollars, percent, period, signedDollars, signedPercent } from './figure-text.ts'
import type { Figures } from './figures.ts'
import { COLOURS, colourOf, MARGIN, PLAIN, SMALL, WIDTH } from './look.ts'
import type { ProfitPicture } from './profit-picture.ts'

const BADGE_Y = 56
const BADGE_HEIGHT = 48
const BADGE_PADDING = 20
const BADGE_GAP = 14
const RESULT_Y = 138
const RESULT_SIZE = 82
const RETURN_SIZE = 50
const SUMMARY_Y = 210

/** Whose money, when, what came of it. */
export function headerOf(picture: ProfitPicture, figures: Figures, fonts: Fonts): readonly Element[] {
  const { from, to, last, peak, deepest } = figures
  const summary = `Equity ${dollars(last)}  ·  peak ${dollars(peak)}  ·  deepest fall ${percent(deepest)}`
  return [
    ...badges(picture, fonts),
    textAt(WIDTH - MARGIN, BADGE_Y, period(from, to), { size: SMALL, colour: COLOURS.muted, align: 'right' }),
    ...resultOf(figures, fonts),
    fittedText(MARGIN, SUMMARY_Y, summary, WIDTH - 2 * MARGIN, fonts),
  ]
}

function badges({ account, isSimulated }: ProfitPicture, fonts: Fonts): readonly Element[] {
  const words = [account.toUpperCase(), ...(isSimulated ? ['SIMULATED MARKET'] : [])]
  let x = MARGIN
  return words.flatMap((word, index) => {
    // Real money is the one thing that must not be overlooked.
    const isLoud = index === 0 && account === 'live'
    const look = { size: SMALL, isBold: true, colour: isLoud ? COLOURS.ground : COLOURS.text }
    const width = widthOf(fonts, word, look) + 2 * BADGE_PADDING
    const box = { x, y: BADGE_Y - BADGE_HEIGHT / 2, width, height: BADGE_HEIGHT }
    const style = isLoud ? { fill: COLOURS.text } : { fill: COLOURS.line }
    x += width + BADGE_GAP
    return [boxAt(box, style, BADGE_HEIGHT / 2), textAt(box.x + BADGE_PADDING, BADGE_Y, word, look)]
  })
}

/** The sign, an arrow and the colour say the same, so that any one of them is enough. */
function resultOf({ result, returned }: Figures, fonts: Fonts): readonly Element[] {
  const colour = result === 0n ? COLOURS.text : colourOf(result)
  const arrow = result === 0n ? '' : result > 0n ? '▲ ' : '▼ '
  const share = returned === undefined ? '' : signedPercent(returned, 2)
  const amount = `${arrow}${signedDollars(result)}`
  const look = { size: RESULT_SIZE, isBold: true, colour }
  const gap = MARGIN
  const room = WIDTH - 2 * MARGIN - gap - widthOf(fonts, share, { size: RETURN_SIZE, isBold: true })
  const size = Math.min(RESULT_SIZE, (RESULT_SIZE * room) / widthOf(fonts, amount, look))
  const end = MARGIN + widthOf(fonts, amount, { ...look, size })
  return [
    textAt(MARGIN, RESULT_Y, amount, { ...look, size }),
    textAt(end + gap, RESULT_Y + (size - RETURN_SIZE) / 4, share, { size: RETURN_SIZE, isBold: true, colour }),
  ]
}

function fittedText(x: number, y: number, text: string, width: number, fonts: Fonts): Element {
  const size = Math.min(PLAIN, (PLAIN * width) / widthOf(fonts, text))
  return textAt(x, y, text, { size, colour: COLOURS.muted })
}
