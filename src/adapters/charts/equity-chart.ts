import { estimate } from '../../core/units/money.ts'
import { type Band, type Element, FAMILY, type Fonts, lineAt, textAt, widthOf } from './element.ts'
import { dayAndMonth, hourAndMinute, percent, tickLabels } from './figure-text.ts'
import { type Drawn, type Figures, thinned } from './figures.ts'
import { COLOURS, colourOf, MARGIN, SMALL, WIDTH } from './look.ts'
import { DAY_MS, roundUp, type Scale, scaleOf, timeTicks } from './ticks.ts'

/** Of two columns of the picture: what is finer than that is not seen. */
const PARTS = 500
const AXIS_GAP = 16
/** Half a label of the time axis stands out over its end. */
const RIGHT = 64
const TIME_TICKS_MAX = 8
/** Lines of the grid stand at least so far apart, and are no more than that. */
const STEP_HEIGHT = 48
const STEPS_MAX = 6
const HEADING = 50
const TIMES = 58
const PEAK_DASH = [9, 8]
const DRAWDOWN_HEIGHT = 80
/** A fall of less than this part is drawn as a small one. */
const DRAWDOWN_LEAST = 0.01
const FINE = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

type Plot = { readonly top: number; readonly height: number; readonly index: number }

/** Equity over time with the highest before it, and under it how far it stood below that, on one axis of time. */
export function equityChart(figures: Figures, band: Band, fonts: Fonts) {
  const { line, deepest } = figures
  const bottom = band.bottom - TIMES
  const under = { top: bottom - DRAWDOWN_HEIGHT, height: DRAWDOWN_HEIGHT, index: 1 }
  const over = { top: band.top + HEADING, height: under.top - HEADING - band.top - HEADING, index: 0 }
  const [lowest, highest] = extremesOf(line)
  const scale = scaleOf(lowest, highest, Math.min(STEPS_MAX, Math.floor(over.height / STEP_HEIGHT)))
  const fall = roundUp(Math.max(DRAWDOWN_LEAST, deepest), FINE)
  const dollars = tickLabels(scale)
  const labels = [...ticksOf(scale).map(dollars), percent(-fall)]
  const left = MARGIN + AXIS_GAP + Math.max(...labels.map(label => widthOf(fonts, label, { size: SMALL })))
  return {
    elements: headings(left, over, under, fonts),
    grid: [over, under].map(({ top, height }) => ({ left, right: RIGHT, top, height, containLabel: false })),
    xAxis: [timeAxis(figures, over, false), timeAxis(figures, under, true)],
    yAxis: [
      { ...axis(over), min: scale.low, max: scale.high, interval: scale.step, axisLabel: label(dollars) },
      { ...axis(under), min: -fall, max: 0, interval: fall, axisLabel: label(value => percent(value)) },
    ],
    series: [...equityLines(figures), drawdownArea(line)],
  }
}

function extremesOf(line: readonly Drawn[]): readonly [lowest: number, highest: number] {
  return line.reduce<readonly [number, number]>(
    ([lowest, highest], { equity }) => [Math.min(lowest, equity), Math.max(highest, equity)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
}

function ticksOf({ low, high, step }: Scale): readonly number[] {
  return Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step)
}

function headings(left: number, over: Plot, under: Plot, fonts: Fonts): readonly Element[] {
  const look = { size: SMALL, colour: COLOURS.muted }
  const key = 'peak so far'
  const y = over.top - HEADING / 2
  const keyEnd = WIDTH - RIGHT
  const keyStart = keyEnd - widthOf(fonts, key, look)
  return [
    textAt(left, y, 'Equity', { ...look, isBold: true }),
    lineAt(keyStart - 72, y, keyStart - 12, y, { stroke: COLOURS.muted, lineWidth: 3, lineDash: PEAK_DASH }),
    textAt(keyEnd, y, key, { ...look, align: 'right' }),
    textAt(left, under.top - HEADING / 2, 'Below the peak', { ...look, isBold: true }),
  ]
}

function axis({ index }: Plot) {
  const hidden = { show: false }
  const splitLine = { show: true, lineStyle: { color: COLOURS.line, width: 2 } }
  return { type: 'value', gridIndex: index, axisLine: hidden, axisTick: hidden, splitLine } as const
}

function label(formatter: (value: number) => string) {
  return { color: COLOURS.muted, fontSize: SMALL, fontFamily: FAMILY, margin: AXIS_GAP, formatter, hideOverlap: false }
}

function timeAxis({ from, to }: Figures, plot: Plot, isLabelled: boolean) {
  const { stepMs, at } = timeTicks(from, to, TIME_TICKS_MAX)
  const formatter = (value: number): string =>
    stepMs < DAY_MS && value % DAY_MS !== 0 ? hourAndMinute(value) : dayAndMonth(value)
  return {
    ...axis(plot),
    min: from,
    max: to,
    splitLine: { show: false },
    axisLabel: { ...label(formatter), show: isLabelled, customValues: [...at] },
  }
}

function equityLines({ line, first, result, to, last }: Figures) {
  const colour = result === 0n ? COLOURS.text : colourOf(result)
  const plain = { type: 'line', xAxisIndex: 0, yAxisIndex: 0, showSymbol: false, silent: true } as const
  const begun = estimate(first)
  return [
    {
      ...plain,
      data: thinned(line, point => point.peak, PARTS).map(({ at, peak }) => [at, peak]),
      lineStyle: { color: COLOURS.muted, width: 3, type: PEAK_DASH },
    },
    {
      ...plain,
      data: thinned(line, point => point.equity, PARTS).map(({ at, equity }) => [at, equity]),
      lineStyle: { color: colour, width: 5, cap: 'round' as const, join: 'round' as const },
      areaStyle: { color: colour, opacity: 0.16, origin: begun },
      markLine: {
        silent: true,
        z: 1,
        symbol: 'none',
        label: { show: false },
        lineStyle: { color: COLOURS.zero, width: 2, type: 'solid' as const },
        data: [{ yAxis: begun }],
      },
      markPoint: {
        silent: true,
        symbol: 'circle',
        symbolSize: 20,
        label: { show: false },
        itemStyle: { color: colour, borderColor: COLOURS.ground, borderWidth: 4 },
        data: [{ name: 'now', coord: [to, estimate(last)] }],
      },
    },
  ]
}

function drawdownArea(line: readonly Drawn[]) {
  return {
    type: 'line' as const,
    xAxisIndex: 1,
    yAxisIndex: 1,
    showSymbol: false,
    silent: true,
    data: thinned(line, point => point.drawdown, PARTS).map(({ at, drawdown }) => [at, -drawdown]),
    lineStyle: { color: COLOURS.loss, width: 3 },
    areaStyle: { color: COLOURS.loss, opacity: 0.35, origin: 0 },
  }
}
